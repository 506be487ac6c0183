import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DISCUSSIONS } from "../../demo/seed/plant.ts";
import { people } from "../../demo/seed/people.ts";
import { expectAccessible, expectLegible } from "./axe.ts";
import { watch } from "./breach.ts";
import { launch } from "./browser.ts";
import { type Demo, startDemo } from "./demo-process.ts";

let browser: Browser;
let demo: Demo;
beforeAll(async () => {
  [browser, demo] = await Promise.all([launch(), startDemo()]);
});
afterAll(async () => {
  await browser.close();
  await demo.close();
});

/** Every page with the comments that the seed has approved on it. */
const POSTS = DISCUSSIONS.map(({ page, title, said }) => ({ page, title, count: said.filter(({ status }) => !status).length }));

async function open(path: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "UTC", reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const { signs } = await watch(context, page, [demo.origin]);
  await page.goto(demo.blog + path);
  return { context, page, signs };
}

const heading = (page: Page) => page.locator("you-figure [part=heading]");
const responses = (count: number) => (count === 1 ? "One response to" : `${count} responses to`);

/** The server takes what comes within two seconds of opening the box for a machine's; the widget waits that out by itself. */
async function post(page: Page, { body, name, email }: { body: string; name: string; email: string }): Promise<Locator> {
  const text = page.getByRole("textbox", { name: "Write a comment" });
  await text.fill(body);
  await page.getByRole("textbox", { name: "Email" }).fill(email);
  await page.getByRole("textbox", { name: "Name (required)" }).fill(name);
  await page.getByRole("button", { name: "Post Comment" }).click();
  const comment = page.locator("you-figure article", { hasText: body });
  await comment.waitFor();
  return comment;
}

test.each(POSTS)(
  "$page shows its discussion under the right heading, breaking no policy, in light and dark, at 320 pixels too",
  async ({ page: path, title, count }) => {
    const { page, context, signs } = await open(path, { viewport: { width: 1100, height: 900 } });
    await page.locator("you-figure").scrollIntoViewIfNeeded();
    await page.locator("you-figure article").first().waitFor();
    expect(await heading(page).textContent()).toContain(responses(count));
    expect(await heading(page).textContent()).toContain(title.slice(0, 20));
    // Axe itself asks the document for elements, which this page's forms stand in the way of.
    if (path === "hostile.html") await page.locator("form[name], img[name]").evaluateAll((traps) => traps.forEach((trap) => trap.remove()));
    await expectAccessible(page, "you-figure");
    await page.emulateMedia({ colorScheme: "dark" });
    await expectLegible(page, "you-figure");
    await expectNarrow(page);
    expect(signs).toEqual([]);
    await context.close();
  },
);

test.each(["ltr", "rtl"])("on a page without margins, from %s, the owner's hairline stays on the page", async (dir) => {
  const { page, context } = await open("mending-table.html", { viewport: { width: 320, height: 900 } });
  await page.addStyleTag({ content: "*{margin:0!important;padding-inline:0!important}" });
  await page.evaluate((dir) => void (document.documentElement.dir = dir), dir);
  await page.locator("you-figure").scrollIntoViewIfNeeded();
  const answers = page.locator("you-figure .ours .body");
  await answers.first().waitFor();
  for (const { x, width } of await answers.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON() as DOMRect))) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(320);
  }
  await context.close();
});

test.each(["index.html", "no-js.html"])("axe finds nothing on %s, nothing is wider than 320 pixels, no policy is broken", async (path) => {
  const { page, context, signs } = await open(path);
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await expectLegible(page);
  await expectNarrow(page);
  expect(signs).toEqual([]);
  await context.close();
});

test("the list of posts says how many comments each has", async () => {
  const { page, context, signs } = await open("");
  for (const { page: path, count } of POSTS.filter((one) => one.page !== "hostile.html")) {
    const shown = page.locator(`[data-you-figure-count="${path}"]`);
    await page.waitForFunction((one) => document.querySelector(one)?.textContent !== "…", `[data-you-figure-count="${path}"]`);
    expect(await shown.textContent(), path).toBe(String(count));
  }
  expect(signs).toEqual([]);
  await context.close();
});

test("the page that swaps its articles swaps the discussion too, by link and by Back", async () => {
  const { page, context, signs } = await open("spa.html", { viewport: { width: 900, height: 1600 } });
  const under = (text: string) => heading(page).filter({ hasText: text }).waitFor();
  await under("No responses yet");
  const [first, second] = POSTS;
  for (const { page: path, title, count } of [first!, second!]) {
    await page.locator(`nav a[href="${path}"]`).click();
    await under(`${responses(count)} “${title}`);
    await page.locator("you-figure article").first().waitFor();
  }
  await page.goBack();
  await under(responses(first!.count));
  await page.goBack();
  await under("No responses yet");
  await page.goForward();
  await under(responses(first!.count));
  expect(signs).toEqual([]);
  await context.close();
});

test("someone known posts on a post, sees it in place, it is there for everyone after a reload, and can be taken back", async () => {
  const { page, context, signs } = await open("mending-table.html", { viewport: { width: 900, height: 2400 } });
  const count = POSTS.find(({ page: path }) => path === "mending-table.html")!.count;
  await page.locator("you-figure article").first().waitFor();
  const mine = await post(page, { body: "I bring two atlases on Thursday, and a cake.", ...people.hanne });
  expect(await mine.locator("[part=held]").count()).toBe(0);
  await heading(page)
    .filter({ hasText: responses(count + 1) })
    .waitFor();
  await page.reload();
  await mine.waitFor();
  const other = await open("mending-table.html");
  await other.page.locator("you-figure article", { hasText: "two atlases" }).waitFor();
  // Taken back, so that the other tests find what the seed planted.
  await mine.getByRole("button", { name: "Delete" }).click();
  await mine.getByRole("button", { name: "Really delete?" }).click();
  await heading(page)
    .filter({ hasText: responses(count) })
    .waitFor();
  expect([...signs, ...other.signs]).toEqual([]);
  await context.close();
  await other.context.close();
});

test("a stranger's first comment waits: marked for its writer, also after a reload, and seen by nobody else", async () => {
  const { page, context, signs } = await open("paper-for-ink.html", { viewport: { width: 900, height: 2400 } });
  await page.locator("you-figure article").first().waitFor();
  const stranger = { body: "My pen leaks on Tuesdays only, is that known?", name: "Odile", email: "odile@passing.example" };
  const mine = await post(page, stranger);
  await mine.locator("[part=held]").waitFor();
  await page.reload();
  await mine.locator("[part=held]").waitFor();
  const other = await open("paper-for-ink.html", { viewport: { width: 900, height: 2400 } });
  await other.page.locator("you-figure article").first().waitFor();
  expect(await other.page.locator("you-figure article", { hasText: "Tuesdays" }).count()).toBe(0);
  expect([...signs, ...other.signs]).toEqual([]);
  await context.close();
  await other.context.close();
});

/** Nothing is to be scrolled sideways (WCAG 1.4.10). */
async function expectNarrow(page: Page): Promise<void> {
  await page.setViewportSize({ width: 320, height: 900 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth), page.url()).toBe(320);
}
