import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import * as v from "valibot";
import { PanelEvent } from "../../server/wire/live.ts";
import { launch } from "../e2e/browser.ts";
import { until } from "../live/live-server.ts";
import { type PanelServer, panelServer } from "./panel-browser.ts";

let browser: Browser;
let server: PanelServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), panelServer()]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});
beforeEach(() => server.clear());

const row = (page: Page, words: string) => page.locator(".row", { hasText: words });
const streams = () => server.services.live.size().listeners;

test("the stream of the panel is for the signed-in owner alone, and tells how many comments there are", async () => {
  const url = `${server.url}/api/v1/panel/live`;
  expect((await fetch(url)).status).toBe(401);
  const { page, close } = await server.open(browser);
  await until(() => streams() > 0);
  const first = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const source = new EventSource("/api/v1/panel/live");
        source.addEventListener("message", ({ data }) => {
          source.close();
          resolve(data as string);
        });
      }),
  );
  expect(v.parse(PanelEvent, JSON.parse(first))).toEqual({ counts: { held: 0, approved: 0, spam: 0, trash: 0 } });
  await close();
  await until(() => streams() === 0);
});

test("a comment that comes in stands in the open queue, and one that was dealt with elsewhere leaves it, counts too", async () => {
  await server.say("An earlier one.");
  const { page, complaints, close } = await server.open(browser, { path: "/panel#/held" });
  await page.getByText("Nothing waits.").waitFor();
  const id = await server.say("Please wait for me.");
  await row(page, "Please wait for me.").waitFor();
  await page.getByRole("link", { name: "Pending 1" }).waitFor();
  await server.services.store.setStatus([{ site: server.site.id, id }], "approved", null, {
    id: server.services.newId(),
    at: 0,
    by: "another",
    action: "status",
  });
  await page.getByText("Nothing waits.").waitFor();
  await page.getByRole("link", { name: "Approved 2" }).waitFor();
  expect(complaints).toEqual([]);
  await close();
});

test("the row that is worked on does not move: what comes above it waits behind a button", async () => {
  for (const words of ["The first.", "The second."]) await server.say(words);
  const { page, close } = await server.open(browser, { path: "/panel#/all" });
  await row(page, "The second.").waitFor();
  const stands = await row(page, "The second.").boundingBox();
  await server.say("The third.");
  await page.getByRole("button", { name: "One new comment" }).waitFor();
  await page.getByText("Approved 3").waitFor();
  expect(await row(page, "The third.").count()).toBe(0);
  expect(await row(page, "The second.").boundingBox()).toEqual(stands);
  await page.getByRole("button", { name: "One new comment" }).click();
  await row(page, "The third.").waitFor();
  expect(await page.locator(".row.is-current").innerText()).toContain("The third.");
  expect(await page.getByRole("button", { name: "One new comment" }).count()).toBe(0);
  await close();
});

test("what is selected is not taken away, and what happened meanwhile shows once the selection is done", async () => {
  await server.say("The first.");
  const { page, close } = await server.open(browser, { path: "/panel#/all" });
  await row(page, "The first.").getByRole("checkbox").check();
  const other = await server.open(browser, { path: "/panel#/all" });
  await row(other.page, "The first.").waitFor();
  await server.say("The second.");
  await other.page.getByRole("button", { name: "One new comment" }).waitFor();
  expect(await page.getByRole("button", { name: "One new comment" }).count()).toBe(0);
  await row(page, "The first.").getByRole("checkbox").uncheck();
  await page.getByRole("button", { name: "One new comment" }).waitFor();
  await close();
  await other.close();
});
