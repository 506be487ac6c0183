import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { haveOneInCommon, skeletons } from "../../server/comments/alike.ts";
import { haveCorpora } from "../corpora.ts";
import { LOOKALIKES_FILE, lookalikesTable, readConfusables } from "./write-lookalikes.ts";

const alike = (a: string, b: string) => haveOneInCommon(skeletons(a), skeletons(b));

describe("two names look alike", () => {
  test.each([
    ["Olga", "OLGA"],
    ["Olga", "Оlgа"],
    ["Ian", "lan"],
    ["Ian", "1an"],
    ["Laura", "Iaura"],
    ["Mary", "rnary"],
    ["Bob", "B0b"],
    ["José", "Jose"],
    ["Нина", "НИНА"],
    ["Νίκος", "Nίκoς"],
    ["Olga", "o-l_g.a"],
    ["Olga", "O\u3164l\u2060g\ufe0fa"],
  ])("%s and %s", (a, b) => expect(alike(a, b)).toBe(true));

  test.each([
    ["Olga", "Helga"],
    ["Ian", "Jan"],
    ["Anna", "Anne"],
    ["", "-"],
    ["李明", "李红"],
    ["سلمى", "سلوى"],
  ])("but not %s and %s", (a, b) => expect(alike(a, b)).toBe(false));

  test("in no more time for long and strange ones", () => {
    const begun = performance.now();
    for (const text of ["\u0301".repeat(80), "ﷺ".repeat(80), "𝓞".repeat(80), "|".repeat(80)]) alike(text, text);
    expect(performance.now() - begun).toBeLessThan(200);
  });
});

describe.runIf(haveCorpora)("UTS #39", () => {
  test("the table is what its writer makes of it", () => {
    expect(readFileSync(LOOKALIKES_FILE, "utf8")).toContain(`\`\n${lookalikesTable()}\n\``);
  });

  test("all that it maps to ASCII letters or digits is seen through, in small and in capitals of the name", () => {
    const ascii = readConfusables().filter(({ target }) => /^[a-z0-9]+$/i.test(target));
    expect(ascii.length).toBeGreaterThan(1_300);
    const missed = ascii.filter(({ source, target }) => !alike(`Bea ${source} Nu`, `Bea ${target} Nu`));
    expect(missed.map(({ source }) => `U+${source.codePointAt(0)!.toString(16)}`)).toEqual([]);
  });

  test("and all that it maps to Greek or Cyrillic letters", () => {
    const western = readConfusables().filter(
      ({ target }) => /^[\p{Script=Greek}\p{Script=Cyrillic}]+$/u.test(target) && /\p{L}/u.test(target),
    );
    expect(western.length).toBeGreaterThan(100);
    expect(western.filter(({ source, target }) => !alike(`Bea ${source} Nu`, `Bea ${target} Nu`))).toEqual([]);
  });
});
