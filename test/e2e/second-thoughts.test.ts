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

test("where the browser can't size a field by its text, the box still grows with it and is small again after posting", async () => {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const supports = CSS.supports.bind(CSS);
    CSS.supports = (...args: [string, string?]) => args[0] !== "field-sizing" && supports(...(args as [string, string]));
  });
  await page.goto(blog.page("/grown", plainPage()));
  const text = page.getByRole("textbox", { name: "Write a comment" });
  const height = () => text.evaluate((field) => field.clientHeight);
  await text.waitFor();
  const closed = await height();
  await text.fill("line\n".repeat(12));
  await page.locator("you-figure .submit").waitFor();
  expect(await height()).toBeGreaterThan(250);
  await page.getByRole("textbox", { name: "Email" }).fill("ada@reader.example");
  await page.getByRole("textbox", { name: "Name (required)" }).fill("Ada");
  await page.getByRole("button", { name: "Post Comment" }).click();
  await page.locator("you-figure .marked", { hasText: "line" }).waitFor();
  expect(await height()).toBe(closed);
  await context.close();
});
