import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Blog, launch, openBlog, plainPage, visit } from "./browser.ts";

let browser: Browser;
let blog: Blog;
beforeAll(async () => {
  [browser, blog] = await Promise.all([
    launch(),
    openBlog({ holdAll: true, rules: "Be **kind**.", privacyUrl: "https://blog.example/privacy", details: "name_only", minAge: 1 }),
  ]);
});
afterAll(async () => {
  await browser.close();
  await blog.close();
});

test("a held comment is seen by its author alone, marked, also after a reload; the house's rules stand at the box", async () => {
  const url = blog.page("/held", plainPage());
  const { page, context } = await visit(browser, url);
  await page.locator("you-figure textarea").focus();
  await page.getByText("House rules").click();
  await page.locator("you-figure .rules strong", { hasText: "kind" }).waitFor();
  expect(await page.getByRole("link", { name: "Privacy" }).getAttribute("href")).toBe("https://blog.example/privacy");
  expect(await page.getByRole("textbox", { name: "Email" }).count()).toBe(0);
  await page.locator("you-figure textarea").fill("Please wait for me.");
  await page.getByRole("textbox", { name: "Name" }).fill("Ada");
  await page.getByRole("button", { name: "Post Comment" }).click();
  const mine = page.locator("you-figure article", { hasText: "Please wait for me." });
  await mine.getByText("awaiting moderation").waitFor();
  expect(await page.getByRole("status").innerText()).toContain("awaits moderation");
  expect(await mine.getByRole("button", { name: "Reply" }).count()).toBe(0);
  await page.reload();
  await mine.getByText("awaiting moderation").waitFor();
  const other = await visit(browser, url);
  await other.page.getByRole("heading", { name: "No responses yet" }).waitFor();
  expect(await other.page.getByText("Please wait for me.").count()).toBe(0);
  await other.context.close();
  await context.close();
});
