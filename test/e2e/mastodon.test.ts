import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MastodonAt, openMastodon } from "../auth/mastodon.ts";
import { expectAccessible } from "./axe.ts";
import { type Blog, launch, NO_THIRD_PARTY_COOKIES, openBlog, plainPage, visit } from "./browser.ts";
import { write } from "./signing-in.ts";

let browser: Browser;
let home: MastodonAt;
let blog: Blog;
beforeAll(async () => {
  home = await openMastodon();
  [browser, blog] = await Promise.all([
    launch(NO_THIRD_PARTY_COOKIES),
    openBlog({}, undefined, { MASTODON: "on", OUTBOUND_ALLOW: home.place }),
  ]);
});
afterAll(async () => {
  await browser.close();
  await blog.close();
  await home.close();
});

const openWindow = async (page: Page): Promise<Page> => {
  const [popup] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: "Mastodon" }).click()]);
  await popup.getByRole("heading", { name: "Sign in with Mastodon" }).waitFor();
  return popup;
};
const field = (window: Page) => window.getByRole("textbox", { name: "Your Mastodon server or handle" });
const signedIn = (page: Page) => page.getByText("You are commenting using your Mastodon account.").waitFor();

test("with Mastodon: the window asks for the server, by keyboard alone, and the comment carries the name from there", async () => {
  const { page, context, complaints } = await visit(browser, blog.page("/mastodon", plainPage()));
  await write(page, "From my own server.");
  const window = await openWindow(page);
  await expectAccessible(window);
  await field(window).waitFor();
  expect(await window.evaluate(() => document.activeElement?.id)).toBe("said");

  await window.keyboard.type("nobody");
  await window.keyboard.press("Enter");
  await window.getByRole("alert").filter({ hasText: "Nobody could be reached there." }).waitFor();
  expect(await field(window).inputValue()).toBe("nobody");
  await expectAccessible(window);

  await field(window).fill(home.url);
  await window.keyboard.press("Enter");
  await window.getByRole("heading", { name: "Authorization required" }).waitFor();
  expect(new URL(window.url()).origin).toBe(home.url);
  await window.getByRole("button", { name: "Authorize" }).click();
  await window.getByRole("heading", { name: "Continue as Anna Figure on Blog?" }).waitFor();
  await window.locator("#digits").waitFor({ state: "hidden" });
  await Promise.all([window.waitForEvent("close"), window.getByRole("button", { name: "Continue" }).click()]);
  await signedIn(page);
  await page.getByRole("button", { name: "Post Comment" }).click();
  await page.locator("you-figure .marked", { hasText: "From my own server." }).waitFor();
  expect(await page.locator("you-figure .marked [part=name]").innerText()).toBe("Anna Figure");

  // Another time the server stands there already; no page of the blog's origin can read where somebody is at home.
  await write(page, "And again.");
  await page.getByRole("button", { name: "Log Out" }).click();
  const again = await openWindow(page);
  expect(await field(again).inputValue()).toBe(home.url);
  expect(await page.evaluate(() => JSON.stringify(localStorage) + document.cookie)).not.toContain(home.place);
  expect(await again.evaluate(() => document.cookie)).toBe("");
  await again.close();
  expect(complaints).toEqual([]);
  await context.close();
});

test("with Mastodon where no window opens: the page goes there, and comes back with its draft", async () => {
  const { page, context } = await visit(browser, blog.page("/mastodon-leave", plainPage({ head: "<script>open = () => null</script>" })));
  await write(page, "A thought worth keeping.");
  await page.getByRole("button", { name: "Mastodon" }).click();
  await field(page).fill(`@anna@${home.url}`);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Authorize" }).click();
  await page.getByRole("heading", { name: "Continue as Anna Figure on Blog?" }).waitFor();
  await page.getByRole("button", { name: "Continue" }).click();
  await signedIn(page);
  expect(page.url()).toBe(`${blog.url}/mastodon-leave`);
  expect(await page.getByRole("textbox", { name: "Write a comment" }).inputValue()).toBe("A thought worth keeping.");
  await context.close();
});
