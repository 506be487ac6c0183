import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runImport } from "../../server/import/load.ts";
import type { CommentRow } from "../../server/store/records.ts";
import { textOf } from "../../server/wire/body.ts";
import { corpusPath, haveCorpora } from "../corpora.ts";
import { CANVAS, expectAccessible, expectLegible } from "./axe.ts";
import { type Blog, launch, openBlog, plainPage, visit } from "./browser.ts";

/** A real blog of 2008 to 2015, as WordPress exported it. */
const EXPORT = "import/real/wxr-cc-labs.xml";
const HOST = "labs.creativecommons.org";

describe.runIf(haveCorpora)("a discussion that people once had, read on a page", () => {
  let browser: Browser;
  let blog: Blog;
  /** The page with the most comments: its address here, and what the store has of it, oldest first. */
  let address: string;
  let kept: CommentRow[];

  beforeAll(async () => {
    [browser, blog] = await Promise.all([launch(), openBlog()]);
    const { services, site } = blog;
    const report = await runImport({ services, site, file: corpusPath(EXPORT), hosts: [HOST] });
    expect(report.added).toBe(119);
    const pages = new Map<string, CommentRow[]>();
    for await (const { row, page } of services.store.exportRows(site.id)) pages.set(page.key, [...(pages.get(page.key) ?? []), row]);
    const [longest] = [...pages].sort(([, a], [, b]) => b.length - a.length);
    [address, kept] = [`http://${longest![0]}`, longest![1].filter(({ status }) => status === "approved")];
  });
  afterAll(async () => {
    await browser.close();
    await blog.close();
  });

  const open = () => visit(browser, blog.page("/here", plainPage({ head: `<link rel="canonical" href="${address}">${CANVAS}` })));

  test("every comment is there with all its words, its writer and its date, under the right number", async () => {
    const { page, complaints, context } = await open();
    await page.locator("you-figure .list").waitFor();
    expect(kept.length).toBeGreaterThanOrEqual(10);
    expect(await page.locator("you-figure [part=heading]").textContent()).toBe(`${kept.length} responses to “A plain post”`);
    expectKept(await shownIn(page, "you-figure"), kept);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("axe finds nothing, in light and in dark", async () => {
    const { page, context } = await open();
    await page.locator("you-figure .list").waitFor();
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: "dark" });
    await expectLegible(page);
    await context.close();
  });

  test("the page without JavaScript says the same", async () => {
    const url = `${blog.comments}/thread?url=${encodeURIComponent(address)}`;
    const { page, complaints, context } = await visit(browser, url, { javaScriptEnabled: false });
    expectKept(await shownIn(page, "main"), kept);
    expect(complaints).toEqual([]);
    await context.close();
    const again = await visit(browser, url);
    await expectAccessible(again.page);
    await again.context.close();
  });
});

interface Shown {
  id: string;
  name: string;
  /** RFC 3339. */
  at: string;
  /** All that it says, without spaces: how blocks stand apart is the page's business. */
  text: string;
}

/** What a reader sees of each comment, in the order of the page. */
function shownIn(page: Page, where: string): Promise<Shown[]> {
  return page.locator(`${where} article`).evaluateAll((articles) =>
    articles.map((article) => ({
      id: article.id.replace("comment-", ""),
      name: article.querySelector("[part=name]")?.textContent ?? "",
      at: article.querySelector("time")?.dateTime ?? "",
      text: (article.querySelector(".body")?.textContent ?? "").replace(/\s+/g, ""),
    })),
  );
}

function expectKept(shown: Shown[], kept: readonly CommentRow[]): void {
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  const expected = kept.map(({ id, name, createdAt, body }) => ({
    id,
    name,
    at: new Date(createdAt).toISOString(),
    text: textOf(body).replace(/\s+/g, ""),
  }));
  expect([...shown].sort(byId)).toEqual(expected.sort(byId));
}
