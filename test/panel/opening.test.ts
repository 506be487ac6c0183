import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../e2e/browser.ts";
import { panelServer, type PanelServer } from "./panel-browser.ts";

let server: PanelServer;
let browser: Browser;
beforeAll(async () => {
  server = await panelServer();
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

test("nothing is called empty before the server has answered", async () => {
  await server.say("Please wait for me.");
  const { page, close } = await server.open(browser, { path: "/panel#/you" });
  await page.getByRole("heading", { name: "You", exact: true }).waitFor();
  // Every text that the page says from now on.
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(globalThis, { said });
    new MutationObserver(() => said.push(document.querySelector("main")?.textContent ?? "")).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  await page.getByRole("banner").getByRole("link", { name: "Comments" }).click();
  await page.getByText("Please wait for me.").waitFor();
  const said = await page.evaluate(() => (globalThis as unknown as { said: string[] }).said.join("\n"));
  expect(said).toContain("Please wait for me.");
  expect(said).not.toContain("Nothing waits.");
  expect(said).not.toContain("0 comments shown");
  await close();
});

test("a box that opens at the lower edge comes into sight with its buttons", async () => {
  await server.clear();
  for (let n = 0; n < 12; n++) await server.say(`Please wait, ${n}.`);
  const { page, close } = await server.open(browser, { viewport: { width: 1000, height: 500 } });
  await page.locator(".row").nth(11).waitFor();
  for (let n = 0; n < 7; n++) await page.keyboard.press("j");
  await page.keyboard.press("r");
  const send = page.getByRole("button", { name: "Approve and Reply" });
  await send.waitFor();
  expect(await send.evaluate((button) => button.getBoundingClientRect().bottom <= innerHeight)).toBe(true);
  await close();
});
