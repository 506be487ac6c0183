import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Blog, launch, openBlog, plainPage, visit } from "./browser.ts";

let browser: Browser;
let blog: Blog;
beforeAll(async () => {
  [browser, blog] = await Promise.all([launch(), openBlog()]);
});
afterAll(async () => {
  await browser.close();
  await blog.close();
});

test("Ctrl+Enter posts from any field; a deletion that was asked for and then left alone is asked for again", async () => {
  const { page, context } = await visit(browser, blog.page("/own", plainPage()));
  await page.getByRole("textbox", { name: "Write a comment" }).fill("Perhaps.");
  await page.getByRole("textbox", { name: "Email" }).fill("ada@reader.example");
  await page.getByRole("textbox", { name: "Name (required)" }).fill("Ada");
  await page.keyboard.press("Control+Enter");
  await page.locator("you-figure .marked", { hasText: "Perhaps." }).waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Really delete?" }).waitFor();
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Delete" }).waitFor();
  expect(await page.locator("you-figure article").count()).toBe(1);
  await context.close();
});
