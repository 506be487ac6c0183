import { expectAccessible } from "./axe.ts";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Blog, launch, openBlog, plainPage, visit } from "./browser.ts";

let browser: Browser;
let blog: Blog;
beforeAll(async () => {
  [browser, blog] = await Promise.all([launch(), openBlog({ maxDepth: 3 })]);
});
afterAll(async () => {
  await browser.close();
  await blog.close();
});

const shown = (page: Page) => page.locator("you-figure .list").waitFor();

test("a reader sees the discussion, and axe finds nothing, light and dark, wide and at 320 pixels", async () => {
  const url = blog.page("/seen", plainPage());
  const first = await blog.say("/seen", {
    body: "What about **glue**?\n\n```js\nconst paste = mix(wheat, water, 'and much more that is long');\n```",
  });
  const second = await blog.say("/seen", { body: "> glue\n\nPaste, then.", name: "Jonas", parent: first });
  await blog.say("/seen", { body: "Quite so.", name: "Mira", parent: second });
  await blog.say("/seen", { body: "هل يمكن استعمال النشا؟", name: "سلمى" });
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [320, 900]) {
      const { page, context, complaints } = await visit(browser, url, { colorScheme, viewport: { width, height: 2000 } });
      await shown(page);
      await page.locator("you-figure textarea").focus();
      await page.locator("you-figure .submit").waitFor();
      await expectAccessible(page, "you-figure");
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      expect(complaints).toEqual([]);
      await context.close();
    }
  }
});

test("“N responses” names the page; a reply below the last level says whom it answers", async () => {
  const url = blog.page("/levels", plainPage());
  let parent: string | null = null;
  for (const name of ["Ann", "Ben", "Cleo", "Dana"]) parent = await blog.say("/levels", { body: `I am ${name}.`, name, parent });
  const { page, context } = await visit(browser, url);
  await page.getByRole("heading", { name: "4 responses to “A plain post”" }).waitFor();
  const last = page.locator("you-figure article", { hasText: "I am Dana." });
  expect(await last.locator("header").innerText()).toContain("in reply to Cleo");
  expect(await page.locator("you-figure ol ol ol ol").count()).toBe(0);
  await context.close();
});

test("a page without comments invites, a closed one says so", async () => {
  const { page, context } = await visit(browser, blog.page("/none", plainPage()));
  await page.getByRole("heading", { name: "No responses yet" }).waitFor();
  await page.getByRole("heading", { name: "what do you figure?" }).waitFor();
  await context.close();
});

test("replies fold and unfold by keyboard, and the order can be turned", async () => {
  const url = blog.page("/fold", plainPage());
  const first = await blog.say("/fold", { body: "First." });
  await blog.say("/fold", { body: "An answer.", name: "Jonas", parent: first });
  await blog.say("/fold", { body: "Second.", name: "Mira" });
  const { page, context } = await visit(browser, url);
  await shown(page);
  await page.getByRole("button", { name: "Fold the replies to Anna" }).focus();
  await page.keyboard.press("Enter");
  const unfold = page.getByRole("button", { name: "Show one reply to Anna" });
  await unfold.waitFor();
  expect(await page.getByText("An answer.").count()).toBe(0);
  await unfold.focus();
  await page.keyboard.press("Enter");
  await page.getByText("An answer.").waitFor();
  await page.getByRole("button", { name: "Newest first" }).click();
  await page.locator('you-figure [aria-pressed="true"]', { hasText: "Newest first" }).waitFor();
  await page.waitForFunction(() => document.querySelector("you-figure")?.shadowRoot?.querySelector(".body")?.textContent === "Second.");
  await context.close();
});

test("a permalink loads what it needs, scrolls to the comment, marks it and takes the focus there", async () => {
  const url = blog.page("/far", plainPage());
  const ids: string[] = [];
  for (let n = 0; n < 60; n++) ids.push(await blog.say("/far", { body: `Thought ${n}.` }));
  const { page, context, complaints } = await visit(browser, `${url}#comment-${ids[58]}`);
  await page.locator("you-figure .marked", { hasText: "Thought 58." }).waitFor();
  await page.waitForFunction((id) => document.activeElement?.shadowRoot?.activeElement?.id === id, `comment-${ids[58]}`);
  expect(await page.locator("you-figure article").count()).toBe(51);
  await page.getByRole("button", { name: "Show more" }).click();
  await page.locator("you-figure article", { hasText: "Thought 59." }).waitFor();
  expect(await page.locator("you-figure article").count()).toBe(60);
  await page.evaluate((id) => (location.hash = `#comment-${id}`), ids[3]);
  await page.locator("you-figure .marked", { hasText: "Thought 3." }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("a long thread shows its first replies and brings the others by key", async () => {
  const url = blog.page("/long", plainPage());
  const first = await blog.say("/long", { body: "Ask me anything." });
  for (let n = 0; n < 230; n++) await blog.say("/long", { body: `Reply ${n}.`, name: "Jonas", parent: first });
  const { page, context } = await visit(browser, url);
  await shown(page);
  const before = await page.locator("you-figure article").count();
  expect(before).toBeLessThanOrEqual(200);
  await page.getByRole("button", { name: `Show ${231 - before} more replies` }).click();
  await page.locator("you-figure article", { hasText: "Reply 229." }).waitFor();
  expect(await page.locator("you-figure article").count()).toBe(231);
  expect(await page.getByRole("button", { name: /more repl/ }).count()).toBe(0);
  await context.close();
});

test("Arabic and German pages are spoken to in their language, from their side", async () => {
  const url = blog.page("/ar", plainPage({ lang: "ar" }));
  await blog.say("/ar", { body: "نعم.", name: "سلمى" });
  const arabic = await visit(browser, url);
  await arabic.page.getByRole("heading", { name: "رد واحد على" }).waitFor();
  expect(await arabic.page.locator("you-figure .you").evaluate((root) => getComputedStyle(root).direction)).toBe("rtl");
  await arabic.page.locator("you-figure textarea").focus();
  await arabic.page.getByRole("button", { name: "نشر التعليق" }).waitFor();
  await arabic.context.close();
  const german = await visit(browser, blog.page("/de", plainPage({ lang: "de-AT" })));
  await german.page.getByRole("heading", { name: "Noch keine Antworten" }).waitFor();
  await german.context.close();
});

test("nothing on the page moves: layout shift is 0 while the comments stand below the window", async () => {
  const url = blog.page("/still", plainPage({ body: "<p>More words.</p>".repeat(18) }));
  for (let n = 0; n < 5; n++) await blog.say("/still", { body: `Thought ${n}. `.repeat(40) });
  const context = await browser.newContext({ viewport: { width: 900, height: 700 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(globalThis, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value);
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(url);
  await shown(page);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  expect(await page.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts)).toEqual([]);
  await context.close();
});

test("who returns finds the room kept that the thread took last time: the footer stays where it was", async () => {
  const url = blog.page("/again", plainPage());
  for (let n = 0; n < 12; n++) await blog.say("/again", { body: `Thought ${n}. `.repeat(60) });
  const { page, context } = await visit(browser, url, { viewport: { width: 900, height: 700 } });
  const footer = () => page.locator("footer").evaluate((element) => element.getBoundingClientRect().top + scrollY);
  const remembered = () =>
    page.evaluate(() => Object.keys(JSON.parse(localStorage.getItem("you-figure:heights") ?? "{}") as object).length);
  await shown(page);
  await page.waitForFunction(() => localStorage.getItem("you-figure:heights") !== null);
  let answer = () => {};
  const asked = new Promise<void>((arrived) =>
    page.route(
      "**/api/v1/thread?*",
      (route) =>
        new Promise<void>((done) => {
          answer = () => done(route.continue());
          arrived();
        }),
    ),
  );
  await page.reload({ waitUntil: "commit" });
  await asked;
  const before = await footer();
  answer();
  await shown(page);
  expect(before).toBeGreaterThan(1500);
  expect(Math.abs((await footer()) - before)).toBeLessThan(2);
  // However many pages are read, what is remembered stays small.
  await page.evaluate(() => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`9https://blog.example/${n}`, n]));
    localStorage.setItem("you-figure:heights", JSON.stringify(many));
  });
  await page.unrouteAll();
  await page.reload();
  await page.waitForFunction(() => Object.keys(JSON.parse(localStorage.getItem("you-figure:heights")!) as object).length < 100);
  expect(await remembered()).toBe(20);
  await context.close();
});

test("a browser that keeps nothing, or what another script put there, costs the reader nothing", async () => {
  const url = blog.page("/denied", plainPage());
  await blog.say("/denied", { body: "Still here." });
  const { page, context, complaints } = await visit(browser, url);
  for (const kept of ["not JSON", "7", "null", '{"9x":{}}']) {
    await page.evaluate((kept) => localStorage.setItem("you-figure:heights", kept), kept);
    await page.reload();
    await shown(page);
  }
  await page.addInitScript(() =>
    Object.defineProperty(globalThis, "localStorage", {
      get: () => {
        throw new DOMException("denied", "SecurityError");
      },
    }),
  );
  await page.reload();
  await shown(page);
  await page.locator("you-figure textarea").focus();
  await page.locator("you-figure .submit").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("the preload line of the recommended snippet is what the loader uses", async () => {
  const path = "/preloaded";
  const address = `{{comments}}/api/v1/thread?url=${encodeURIComponent(blog.url + path)}`;
  const url = blog.page(path, plainPage({ head: `<link rel="preload" as="fetch" crossorigin href="${address}">` }));
  await blog.say(path, { body: "Early." });
  const asked: string[] = [];
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on("request", (request) => request.url().includes("/thread?") && asked.push(request.url()));
  const warnings: string[] = [];
  page.on("console", (message) => warnings.push(message.text()));
  await page.goto(url);
  await shown(page);
  expect(asked).toHaveLength(1);
  expect(warnings).toEqual([]);
  await context.close();
});
