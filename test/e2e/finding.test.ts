import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Blog, launch, openBlog, plainPage, visit } from "./browser.ts";

let browser: Browser;
let blog: Blog;
beforeAll(async () => {
  [browser, blog] = await Promise.all([launch(), openBlog({ holdWords: ["hush"] })]);
});
afterAll(async () => {
  await browser.close();
  await blog.close();
});

const focused = (page: Page) => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent ?? "");
/** Far above the comments. */
const LONG = "<p>More words.</p>".repeat(60);
const NOWHERE = "01900000-0000-7000-8000-000000000000";

test("a link to a comment that is not here, or not yet, leads to the discussion and says so", async () => {
  const url = blog.page("/gone", plainPage({ body: LONG }));
  const held = await blog.say("/gone", { body: "Not yet, hush.", name: "Nadja" });
  for (const id of [NOWHERE, held]) {
    const { page, context } = await visit(browser, `${url}#comment-${id}`);
    await page.getByRole("status").filter({ hasText: "no longer here" }).waitFor();
    await page.waitForFunction(() => {
      const { top, bottom } = document.querySelector("you-figure")!.getBoundingClientRect();
      return top < innerHeight && bottom > 0;
    });
    expect(await page.getByText("hush").count()).toBe(0);
    await context.close();
  }
});

test("the link to one's own held comment finds it after a reload, too", async () => {
  const url = blog.page("/mine", plainPage({ body: LONG }));
  const { page, context } = await visit(browser, url);
  await page.locator("you-figure").scrollIntoViewIfNeeded();
  await page.getByRole("textbox", { name: "Write a comment" }).fill("Hush, wait for me.");
  await page.getByRole("textbox", { name: "Email" }).fill("ada@reader.example");
  await page.getByRole("textbox", { name: "Name (required)" }).fill("Ada");
  await page.getByRole("button", { name: "Post Comment" }).click();
  const mine = page.locator("you-figure .marked", { hasText: "Hush, wait for me." });
  await mine.waitFor();
  await mine.locator(".when").click();
  await page.reload();
  await mine.waitFor();
  await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.textContent?.includes("Hush, wait for me."));
  expect(await page.getByRole("status").textContent()).toBe("");
  await context.close();
});

test.each([
  { button: "Show more", under: false, comments: 52, next: "Thought 50." },
  { button: "more replies", under: true, comments: 204, next: "Thought 200." },
])("what “$button” brought takes the focus, since the button goes", async ({ button, under, comments, next }) => {
  const path = `/more-${under}`;
  const url = blog.page(path, plainPage());
  const first = await blog.say(path, { body: "Thought 0." });
  for (let n = 1; n < comments; n++) await blog.say(path, { body: `Thought ${n}.`, parent: under ? first : null });
  const { page, context } = await visit(browser, url);
  await page.getByRole("button", { name: button }).focus();
  await page.keyboard.press("Enter");
  await page.locator("you-figure article", { hasText: `Thought ${comments - 1}.` }).waitFor();
  await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.localName === "article");
  expect(await focused(page)).toContain(next);
  await context.close();
});
