import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Blog, FLAGS, launch, openBlog, plainPage, visit } from "./browser.ts";

let browser: Browser;
let blog: Blog;
beforeAll(async () => {
  [browser, blog] = await Promise.all([launch(), openBlog()]);
});
afterAll(async () => {
  await browser.close();
  await blog.close();
});

/** A discussion with a long name, a fold and a line of code that is wider than the page. */
async function discussed(path: string): Promise<string> {
  const url = blog.page(path, plainPage());
  const name = "Friederike von und zu Hohenstein-Waldburg auf Schloss Trauchburg";
  const first = await blog.say(path, { body: `\`\`\`js\nmix(wheat, water${", a little more".repeat(20)});\n\`\`\``, name });
  await blog.say(path, { body: "An answer.\n\n- one", name, parent: first });
  return url;
}

async function opened(page: Page): Promise<void> {
  await page.getByRole("textbox", { name: "Write a comment" }).focus();
  await page.locator("you-figure .submit").waitFor();
}

test("a name that needs two lines stays beside its picture, also at 320 pixels", async () => {
  const { page, context } = await visit(browser, await discussed("/names"), { viewport: { width: 320, height: 900 } });
  await page.locator("you-figure article").nth(1).waitFor();
  const places = await page.locator("you-figure header[part=meta]").evaluateAll((heads) =>
    heads.map((head) => {
      const face = head.querySelector("img")!.getBoundingClientRect();
      const name = head.querySelector("[part=name]")!.getBoundingClientRect();
      return {
        beside: name.left >= face.right,
        level: name.top < face.bottom && name.bottom > face.top,
        round: face.width === face.height,
      };
    }),
  );
  expect(places).toEqual(places.map(() => ({ beside: true, level: true, round: true })));
  await context.close();
});

test("on paper the whole thread stands, long code broken, without box and buttons", async () => {
  const { page, context } = await visit(browser, await discussed("/paper"));
  await page.locator("you-figure article").nth(1).waitFor();
  await opened(page);
  await page.emulateMedia({ media: "print" });
  for (const part of [".box", ".acts", ".order", ".line"])
    for (const one of await page.locator(`you-figure ${part}`).all()) expect(await one.isVisible(), part).toBe(false);
  expect(await page.locator("you-figure article:visible").count()).toBe(2);
  const code = page.locator("you-figure pre");
  expect(await code.evaluate((pre) => pre.scrollWidth <= pre.clientWidth)).toBe(true);
  await context.close();
});

test("in forced colours the lines that fold, the pressed button and the marked comment are still told apart", async () => {
  const url = await discussed("/forced");
  const { page, context } = await visit(browser, url, { forcedColors: "active" });
  const folding = page.getByRole("button", { name: "Fold the replies" });
  await folding.waitFor();
  await page.locator("you-figure .when").first().click();
  const marked = page.locator("you-figure .marked");
  await marked.waitFor();
  await page.waitForFunction(() => {
    const root = document.querySelector("you-figure")!.shadowRoot!;
    const style = (selector: string) => getComputedStyle(root.querySelector(selector)!);
    return style(".line").borderInlineStartStyle === "solid" && style(".marked").outlineStyle === "solid";
  });
  await opened(page);
  const tab = page.getByRole("tab", { name: "Write" });
  expect(await tab.evaluate((chosen) => getComputedStyle(chosen).textDecorationLine)).toBe("underline");
  const submit = page.locator("you-figure .submit");
  expect(await submit.evaluate((button) => getComputedStyle(button).borderStyle)).toBe("solid");
  await context.close();
});

test("nothing moves for who asked for that", async () => {
  const { page, context } = await visit(browser, await discussed("/calm"), { reducedMotion: "reduce" });
  await page.locator("you-figure article").nth(1).waitFor();
  await page.locator("you-figure .when").first().click();
  await opened(page);
  const moving = await page.locator("you-figure .you").evaluate((root) => root.getAnimations({ subtree: true }).length);
  expect(moving).toBe(0);
  const timed = await page.locator("you-figure .you *").evaluateAll((all) =>
    all
      .filter((one) => {
        const { animationName, transitionDuration } = getComputedStyle(one);
        return animationName !== "none" || transitionDuration !== "0s";
      })
      .map(({ className }) => className),
  );
  expect(timed).toEqual([]);
  await context.close();
});

test("a page that comes back from the back/forward cache is as it was left, and still posts", async () => {
  // Playwright turns this cache off unless told otherwise.
  const caching = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: FLAGS,
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });
  const url = await discussed("/back");
  const { page } = await visit(caching, url);
  await page.evaluate(() => addEventListener("pageshow", ({ persisted }) => (document.title = `persisted: ${persisted}`)));
  await opened(page);
  await page.getByRole("textbox", { name: "Write a comment" }).fill("Half a thou");
  await page.goto(blog.page("/elsewhere", "<!doctype html><title>Elsewhere</title>"));
  // `goBack` waits for a load, which does not come.
  await page.evaluate(() => history.back());
  await page.waitForFunction(() => document.title === "persisted: true");
  expect(await page.getByRole("textbox", { name: "Write a comment" }).inputValue()).toBe("Half a thou");
  await page.getByRole("textbox", { name: "Write a comment" }).pressSequentially("ght.");
  await page.getByRole("textbox", { name: "Email" }).fill("ada@reader.example");
  await page.getByRole("textbox", { name: "Name (required)" }).fill("Ada");
  await page.getByRole("button", { name: "Post Comment" }).click();
  await page.locator("you-figure .marked", { hasText: "Half a thought." }).waitFor();
  await caching.close();
});

test("where there is no Navigation API, the comments follow the page's own title and Back", async () => {
  const url = blog.page("/old", plainPage());
  await blog.say("/old", { body: "Under the first." });
  await blog.say("/older", { body: "Under the second." });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, "navigation"));
  await page.goto(url);
  await page.locator("you-figure article", { hasText: "Under the first." }).waitFor();
  expect(await page.evaluate(() => "navigation" in globalThis)).toBe(false);
  await page.evaluate(() => {
    history.pushState({}, "", "/older");
    document.title = "An older post";
  });
  await page.locator("you-figure article", { hasText: "Under the second." }).waitFor();
  // Back changes the address alone: nothing but popstate tells of it.
  await page.goBack();
  await page.locator("you-figure article", { hasText: "Under the first." }).waitFor();
  await context.close();
});
