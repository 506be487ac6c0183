import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ImportError } from "../../server/import/importer.ts";
import { timeOf } from "../../server/new-id.ts";
import { corpusJson, corpusText, haveCorpora } from "../corpora.ts";
import { comment, type Desk, importDesk, item, wxr } from "./import-setup.ts";

const PAGE = "https://blog.example/post/";
let desk: Desk;
beforeEach(async () => void (desk = await importDesk()));
afterEach(() => desk.close());

const byName = async () => new Map((await desk.rows()).map((row) => [row.name, row]));

describe("an import", () => {
  test("keeps the states, dates, names, addresses and titles", async () => {
    const states = ["1", "0", "spam", "trash", "post-trashed", "?"];
    const comments = states.map((approved, n) =>
      comment(n + 1, { approved, author: `N${n}`, author_email: "Ann@Example.com", author_url: "http://ann.example" }),
    );
    const report = await desk.runText(item(PAGE, comments.join(""), "Salt &amp; Pepper &amp;amp; more"));
    expect(report.states).toEqual({ approved: 1, held: 2, spam: 1, trash: 2 });
    const rows = await byName();
    expect(states.map((_, n) => rows.get(`N${n}`)!.status)).toEqual(["approved", "held", "spam", "trash", "trash", "held"]);
    expect(rows.get("N0")).toMatchObject({
      key: "blog.example/post",
      email: "Ann@Example.com",
      website: "http://ann.example/",
      createdAt: Date.UTC(2020, 0, 2, 3, 4, 5),
      format: "html",
      reason: null,
      ipHash: null,
    });
    expect(rows.get("N1")!.reason).toBe("import");
    expect((await desk.store.page(desk.site.id, "blog.example/post"))!.title).toBe("Salt & Pepper & more");
  });

  test("falls back to the local date where the other is empty or zero", async () => {
    const date = "2021-05-06 07:08:09";
    await desk.runText(
      item(PAGE, comment(1, { author: "A", date_gmt: "0000-00-00 00:00:00", date }) + comment(2, { author: "B", date_gmt: "", date })),
    );
    const rows = await byName();
    expect([rows.get("A")!.createdAt, rows.get("B")!.createdAt]).toEqual([Date.UTC(2021, 4, 6, 7, 8, 9), Date.UTC(2021, 4, 6, 7, 8, 9)]);
  });

  test("puts replies under their parents in whatever order they come, and though their dates lie", async () => {
    const report = await desk.runText(
      item(
        PAGE,
        comment(3, { author: "C", parent: "2", date_gmt: "2018-01-01 00:00:00" }) +
          comment(2, { author: "B", parent: "1", date_gmt: "2019-01-01 00:00:00" }) +
          comment(1, { author: "A", date_gmt: "2020-01-01 00:00:00" }),
      ),
    );
    expect(report).toMatchObject({ added: 3, orphans: 0 });
    const rows = await byName();
    expect(rows.get("C")!.parent).toBe(rows.get("B")!.id);
    expect(rows.get("C")!.root).toBe(rows.get("A")!.id);
    expect(rows.get("C")!.createdAt).toBe(Date.UTC(2018, 0, 1));
    expect(timeOf(rows.get("C")!.id)).toBe(timeOf(rows.get("A")!.id) + 2);
  });

  test("leaves orphans and circles at top level and counts them", async () => {
    const report = await desk.runText(
      item(
        PAGE,
        comment(1, { author: "A", parent: "99" }) +
          comment(2, { author: "B", parent: "3" }) +
          comment(3, { author: "C", parent: "2" }) +
          comment(4, { author: "D", parent: "4" }),
      ),
    );
    expect(report).toMatchObject({ added: 4, orphans: 3 });
    expect((await desk.rows()).filter(({ parent }) => parent !== null).length).toBe(1);
  });

  test("counts pingbacks, trackbacks and notes of plug-ins, and takes the first two when asked to", async () => {
    const export_ = item(
      PAGE,
      comment(1) + comment(2, { type: "pingback" }) + comment(3, { type: "trackback" }) + comment(4, { type: "order_note" }),
    );
    const without = await desk.runText(export_);
    expect(without).toMatchObject({ read: 4, added: 1, kinds: { pingback: 1, trackback: 1, order_note: 1 } });
    expect(await desk.runText(export_, { pingbacks: true })).toMatchObject({ added: 2, known: 1, kinds: { order_note: 1 } });
  });

  test("names the hosts whose pages are none of the site's, until told that they are", async () => {
    const export_ = item("http://old.example:8080/post?utm_source=x", comment(1)) + item(PAGE, comment(2));
    expect(await desk.runText(export_)).toMatchObject({ added: 1, elsewhere: { "old.example:8080": 1 } });
    expect(await desk.runText(export_, { hosts: ["old.example:8080"] })).toMatchObject({ added: 1, known: 1, elsewhere: {} });
    expect(new Set((await desk.rows()).map(({ key }) => key))).toEqual(new Set(["blog.example/post"]));
  });

  test("writes nothing on a dry run, and says what it would", async () => {
    expect(await desk.runText(item(PAGE, comment(1) + comment(2)), { dryRun: true })).toMatchObject({
      read: 2,
      pages: 1,
      added: 0,
      states: { approved: 2 },
    });
    expect(await desk.rows()).toEqual([]);
  });

  test("tells how far it is", async () => {
    const seen: number[] = [];
    const many = Array.from({ length: 1_200 }, (_, n) => comment(n + 1)).join("");
    await desk.runText(item(PAGE, many), { onProgress: ({ added }) => void seen.push(added) });
    expect(seen.at(-1)).toBe(1_200);
    expect(seen.length).toBeGreaterThan(4);
  });

  test("reads through control characters, stray CDATA ends and prefixes that nothing declares", async () => {
    const report = await desk.runText(`<x:y>&amp; ]]> </x:y>${item(PAGE, comment(1, { content: "a\u0008b" }))}`);
    expect(report.added).toBe(1);
    expect((await desk.rows())[0]!.source).toBe("ab");
  });

  test("reads the encoding that the file says it has", async () => {
    const text = wxr(item(PAGE, comment(1, { author: "Jürgen", content: "Schön" })));
    const latin = text.replace("UTF-8", "ISO-8859-1");
    const cases = [Buffer.from(latin, "latin1"), Buffer.from(`\ufeff${text}`, "utf16le"), Buffer.from(`\ufeff${text}`), Buffer.from(text)];
    for (const bytes of cases) {
      await desk.run(desk.fileOf(bytes));
      expect((await desk.rows()).map(({ name, source }) => `${name}: ${source}`)).toEqual(["Jürgen: Schön"]);
    }
    await expect(desk.run(desk.fileOf(text.replace("UTF-8", "x-nothing")))).rejects.toThrow(ImportError);
  });

  test("takes a date that is none for no reason to stop", async () => {
    const undated = comment(1, { date_gmt: "0000-00-00 00:00:00" });
    for (const date of ["1 Jan 250000 00:00:00 GMT", "-1", "yesterday", "Thu, 02 Jan 2020 03:04:05 +0000"])
      await desk.runText(item(`${PAGE}${encodeURIComponent(date)}/`, `<pubDate>${date}</pubDate>${undated}`));
    expect(new Set((await desk.rows()).map(({ createdAt }) => createdAt)).has(Date.UTC(2020, 0, 2, 3, 4, 5))).toBe(true);
  });

  test("refuses what is no WordPress export", async () => {
    for (const text of ["", "{}", "<html></html>", "\u0000", "<rss><item/></rss>"]) {
      await expect(desk.run(desk.fileOf(text))).rejects.toBeInstanceOf(ImportError);
    }
  });
});

const hostile = haveCorpora
  ? [
      ...(corpusJson("xss/owasp-filter-evasion.json") as string[]),
      ...(corpusJson("xss/js-xss-inputs.json") as string[]),
      ...(corpusJson("xss/sanitize-html-inputs.json") as string[]),
      ...corpusText("xss/markdown-xss-payloads.txt").split("\n"),
    ].filter((text) => text.trim() !== "")
  : [];

describe.skipIf(!haveCorpora)("a hostile export", () => {
  test("brings no address but http, https and mailto, and no name with markup's power", async () => {
    const comments = hostile.map((text, n) => comment(n + 1, { content: `${text} .`, author: text, author_url: text, author_email: text }));
    const report = await desk.runText(item(PAGE, comments.join("")));
    expect(report.added).toBe(hostile.length);
    for (const row of await desk.rows()) {
      expect(row.website).toMatch(/^(?:https?:\/\/[^\s"'<>]*)?$/);
      expect(row.name.length).toBeLessThanOrEqual(160);
      expect(row.name).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      for (const [, href] of JSON.stringify(row.body).matchAll(/\[(?:6|25),"([^"]*)/g)) expect(href).toMatch(/^(?:https?:\/\/|mailto:)/);
    }
  });

  test("never has an entity of its DOCTYPE expanded", async () => {
    const payloads = [
      ...(corpusJson("attacks/patt-xxe.json") as string[]),
      ...corpusText("attacks/xxe-payloads.txt").split(/\n\n(?=<\?xml)/),
    ];
    for (const payload of payloads.filter((text) => text.includes("<!ENTITY"))) {
      const doctype = /<!DOCTYPE[\s\S]*?\]>/.exec(payload)?.[0] ?? "<!DOCTYPE r [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>";
      const entity = /&([a-z]\w*);/i.exec(payload.replace(doctype, ""))?.[1] ?? "e";
      const file = desk.fileOf(
        `<?xml version="1.0"?>${doctype}<rss><channel>${item(PAGE, comment(1).replace("<![CDATA[Hello]]>", `&${entity};`))}</channel></rss>`,
      );
      await expect(desk.run(file)).rejects.toThrow(/not well-formed XML at \d+:\d+: /);
    }
    expect(await desk.rows()).toEqual([]);
  });
});
