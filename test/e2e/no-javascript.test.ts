import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAccessible, expectLegible } from "./axe.ts";
import { type Blog, launch, openBlog, plainPage, visit } from "./browser.ts";

let browser: Browser;
let blog: Blog;
beforeAll(async () => {
  [browser, blog] = await Promise.all([launch(), openBlog({ holdWords: ["ponder"] })]);
});
afterAll(async () => {
  await browser.close();
  await blog.close();
});

const NOSCRIPT = `<noscript><a href="{{comments}}/thread?url={{here}}&title=A+plain+post">Read and write comments</a></noscript>`;

/** A page of the blog with the link that the README's snippet has; opened without scripts. */
function open(path: string, options: BrowserContextOptions = {}) {
  const url = blog.page(path, plainPage({ body: NOSCRIPT.replace("{{here}}", encodeURIComponent(blog.url + path)) }));
  return visit(browser, url, { javaScriptEnabled: false, ...options });
}
const threadOf = (path: string, more = "") => `${blog.comments}/thread?url=${encodeURIComponent(blog.url + path)}${more}`;

/** Tabs until the focus is on what this describes; fails when it comes round without meeting it. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press("Tab");
    if (await page.locator(`${selector}:focus`).count()) return;
  }
  throw new Error(`${selector} can't be reached by Tab on ${page.url()}`);
}

test("by keyboard alone: from the article to the thread, errors at the fields with nothing lost, then the comment", async () => {
  const { page, context, complaints } = await open("/keys");
  await tabTo(page, "noscript a");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/thread\?/);
  expect(await page.locator("h1").textContent()).toBe("No responses yet. Yours could be the first.");
  await tabTo(page, "textarea");
  await page.keyboard.type("Typed without any script, & kept: <b>“so”</b>");
  await tabTo(page, "[name=email]");
  await page.keyboard.type("no address");
  await page.keyboard.press("Enter");
  await page.locator("[name=email][aria-invalid=true]").waitFor();
  expect(await page.locator("textarea").inputValue()).toBe("Typed without any script, & kept: <b>“so”</b>");
  expect(await page.locator("[name=email]").inputValue()).toBe("no address");
  for (const [name, words] of [
    ["email", "This does not look like an email address."],
    ["name", "Please enter your name."],
  ] as const) {
    const described = await page.locator(`[name=${name}]`).getAttribute("aria-describedby");
    expect(await page.locator(`#${described}`).innerText()).toContain(words);
  }
  await tabTo(page, "[name=email]");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("ada@reader.example");
  await tabTo(page, "[name=name]");
  await page.keyboard.type("Ada");
  await tabTo(page, "form button");
  await page.keyboard.press("Enter");
  await page.waitForURL(/#comment-/);
  const comment = page.locator("article:target");
  expect(await comment.locator(".body").textContent()).toContain("Typed without any script, & kept: <b>“so”</b>");
  expect(await page.locator("h1").textContent()).toBe("One response to “A plain post”");
  // The refused form is an answer of 422, which the browser notes by itself.
  expect(complaints.filter((one) => !one.includes("status of 422"))).toEqual([]);
  await context.close();
});

test("a reply is written under what it answers, can be given up, and lands below it", async () => {
  const first = await blog.say("/reply", { body: "What holds the spine?" });
  const { page, context, complaints } = await open("/reply");
  await page.goto(threadOf("/reply"));
  await page.getByRole("link", { name: "Reply to Anna" }).click();
  expect(await page.locator("form").count()).toBe(1);
  await page.getByRole("heading", { name: "Reply to Anna" }).waitFor();
  await page.getByRole("link", { name: "Cancel reply" }).click();
  expect(await page.getByRole("heading", { name: "Reply to Anna" }).count()).toBe(0);
  await page.getByRole("link", { name: "Reply to Anna" }).click();
  await page.locator("textarea").fill("Thread, mostly.");
  await page.locator("[name=email]").fill("ben@reader.example");
  await page.locator("[name=name]").fill("Ben");
  await page.getByRole("button", { name: "Post Reply" }).click();
  await page.waitForURL(/#comment-/);
  const reply = page.locator(`li:has(> #comment-${first}) .replies article`);
  expect(await reply.locator(".body").textContent()).toContain("Thread, mostly.");
  await page.getByRole("link", { name: "All responses" }).click();
  expect(await page.locator("article").count()).toBe(2);
  expect(complaints).toEqual([]);
  await context.close();
});

test("under a long discussion, what is wrong with the form comes into sight", async () => {
  for (let n = 0; n < 20; n++) await blog.say("/below", { body: `Thought ${n}.` });
  const { page, context } = await open("/below");
  await page.goto(threadOf("/below"));
  await page.locator("form button").click();
  const wrong = page.locator("textarea[aria-invalid=true]");
  await wrong.waitFor();
  const { top, bottom } = await wrong.evaluate((field) => field.getBoundingClientRect().toJSON() as DOMRect);
  expect(top).toBeGreaterThanOrEqual(0);
  expect(bottom).toBeLessThanOrEqual(page.viewportSize()!.height);
  await context.close();
});

test("a held comment is marked for its writer and seen by nobody else", async () => {
  const { page, context } = await open("/held");
  await page.goto(threadOf("/held"));
  await page.locator("textarea").fill("Let me ponder this.");
  await page.locator("[name=email]").fill("cy@reader.example");
  await page.locator("[name=name]").fill("Cy");
  await page.getByRole("button", { name: "Post Comment" }).click();
  await page.locator("article [part=held]").waitFor();
  expect(await page.locator("article .body").textContent()).toContain("ponder");
  await page.goto(threadOf("/held"));
  expect(await page.locator("article").count()).toBe(0);
  await context.close();
});

test.each([
  ["de", "ltr", "2 Antworten auf „A plain post“", "Kommentar senden"],
  ["ar", "rtl", "ردّان على «A plain post»", "نشر التعليق"],
])("in %s it reads %s, and the answer to its form does too", async (lang, direction, heading, button) => {
  if ((await (await fetch(threadOf("/languages"))).text()).includes("No responses")) {
    const first = await blog.say("/languages", { body: "First" });
    await blog.say("/languages", { body: "هل يمكن؟", name: "سلمى", parent: first });
  }
  const { page, context } = await open("/languages", { viewport: { width: 320, height: 700 } });
  await page.goto(threadOf("/languages", `&lang=${lang}`));
  expect(await page.locator("html").getAttribute("dir")).toBe(direction);
  expect(await page.locator("h1").textContent()).toBe(heading);
  const [face, name] = [await page.locator("img").first().boundingBox(), await page.locator("[part=name]").first().boundingBox()];
  expect(face!.x < name!.x).toBe(direction === "ltr");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await page.getByRole("button", { name: button }).click();
  await page.locator("[aria-invalid=true]").first().waitFor();
  expect(await page.locator("html").getAttribute("lang")).toBe(lang);
  await context.close();
});

test("axe finds nothing: empty, full, answering, in light and dark and from right to left", async () => {
  const first = await blog.say("/axe", { body: "A [link](https://example.org), `code`\n\n```js\nconst a = 1;\n```" });
  await blog.say("/axe", { body: "An answer", parent: first, name: "Ben" });
  const { page, context, complaints } = await visit(browser, threadOf("/axe-empty"));
  await expectAccessible(page);
  for (const more of ["", `&around=${first}&reply=${first}`, "&lang=ar"]) {
    await page.goto(threadOf("/axe", more));
    await expectAccessible(page);
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await expectLegible(page);
  await page.getByRole("button", { name: "نشر التعليق" }).click();
  await page.locator("[aria-invalid=true]").first().waitFor();
  await expectLegible(page);
  await page.emulateMedia({ colorScheme: "light" });
  await expectAccessible(page);
  expect(complaints.filter((one) => !one.includes("status of 422"))).toEqual([]);
  await context.close();
});
