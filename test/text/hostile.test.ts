import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderHtml } from "../../server/comments/foreign-html.ts";
import { renderMarkdown } from "../../server/comments/markdown.ts";
import { TAGS, textOf } from "../../server/wire/body.ts";
import { corpusJson, corpusText, haveCorpora } from "../corpora.ts";
import { expectSafeTree, hostileTexts, strings } from "./oracle.ts";
import { htmlOf } from "./html-of-tree.ts";

const hostile = haveCorpora ? hostileTexts({ json: corpusJson, text: corpusText }) : [];
const naughty = haveCorpora ? strings(corpusJson("unicode/blns.json")) : [];
const markdown = haveCorpora
  ? strings([
      corpusJson("markdown/gfm-spec.json"),
      corpusJson("markdown/gfm-regression.json"),
      corpusJson("markdown/markdown-it-fatal.json"),
      corpusJson("markdown/markdown-it-xss.json"),
    ])
  : [];

const RENDERERS = { markdown: renderMarkdown, html: renderHtml };

describe.skipIf(!haveCorpora).each(Object.entries(RENDERERS))("as %s", (_, render) => {
  test("no text of the corpora gives more than the allowed elements and addresses", () => {
    expect(hostile.length).toBeGreaterThan(1_000);
    expect(naughty.length).toBeGreaterThan(500);
    for (const text of [...hostile, ...naughty, ...markdown]) {
      for (const images of [true, false]) {
        const body = render(text, { images });
        expectSafeTree(body, JSON.stringify(text));
        expect(JSON.parse(JSON.stringify(body))).toEqual(body);
      }
    }
  });

  test("what was drawn once, written as HTML and drawn again is the same but for the hosts named after links", () => {
    for (const text of [...hostile, ...naughty, ...markdown]) {
      const once = renderHtml(htmlOf(render(text, { images: true })), { images: true });
      const twice = renderHtml(htmlOf(once), { images: true });
      expect(withoutHosts(twice), JSON.stringify(text)).toEqual(withoutHosts(once));
      expectSafeTree(twice, JSON.stringify(text));
    }
  });
});

/** Without the ` (host)` that stands after a link whose text says another. */
function withoutHosts(nodes: readonly unknown[]): unknown[] {
  return nodes.flatMap((node, index) => {
    const link = nodes[index - 1];
    if (Array.isArray(node)) return [withoutHosts(node)];
    if (typeof node !== "string" || !Array.isArray(link) || TAGS[link[0] as number] !== "a") return [node];
    const url = new URL(link[1] as string);
    const shown = ` (${url.protocol === "mailto:" ? url.pathname : url.hostname})`;
    let rest = node;
    while (rest.startsWith(shown)) rest = rest.slice(shown.length);
    return rest === "" ? [] : [rest];
  });
}

describe.each(Object.entries(RENDERERS))("any text as %s", (_, render) => {
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "<",
      ">",
      "*",
      "**",
      "~~",
      "`",
      "```js\n",
      "[a](",
      ")",
      "](http://b.c)",
      "![",
      "> ",
      "- ",
      "1. ",
      "|",
      "\n",
      "\n\n",
      "<a href='",
      "'>",
      "<b>",
      "</b>",
      "<p>",
      "<ul>",
      "<li>",
      "<td>",
      "&lt;",
      "&#x6a;avascript:",
      "http://x.y",
      "www.z.de",
      "\0",
      "\ud800",
      "\u0301",
    ),
  );
  test("gives a safe tree, with and without images", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.boolean(), (pieces, images) =>
        expectSafeTree(render(pieces.join(""), { images }), JSON.stringify(pieces)),
      ),
      { numRuns: 2_000 },
    );
  });
});

test("text without any markup is kept, letter by letter", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zäößé日本語א ]{1,40}$/u), (text) => {
      expect(textOf(renderMarkdown(`x${text}x`, { images: false }))).toBe(`x${text}x\n`);
      expect(textOf(renderHtml(`x${text}x`, { images: false }))).toBe(`x${text}x\n`);
    }),
  );
});
