import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderHtml } from "../../server/comments/foreign-html.ts";
import { renderMarkdown, RENDER_VERSION } from "../../server/comments/markdown.ts";
import type { NewRow } from "../../server/store/records.ts";
import { corpusFiles, corpusJson, corpusText, haveCorpora } from "../corpora.ts";
import { hostileTexts, strings } from "../text/oracle.ts";
import { expectOnlyOurs, showAll, watch } from "./breach.ts";
import { type Blog, launch, openBlog, plainPage } from "./browser.ts";

/** One answer holds so many threads, and comments in all. */
const THREADS = 50;
const COMMENTS = 200;

describe.runIf(haveCorpora)("texts made to break out, in a browser without a policy", () => {
  let browser: Browser;
  let blog: Blog;
  /** Address of each page of the blog, and how many comments it has. */
  const pages = new Map<string, number>();

  beforeAll(async () => {
    [browser, blog] = await Promise.all([launch(), openBlog()]);
    const texts = [...hostileTexts({ json: corpusJson, text: corpusText }), ...strings(corpusJson("attacks/patt-css-injection.json"))];
    expect(texts.length).toBeGreaterThan(1_000);
    for (let from = 0; from < texts.length; from += COMMENTS) {
      const some = texts.slice(from, from + COMMENTS);
      await blog.services.store.load(rowsOf(blog, `/from-${from}`, some));
      pages.set(blog.page(`/from-${from}`, plainPage({ script: `data-title='${attribute(some[0]!)}'` })), some.length);
    }
  });
  afterAll(async () => {
    await browser.close();
    await blog.close();
  });

  test("shown by the widget, nothing runs, nothing is fetched, nothing leaves its place", async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 800 }, reducedMotion: "reduce" });
    const page = await context.newPage();
    const { signs } = await watch(context, page, [blog.url, blog.comments]);
    for (const [url, count] of pages) {
      await page.goto(url);
      await page
        .locator("you-figure article")
        .nth(count - 1)
        .waitFor({ state: "attached" });
      await showAll(page);
      await expectOnlyOurs(page, "you-figure");
      expect([page.url(), ...signs]).toEqual([url]);
    }
    await context.close();
  });

  test("shown by the server, nothing runs, nothing is fetched, nothing leaves its place", async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 800 }, bypassCSP: true });
    const page = await context.newPage();
    const { signs } = await watch(context, page, [blog.comments]);
    for (const [url, count] of pages) {
      const address = `${blog.comments}/thread?url=${encodeURIComponent(url)}`;
      await page.goto(address);
      expect(await page.locator("article").count()).toBe(count);
      await expectOnlyOurs(page, "main");
      expect([page.url(), ...signs]).toEqual([address]);
    }
    await context.close();
  });

  test("what turns the direction of writing stays within its comment: name, time and actions stand where they stand under a plain one (S-13)", async () => {
    const samples = corpusFiles("unicode/trojan-source").map((name) => corpusText(`unicode/trojan-source/${name}`));
    const turning = strings(corpusJson("unicode/blns.json")).filter((text) => /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(text));
    const unclosed = ["\u202e", "\u2067", "\u202b\u2067\u202e"].map((marks) => `${marks}said`);
    const texts = ["Plain words.", ...samples, ...samples.map((text) => `\`\`\`c\n${text}\n\`\`\``), ...turning, ...unclosed].slice(
      0,
      THREADS,
    );
    expect(texts.length).toBeGreaterThan(40);
    const rows = rowsOf(blog, "/turned", texts).map((row) => ({
      ...row,
      parent: null,
      name: "Anna",
      website: "",
      role: null,
      createdAt: 0,
    }));
    // Names are cleaned when they come in; one from before that still stays in its place.
    await blog.services.store.load(rows.map((row, index) => (index % 10 === 9 ? { ...row, name: "\u202eA\u2067\u202bnna" } : row)));
    const context = await browser.newContext({ viewport: { width: 900, height: 800 }, reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.goto(blog.page("/turned", plainPage()));
    await page
      .locator("you-figure article")
      .nth(texts.length - 1)
      .waitFor({ state: "attached" });
    await showAll(page);
    const places = await page.locator("you-figure article").evaluateAll((articles) =>
      articles.map((article) =>
        [...article.querySelectorAll("header > img, .who > *, .acts > *")].map((part) => {
          const { left, width } = part.getBoundingClientRect();
          return [part.className, Math.round(left), Math.round(width)];
        }),
      ),
    );
    expect(places[0]!.length).toBe(4);
    for (const [index, place] of places.entries()) expect(place, texts[index]).toEqual(places[0]);
    await context.close();
  });
});

/**
 * Threads of four, each text drawn as Markdown and as an import's HTML, and as name and website at once, past the
 * checks on names and websites: what a store holds may be older than its rules.
 */
function rowsOf(blog: Blog, path: string, texts: readonly string[]): NewRow[] {
  const { services, site, url } = blog;
  const rows: NewRow[] = [];
  for (const [index, text] of texts.entries()) {
    const first = rows[index - (index % (COMMENTS / THREADS))];
    const options = { images: false };
    rows.push({
      site: site.id,
      pageKey: new URL(url).host + path,
      pageTitle: text.slice(0, 200),
      id: services.newId(),
      parent: first?.id ?? null,
      status: "approved",
      reason: null,
      name: text.slice(0, 80),
      email: "",
      website: text,
      role: index % 50 === 0 ? text.slice(0, 40) : null,
      source: text,
      format: "markdown",
      body: [...renderMarkdown(text, options), ...renderHtml(text, options)],
      renderVersion: RENDER_VERSION,
      createdAt: services.now(),
      ipHash: null,
    });
  }
  return rows;
}

const attribute = (text: string) => text.replaceAll("&", "&amp;").replaceAll("'", "&#39;");
