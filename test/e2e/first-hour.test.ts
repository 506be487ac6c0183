import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { enter } from "../panel/panel-browser.ts";
import { type Blog, launch, openBlog, plainPage, visit, buildWithPanel } from "./browser.ts";

let browser: Browser;
let blog: Blog;
beforeAll(async () => {
  [browser, blog] = await Promise.all([launch(), openBlog({ holdAll: true }, buildWithPanel)]);
});
afterAll(async () => {
  await browser.close();
  await blog.close();
});

test("a reader reads and answers, the owner approves in the panel, and everyone reads the answer", async () => {
  const url = blog.page("/post", plainPage());
  const parent = await blog.say("/post", { body: "I figure it holds." });
  const log = { id: blog.services.newId(), at: blog.services.now(), by: "test", action: "status" } as const;
  await blog.services.store.setStatus([{ site: blog.site.id, id: parent }], "approved", null, log);

  const reader = await visit(browser, url);
  await reader.page.locator("you-figure article", { hasText: "I figure it holds." }).waitFor();
  await reader.page.locator("you-figure textarea").fill("For how long?");
  await reader.page.getByRole("textbox", { name: "Email" }).fill("ada@reader.example");
  await reader.page.getByRole("textbox", { name: "Name (required)" }).fill("Ada");
  await reader.page.getByRole("button", { name: "Post Comment" }).click();
  await reader.page.locator("you-figure article", { hasText: "For how long?" }).getByText("awaiting moderation").waitFor();

  const owner = await browser.newContext({ locale: "en-GB" });
  await enter(owner, blog.services);
  const panel = await owner.newPage();
  await panel.goto(`${blog.services.config.publicUrl}/panel`);
  await panel.locator("article", { hasText: "For how long?" }).getByRole("button", { name: "Approve" }).click();
  await expect.poll(async () => (await blog.services.store.queueCounts()).held).toBe(0);

  const other = await visit(browser, url);
  await other.page.locator("you-figure article", { hasText: "For how long?" }).waitFor();
  expect([...reader.complaints, ...other.complaints]).toEqual([]);
  await Promise.all([reader.context.close(), owner.close(), other.context.close()]);
});
