import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Fields } from "../../server/comments/fields.ts";
import { renderMarkdown } from "../../server/comments/markdown.ts";
import { countLinks, judge, type Judged } from "../../server/comments/policy.ts";
import { wordFinder } from "../../server/comments/words.ts";
import { corpusJson, corpusText, haveCorpora } from "../corpora.ts";
import { strings } from "./oracle.ts";

const LAX: Judged["settings"] = { holdAll: false, holdFirst: false, holdLinks: 0, holdWords: [], trashWords: [] };

function verdict(text: string, settings: Partial<Judged["settings"]>, fields: Partial<Fields> = {}, known = true) {
  const all: Fields = { name: "Ann", email: "ann@mail.example", website: "", title: "", ...fields, body: text };
  return judge({
    fields: all,
    body: renderMarkdown(text, { images: false }),
    settings: { ...LAX, ...settings },
    known,
    impersonates: false,
  });
}

const TWO_LINKS = "https://a.example https://b.example";

describe("the owner's rules", () => {
  test("let a comment pass to which none applies", () => {
    expect(verdict("Hello", {})).toEqual({ status: "approved", reason: null });
    expect(verdict("Hello", { holdFirst: true, holdLinks: 2, holdWords: ["spam"], trashWords: ["casino"] })).toEqual({
      status: "approved",
      reason: null,
    });
  });

  test("run in their order, and the first that applies decides", () => {
    const all = { trashWords: ["casino"], holdAll: true, holdLinks: 2, holdWords: ["spam"], holdFirst: true };
    expect(verdict(`casino spam ${TWO_LINKS}`, all, {}, false)).toEqual({ status: "trash", reason: "disallowed_word" });
    expect(verdict(`spam ${TWO_LINKS}`, all, {}, false)).toEqual({ status: "held", reason: "all" });
    expect(verdict(`spam ${TWO_LINKS}`, { ...all, holdAll: false }, {}, false)).toEqual({ status: "held", reason: "links" });
    expect(verdict("spam", { ...all, holdAll: false }, {}, false)).toEqual({ status: "held", reason: "word" });
    expect(verdict("Hello", { ...all, holdAll: false }, {}, false)).toEqual({ status: "held", reason: "first" });
    expect(verdict("Hello", { ...all, holdAll: false }, {}, true)).toEqual({ status: "approved", reason: null });
  });

  test("count links as they are drawn, the author's own website not among them", () => {
    const links = (text: string) => countLinks(renderMarkdown(text, { images: false }));
    expect(links("`https://a.example` [x](javascript:alert) \\[x](https://a.example")).toBe(1);
    expect(links("> - [x](https://a.example)\n> - https://b.example c@d.example ![y](https://e.example)")).toBe(4);
    expect(countLinks(renderMarkdown("![y](https://e.example)", { images: true }))).toBe(1);
    expect(verdict("https://a.example", { holdLinks: 2 }, { website: "https://b.example/" }).status).toBe("approved");
    expect(verdict("https://a.example", { holdLinks: 1 })).toEqual({ status: "held", reason: "links" });
    expect(verdict(TWO_LINKS, { holdLinks: 0 }).status).toBe("approved");
  });

  test.each([
    ["name", { name: "Casino Royale" }],
    ["e-mail", { email: "casino@mail.example" }],
    ["website", { website: "https://casino.example/" }],
  ])("look for words in the %s too", (_, fields) => expect(verdict("Hello", { trashWords: ["casino"] }, fields).status).toBe("trash"));

  test("see a word that markup, a link's address or invisible characters part or hide", () => {
    for (const text of ["ca**si**no", "[x](https://casino.example/)", "cas\u200bino", "ｃａｓｉｎｏ", "CASINO!", "a casino\nb"]) {
      expect(verdict(text, { holdWords: ["casino"] }), text).toEqual({ status: "held", reason: "word" });
    }
  });
});

describe("a word", () => {
  const finds = (word: string, text: string) => wordFinder([text])(word);
  test.each([
    ["press", "WordPress", false],
    ["*press", "WordPress", true],
    ["*press", "pressure", false],
    ["press*", "pressure", true],
    ["*press*", "WordPressing", true],
    ["press", "press-release", true],
    ["press", "x press.", true],
    ["straße", "Die STRASSE", false],
    ["STRAẞE", "die straße", true],
    ["мир", "Мир!", true],
    ["мир", "кумир", false],
    ["日本", "日本語", false],
    ["*日本*", "これは日本語", true],
    ["buy now", "Buy \t  now", true],
    ["c++", "I like c++", true],
    ["c++", "c++11", true],
    ["😀", "a😀b", true],
    ["𝔸", "x", false],
    ["a", "\u{1d538}", true],
    ["", "x", false],
    ["*", "x", false],
    ["**", "x", false],
    [" ", "x y", false],
    ["(a+)+$", "aaaa", false],
    [".*", "anything", false],
  ])("%j in %j: %s", (word, text, found) => expect(finds(word, text)).toBe(found));

  test("that stands alone in a text is found there", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zа-яé0-9]{1,12}$/u), fc.stringMatching(/^[a-zа-яé0-9]{0,12}$/u), (word, other) => {
        expect(finds(word, `${other}, ${word.toUpperCase()}. ${other}`)).toBe(true);
        expect(finds(word, `q${word}`)).toBe(`q${word}` === word);
      }),
    );
  });
});

describe.skipIf(!haveCorpora)("with the corpora", () => {
  test("no word and no text keeps a rule busy", () => {
    const texts = [
      ...strings(corpusJson("attacks/patt-redos.json")).flatMap((text) => text.split("\n")),
      ...corpusText("spam/wp-disallowed-keys.txt").split("\n"),
    ].filter(Boolean);
    const words = texts.map((text) => text.slice(0, 100)).slice(0, 1_000);
    const bodies = [...texts.slice(0, 20), `${"a".repeat(9_999)}!`, "ab".repeat(5_000), "a ".repeat(5_000)];
    const before = process.cpuUsage();
    for (const text of bodies) verdict(text, { holdWords: words, trashWords: words });
    const { user } = process.cpuUsage(before);
    // Microseconds. Far above what it takes, far below what one runaway pattern would.
    expect(user / bodies.length).toBeLessThan(1_000_000);
  });
});
