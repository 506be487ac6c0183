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

const settings = async (id = server.site.id) => (await server.services.store.sites()).find((site) => site.id === id)?.settings;

test("settings show what is set, and saving one changes only that one", async () => {
  const before = await settings();
  const { page, complaints, close } = await server.open(browser, { path: `/panel#/sites/${server.site.id}/settings` });
  const words = page.getByLabel("Words to hold");
  await words.waitFor();
  expect(await words.inputValue()).toBe("wait");
  const held = page.getByRole("region", { name: "What waits" });
  expect(await held.getByRole("textbox").count()).toBe(2);
  const fields = await page.locator(".settings .field").count();
  expect(await page.locator(".settings section .field").count()).toBe(fields);
  // The key of the site's own users is set elsewhere.
  expect(fields).toBe(Object.keys(before!).filter((name) => name !== "sso").length);
  await page.getByLabel("Hold everything").check();
  await words.fill("wait\n*tomorrow*\n");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  expect(await settings()).toEqual({ ...before, holdAll: true, holdWords: ["wait", "*tomorrow*"] });

  await page.getByLabel("Levels of replies").fill("99");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("look at the marked fields").waitFor();
  expect((await settings())?.maxDepth).toBe(before?.maxDepth);
  await page.getByLabel("Hold everything").uncheck();
  await page.getByLabel("Levels of replies").fill("4");
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(async () => (await settings())?.maxDepth).toBe(4);
  expect(complaints.filter((line) => !line.includes("422"))).toEqual([]);
  await close();
});

test("a site is added, its snippet copied, its name changed, and it is deleted after asking", async () => {
  const { page, complaints, close } = await server.open(browser, {
    path: "/panel#/sites",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await page.getByLabel("Name").fill("Garden");
  await page.getByLabel("Addresses").fill("garden.example\nhttps://www.garden.example");
  await page.getByRole("button", { name: "Add a site" }).click();
  await page.getByText("was not seen on this site yet").waitFor();
  await page.getByRole("button", { name: "Copy: One tag", exact: true }).click();
  await page.getByText("Copied.").waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`<script async src="${server.url}/embed.js"></script>`);
  await page.getByRole("button", { name: "Copy: One tag that never changes" }).click();
  const fixed = await page.evaluate(() => navigator.clipboard.readText());
  const [, file = "", integrity = ""] = /src="([^"]+)" integrity="(sha384-[^"]+)"/.exec(fixed) ?? [];
  const { subtle } = globalThis.crypto;
  const hash = await subtle.digest("SHA-384", await (await fetch(file)).arrayBuffer());
  expect(integrity).toBe(`sha384-${Buffer.from(hash).toString("base64")}`);

  await page.getByLabel("Name", { exact: true }).fill("Kitchen garden");
  await page.getByLabel("Other names").fill("old.example = garden.example");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "Kitchen garden" }).waitFor();
  const added = (await server.services.store.sites()).find(({ name }) => name === "Kitchen garden");
  expect(added).toMatchObject({
    origins: ["https://garden.example", "https://www.garden.example"],
    aliases: { "old.example": "garden.example" },
  });

  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download all comments" }).click()]);
  expect(download.suggestedFilename()).toBe(`youfigure-site-${added?.id}.jsonl`);
  await page.getByRole("button", { name: "Delete this site" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete this site" }).click();
  await page.getByRole("link", { name: "A blog" }).waitFor();
  expect(await server.services.store.sites()).toHaveLength(1);
  expect(complaints).toEqual([]);
  await close();
});

test("a page is closed, reopened and renamed, and its comments are one link away", async () => {
  await server.say("On ink.", { page: "ink" });
  await server.say("On glue.", { page: "glue" });
  const { page, complaints, close } = await server.open(browser, { path: `/panel#/sites/${server.site.id}/pages` });
  const ink = page.locator(".pages li").filter({ hasText: "/ink" });
  await ink.getByRole("button", { name: "Close comments" }).click();
  await ink.getByRole("button", { name: "Reopen comments" }).waitFor();
  await expect(server.say("Too late.", { page: "ink" })).rejects.toThrow("403");
  await ink.getByRole("button", { name: "Reopen comments" }).click();
  await ink.getByRole("button", { name: "Close comments" }).waitFor();
  await server.say("In time.", { page: "ink" });
  await ink.getByRole("button", { name: "Rename" }).click();
  await ink.getByLabel("Title").fill("Ink, again");
  await ink.getByRole("button", { name: "Save" }).click();
  await ink.getByRole("link", { name: "Ink, again" }).waitFor();
  await ink.getByRole("link", { name: "comment" }).click();
  await page.getByText("In time.").waitFor();
  expect(await page.locator(".row").count()).toBe(2);
  await page.getByRole("link", { name: "Show all pages" }).click();
  await page.getByText("On glue.").waitFor();
  expect(complaints).toEqual([]);
  await close();
});

test("the owner's own things change where they stand", async () => {
  const { page, complaints, close } = await server.open(browser, { path: "/panel#/you" });
  await page.getByLabel("Role").fill("Author");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  await page.getByLabel("New passphrase").fill("short");
  await page.getByRole("button", { name: "Change passphrase" }).click();
  await page.getByText("This is too short.").waitFor();
  expect((await server.services.store.owners())[0]).toMatchObject({ name: "Olga", role: "Author" });
  await page.getByLabel("Language").selectOption("de");
  await page.getByRole("heading", { name: "Passkeys" }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("de");
  await page.reload();
  await page.getByRole("heading", { name: "Ihr Name und Ihre Rolle" }).waitFor();
  await page.getByLabel("Sprache").selectOption("ar");
  await expect.poll(() => page.evaluate(() => document.documentElement.dir)).toBe("rtl");
  expect(complaints.filter((line) => !line.includes("422"))).toEqual([]);
  await close();
});
