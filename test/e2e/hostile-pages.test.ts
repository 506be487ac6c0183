import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { corpusText, haveCorpora } from "../corpora.ts";
import { expectOnlyOurs, findStrangers, watch } from "./breach.ts";
import { type Blog, launch, openBlog, plainPage, visit } from "./browser.ts";

const NAMES = ["title", "lang", "theme", "heading-level", "reply-title", "sort"];
/** Written for the attributes at hand: beyond these, what breaks out of an attribute or an address. */
const PAYLOADS = [
  `"><img src=x onerror=alert(1)>`,
  `' onmouseover='alert(1)' x='`,
  `</script><script>alert(1)</script>`,
  `<svg/onload=alert(1)>`,
  `javascript:alert(1)`,
  `data:text/html,<script>alert(1)</script>`,
  `{{constructor.constructor('alert(1)')()}}`,
  `__proto__`,
  `constructor`,
  `*{background:url(//evil.example/)}`,
  `h1 onclick=alert(1)`,
  `2; color:red`,
  `\u202e\u2066en`,
  `//evil.example/`,
  `https://evil.example@127.0.0.1/`,
];

describe("a page that hands over hostile words, or has changed the language under the script", () => {
  let browser: Browser;
  let blog: Blog;

  beforeAll(async () => {
    [browser, blog] = await Promise.all([launch(), openBlog()]);
    await blog.say("/discussed", { body: "A comment **like** others", name: "Anna" });
  });
  afterAll(async () => {
    await browser.close();
    await blog.close();
  });

  const openWatched = async (path: string) => {
    const context = await browser.newContext({ reducedMotion: "reduce" });
    const page = await context.newPage();
    const { signs } = await watch(context, page, [blog.url, blog.comments]);
    // A fragment of the widget's own makes every place load at once.
    await page.goto(`${blog.url}${path}#you-figure`);
    return { page, context, signs };
  };

  test("the watch itself notices what it is there for", async () => {
    const elsewhere = blog.comments.replace("127.0.0.1", "localhost");
    const body = `<div class="body"><p style="position:fixed" onclick="x()">Up</p><a href="javascript:x()">x</a></div><script>alert(1); __x = 1; fetch("${elsewhere}/healthz").catch(() => 0);</script>`;
    blog.page("/watched", plainPage({ body }));
    const { page, context, signs } = await openWatched("/watched");
    const found = (await findStrangers(page, "main")).join("\n");
    for (const sign of ["has style", "has onclick", "is fixed", "leads to javascript", "script is not ours"]) expect(found).toContain(sign);
    expect(signs).toEqual(expect.arrayContaining(["alert was called", "__x was set", `request: ${elsewhere}/healthz`]));
    await context.close();
  });

  test("in any attribute of the element or of the script, it stays a word or is passed over", async () => {
    const payloads = [...PAYLOADS, ...(haveCorpora ? corpusText("xss/markdown-xss-payloads.txt").split("\n").slice(0, 20) : [])];
    const attributes = (payload: string) => NAMES.map((name) => `data-${name}="${escape(payload)}"`).join(" ");
    const here = `data-url="${blog.url}/discussed"`;
    const elements = payloads.map((payload) => `<you-figure ${here} ${attributes(payload)}></you-figure>`).join("\n");
    blog.page("/elements", plainPage({ body: elements, script: attributes(payloads[0]!) }));
    const { page, context, signs } = await openWatched("/elements");
    await page.waitForFunction(
      (count) =>
        [...document.querySelectorAll("you-figure")].filter((place) => place.shadowRoot?.querySelector("article")).length === count,
      payloads.length,
    );
    for (let index = 0; index < payloads.length; index++) await expectOnlyOurs(page, `you-figure >> nth=${index}`);
    const asks = await page.locator("you-figure [part=box-heading]").allTextContents();
    expect(asks.map(plain)).toEqual(payloads.map(plain));
    expect(signs).toEqual([]);
    await context.close();
  });

  test("as the page's address, it is refused or is a page without comments", async () => {
    blog.page(
      "/addresses",
      plainPage({ body: PAYLOADS.map((payload) => `<you-figure data-url="${escape(payload)}"></you-figure>`).join("\n") }),
    );
    const { page, context, signs } = await openWatched("/addresses");
    await page.waitForFunction(() =>
      [...document.querySelectorAll("you-figure")].every((place) => place.shadowRoot?.querySelector("[part=heading], [role=status]")),
    );
    for (let index = 0; index < PAYLOADS.length; index++) await expectOnlyOurs(page, `you-figure >> nth=${index}`);
    expect(await page.locator("you-figure article").count()).toBe(0);
    // A refused address is an answer of 4xx, which the browser notes by itself.
    expect(signs.filter((sign) => !/^console: Failed to load resource: .* status of 4\d\d/.test(sign))).toEqual([]);
    await context.close();
  });

  test("with prototypes that the page has changed, the widget reads and posts (S-10)", async () => {
    const changed = `<script>
      for (const of of [Object, Array, String, Function]) { of.prototype.polluted = "<img src=x onerror=alert(1)>"; of.prototype.children = [["x"]]; }
      Object.prototype.parent = "p"; Object.prototype.held = true; Object.prototype.onclick = "alert(1)"; Array.prototype.toJSON = undefined;
    </script>`;
    blog.page("/discussed", plainPage({ head: changed }));
    const { page, context, signs } = await openWatched("/discussed");
    await page.locator("you-figure article").waitFor();
    await post(page, "Written on a changed page");
    await page.locator("you-figure article", { hasText: "Written on a changed page" }).waitFor();
    await expectOnlyOurs(page, "you-figure");
    expect(signs).toEqual([]);
    await context.close();
  });

  test("the widget leaves nothing behind but its element: no globals, no changed prototypes, no attributes of the page's own (S-75)", async () => {
    const before = `<script>globalThis.snapshot = () => {
      const shapes = {};
      for (const name of Object.getOwnPropertyNames(globalThis)) {
        const made = Object.getOwnPropertyDescriptor(globalThis, name).value;
        const shape = (thing) => thing ? Object.entries(Object.getOwnPropertyDescriptors(thing)).map(([key, { value, get, set }]) => [key, value, get, set]) : [];
        shapes[name] = typeof made === "function" ? shape(made.prototype).concat(shape(made)) : [];
      }
      return shapes;
    }; globalThis.first = {}; globalThis.changes = () => {
      const now = snapshot(), said = [];
      for (const name in now) {
        if (!(name in first)) said.push("new: " + name);
        else if (now[name].length !== first[name].length || now[name].some((entry, i) => entry.some((part, j) => !Object.is(part, first[name][i][j])))) said.push("changed: " + name);
      }
      return said;
    }; globalThis.first = snapshot();</script>`;
    const url = blog.page("/quiet", plainPage({ head: before }));
    await blog.say("/quiet", { body: "First" });
    const { page, context, complaints } = await visit(browser, url);
    const rest = () => page.evaluate(() => document.documentElement.outerHTML.replace(/<you-figure.*?<\/you-figure>/s, ""));
    const served = await (await fetch(url)).text();
    await page.locator("you-figure article").waitFor();
    await post(page, "Another");
    await page.locator("you-figure article", { hasText: "Another" }).waitFor();
    expect(await page.evaluate(() => (globalThis as unknown as { changes(): string[] }).changes())).toEqual([]);
    expect(compact(await rest())).toBe(compact(served.replace("<!doctype html>", "")));
    expect(complaints).toEqual([]);
    await context.close();
  });
});

async function post(page: Page, body: string): Promise<void> {
  const box = page.locator("you-figure");
  await box.getByLabel("Write a comment").fill(body);
  await box.getByLabel("Email").fill("ben@reader.example");
  await box.getByLabel("Name").fill("Ben");
  await box.getByRole("button", { name: "Post Comment" }).click();
}

const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
const plain = (text: string) => text.replace(/\s+/g, " ").trim();
const compact = (html: string) => html.replace(/\s+/g, "").replaceAll('=""', "");
