import type { Browser, Page } from "playwright-core";
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

const article = (page: Page, words: string) => page.locator("you-figure article", { hasText: words });

const CLOBBERS = [
  "querySelector",
  "createElement",
  "createElementNS",
  "createTextNode",
  "addEventListener",
  "readyState",
  "currentScript",
  "head",
  "title",
  "documentElement",
];

test("a page with a strict policy, Trusted Types, a reset, a base, clobbering names and patched arrays changes nothing", async () => {
  const csp = [
    "default-src 'none'",
    `script-src ${blog.comments}`,
    `connect-src ${blog.comments}`,
    `img-src ${blog.comments} data:`,
    `style-src ${blog.url}`,
    "base-uri *",
    "require-trusted-types-for 'script'",
    "trusted-types somebody-else",
  ].join("; ");
  blog.page(
    "/reset.css",
    "*{all:unset!important;display:block!important;color:#222!important;margin:0!important;border:0!important}head,script{display:none!important}",
    {
      "content-type": "text/css",
    },
  );
  const url = blog.page(
    "/hostile",
    plainPage({
      head: `<link rel="stylesheet" href="{{blog}}/reset.css"><base href="https://elsewhere.example/deep/">`,
      body: CLOBBERS.map((name) => `<form name="${name}"></form>`).join(""),
    }).replace(/<style>.*?<\/style>/s, ""),
    { "content-security-policy": csp },
  );
  const first = await blog.say("/hostile", { body: "Still **here**." });
  const context = await browser.newContext({ viewport: { width: 900, height: 1200 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    // As some old libraries do.
    Object.assign(Array.prototype, { contains: () => false });
    Object.assign(Object.prototype, { inherited: "from the page" });
  });
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await page.goto(url);
  await article(page, "Still here.").waitFor();
  expect(
    await article(page, "Still here.")
      .locator("strong", { hasText: /^here$/ })
      .evaluate((bold) => getComputedStyle(bold).fontWeight),
  ).toBe("700");
  expect(await page.locator("you-figure .when").getAttribute("href")).toBe(`${url}#comment-${first}`);
  await page.getByRole("button", { name: "Reply to Anna" }).click();
  await page.getByRole("textbox", { name: "Write a comment" }).fill("So am I.");
  await page.getByRole("textbox", { name: "Email" }).fill("ada@reader.example");
  await page.getByRole("textbox", { name: "Name (required)" }).fill("Ada");
  await page.getByRole("button", { name: "Post Reply" }).click();
  await page.locator("you-figure ol ol .marked", { hasText: "So am I." }).waitFor();
  expect(await page.locator("you-figure .submit").count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

test("in a page that swaps its articles the comments follow, also by Back, and history is left alone", async () => {
  const url = blog.page("/spa", plainPage());
  await blog.say("/spa", { body: "Under the first." });
  await blog.say("/other", { body: "Under the second." });
  const { page, context, complaints } = await visit(browser, url);
  await article(page, "Under the first.").waitFor();
  await page.evaluate(() => {
    history.pushState({}, "", "/other");
    document.title = "Another post";
  });
  await article(page, "Under the second.").waitFor();
  await page.getByRole("heading", { name: "One response to “Another post”" }).waitFor();
  await page.goBack();
  await article(page, "Under the first.").waitFor();
  expect(await page.evaluate(() => String(history.pushState))).toContain("native code");
  expect(complaints).toEqual([]);
  await context.close();
});

test("elements of their own places: two pages side by side, a changed attribute, taken out and put back, the rest of the page told by events", async () => {
  await blog.say("/one", { body: "About one." });
  await blog.say("/two", { body: "About two." });
  const places = `<div id="a"><you-figure data-url="/one" data-heading-level="3"></you-figure></div><div id="b"><you-figure data-url="/two" data-theme="dark"></you-figure></div>`;
  const { page, context, complaints } = await visit(
    browser,
    blog.page("/both", plainPage({ body: places, script: 'data-reply-title="Your turn"' })),
  );
  await page.locator("#a article", { hasText: "About one." }).waitFor();
  await page.locator("#b article", { hasText: "About two." }).waitFor();
  expect(await page.locator("you-figure").count()).toBe(2);
  expect(await page.getByRole("heading", { level: 3, name: "One response" }).count()).toBe(1);
  expect(await page.getByRole("heading", { name: "Your turn" }).count()).toBe(2);
  const ready = page.evaluate(
    () =>
      new Promise<unknown>((done) =>
        document.addEventListener("you-figure:ready", (event) => done((event as CustomEvent).detail), { once: true }),
      ),
  );
  await page.locator("#a you-figure").evaluate((element) => element.setAttribute("data-url", "/two"));
  expect(await ready).toEqual({ count: 1 });
  await page.locator("#a article", { hasText: "About two." }).waitFor();
  await page.evaluate(() => {
    const place = document.querySelector("#a you-figure")!;
    place.remove();
    document.querySelector("#b")!.append(place);
  });
  await page.locator("#b you-figure >> nth=1").locator("article", { hasText: "About two." }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("what a static build put inside the element shows until the comments stand, then gives way", async () => {
  await blog.say("/static", { body: "Said before." });
  const { page, context } = await visit(
    browser,
    blog.page("/static", plainPage({ body: `<you-figure><p id="built">Said before, in the page.</p></you-figure>` })),
  );
  await article(page, "Said before.").waitFor();
  expect(await page.locator("#built").isVisible()).toBe(false);
  await context.close();
  const still = await browser.newContext();
  const slow = await still.newPage();
  await slow.route("**/api/v1/thread?*", (route) => route.abort());
  await slow.goto(`${blog.url}/static`);
  await slow.getByText("The comments can’t be reached.").waitFor();
  expect(await slow.locator("#built").isVisible()).toBe(true);
  await still.close();
});

for (const [what, answer] of [
  ["dead", null],
  ["broken", { status: 502, body: "<h1>Bad gateway</h1>", contentType: "text/html" }],
  ["lying", { status: 200, body: JSON.stringify({ comments: { length: 1 }, site: "x" }), contentType: "application/json" }],
] as const) {
  test(`a ${what} server breaks nothing: it is said, and trying again works and keeps the focus there`, async () => {
    const path = `/${what}`;
    await blog.say(path, { body: "Back again." });
    const url = blog.page(path, plainPage());
    const context = await browser.newContext();
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.route("**/api/v1/thread?*", (route) =>
      answer ? route.fulfill({ ...answer, headers: { "access-control-allow-origin": "*" } }) : route.abort(),
    );
    await page.goto(url);
    await page.getByText("The comments can’t be reached.").waitFor();
    await page.unroute("**/api/v1/thread?*");
    await page.getByRole("button", { name: "Try again" }).click();
    await article(page, "Back again.").waitFor();
    await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.textContent?.startsWith("One response"));
    expect(errors).toEqual([]);
    await context.close();
  });
}

test("count.js fills in how many comments a page has, with one request", async () => {
  await blog.say("/counted", { body: "One." });
  await blog.say("/counted", { body: "Two.", name: "Jonas" });
  const url = blog.page(
    "/list",
    `<!doctype html><link rel="icon" href="data:,"><a id="a" href="/counted#you-figure"></a> <span id="b" data-you-figure-count="/counted"></span> <a id="c" href="/nothing#you-figure"></a> <a id="d" href="/counted#you-figure">Comments</a><script async src="{{comments}}/count.js"></script>`,
  );
  const { page, context, complaints } = await visit(browser, url);
  await page.locator("#a", { hasText: "2" }).waitFor();
  expect(await page.locator("#b").innerText()).toBe("2");
  expect(await page.locator("#c").innerText()).toBe("0");
  expect(await page.locator("#d").innerText()).toBe("Comments");
  expect(complaints).toEqual([]);
  await context.close();
});
