/**
 * The words of a text as SQLite's unicode61 takes them (https://www.sqlite.org/fts5.html 4.3.1), so that both engines
 * find the same: letters and digits make a word, everything else ends it; case and the marks on Latin letters do not count.
 */
import type { SearchQuery } from "../dialect.ts";

/** PostgreSQL takes lexemes of less than 2 kB, and no text needs a longer word to be found. */
const LONGEST = 200;
/** Between two fields, so that no phrase reaches from one into the next. */
const GAP = 10;

const NOT_A_WORD = /[^\p{L}\p{N}\p{Co}\u{300}-\u{331}]+/u;
const MARKS = /[\u{300}-\u{331}]/gu;
const MARKED_LATIN = /^([a-z])\p{M}+$/u;
/** Letters that stand for another of their kind, beyond lower case. */
const SAME: Readonly<Record<string, string>> = { ς: "σ", ſ: "s", µ: "μ" };

export function wordsOf(text: string): string[] {
  const words = text.split(NOT_A_WORD).map((run) => [...run].map(fold).join("").replace(MARKS, ""));
  return words.filter((word) => word !== "").map((word) => [...word].slice(0, LONGEST).join(""));
}

function fold(letter: string): string {
  const lower = letter.toLowerCase();
  if (lower <= "\u{7f}") return lower;
  return SAME[lower] ?? MARKED_LATIN.exec(lower.normalize("NFD"))?.[1] ?? lower;
}

/** Before the number of a site among the words; no text has a word that begins so. */
const SITE = "#";

/** A tsvector's text: each word with its places, and the site, so that the words of others cost a search nothing. */
export function vectorOf(site: number, fields: readonly string[]): string {
  const places = new Map<string, number[]>();
  let place = 0;
  for (const field of fields) {
    for (const word of wordsOf(field)) {
      const known = places.get(word);
      if (known) known.push(++place);
      else places.set(word, [++place]);
    }
    place += GAP;
  }
  return [`'${SITE}${site}'`, ...[...places].map(([word, at]) => `'${word}':${at.join(",")}`)].join(" ");
}

/** A tsquery's text in which nothing a person wrote is syntax; null where no letter or digit is left to look for. */
export function tsqueryOf({ text, site }: Pick<SearchQuery, "text" | "site">): string | null {
  const phrases = text
    .split(/\s+/)
    .filter((part) => /[\p{L}\p{N}]/u.test(part))
    .map(wordsOf);
  if (phrases.length === 0) return null;
  const last = phrases.length - 1;
  const sought = phrases.map((words, i) => {
    // The star makes the last word a beginning.
    const quoted = words.map((word, j) => `'${word}'${i === last && j === words.length - 1 ? ":*" : ""}`);
    return `(${quoted.join(" <-> ")})`;
  });
  return [...(site === undefined ? [] : [`'${SITE}${site}'`]), ...sought].join(" & ");
}
