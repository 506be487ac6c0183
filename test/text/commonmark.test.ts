import { describe, expect, test } from "vitest";
import { renderMarkdown } from "../../server/comments/markdown.ts";
import { corpusJson, haveCorpora } from "../corpora.ts";
import differences from "./commonmark-differences.json" with { type: "json" };
import { normal, type Tree, treeOfHtml, withBreaks } from "./tree-of-html.ts";

interface Example {
  example: number;
  section: string;
  markdown: string;
  html: string;
}
const examples = haveCorpora ? (corpusJson("markdown/commonmark-spec.json") as Example[]) : [];
const draw = (markdown: string): Tree => normal(renderMarkdown(markdown, { images: true }));

/** What still holds of an example in spite of its difference. */
const STILL_HOLDS: Record<string, (example: Example) => void> = {
  "line ends within a paragraph are kept as breaks": ({ markdown, html }) => expect(draw(markdown)).toEqual(withBreaks(treeOfHtml(html))),
  "relative addresses are no links, the same with absolute ones are": ({ markdown, html }) =>
    expect(draw(withAbsolute(markdown))).toEqual(withBreaks(treeOfHtml(html.replace(/(?<=(?:href|src)=")(?!https?:)\/?/g, BASE)))),
};

const BASE = "https://e.example/";
function withAbsolute(markdown: string): string {
  return markdown
    .replace(
      /(?<![\w/<>:.-])(?:\/(?:url\d?|uri\d?|path\/to|foo|bar|baz)[\w./-]*|train\.jpg|moon\.jpg|foo\.bar)(?=[\s)"<>*?]|$)/gm,
      (path) => BASE + path.replace(/^\//, ""),
    )
    .replace(/(?<=[(<]|: )(?:#[\w?=]+|\/[\w/]+)(?=[)>\s])/g, (path) => BASE + path.replace(/^\//, ""));
}

describe.skipIf(!haveCorpora)("CommonMark's examples", () => {
  const reasonOf = new Map(Object.entries(differences).flatMap(([reason, numbers]) => numbers.map((n) => [n, reason] as const)));

  test("are all here, and each listed difference names one", () => {
    expect(examples.length).toBe(655);
    expect(reasonOf.size).toBe(Object.values(differences).flat().length);
    expect([...reasonOf.keys()].every((n) => examples.some(({ example }) => example === n))).toBe(true);
  });

  test.each(examples.map((example) => [example.example, example] as const))("example %i", (number, example) => {
    const reason = reasonOf.get(number);
    if (reason === undefined) expect(draw(example.markdown)).toEqual(treeOfHtml(example.html));
    // The list only shrinks: what passes again must leave it.
    else expect(draw(example.markdown)).not.toEqual(treeOfHtml(example.html));
    if (reason !== undefined) STILL_HOLDS[reason]?.(example);
  });
});
