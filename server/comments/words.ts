/**
 * Looks for the owner's words in some texts: whole words, whatever their case, width (NFKC) and invisible characters
 * between; `*part*`, `part*` and `*part` also inside words on the starred side. Words are never made into patterns, so no word and no
 * text can make a search slow.
 */
export function wordFinder(texts: readonly string[]): (word: string) => boolean {
  const haystack = texts.map(fold).join("\n");
  return (word) => {
    const startsInside = word.startsWith("*");
    const endsInside = word.length > 1 && word.endsWith("*");
    const needle = fold(word.slice(startsInside ? 1 : 0, endsInside ? -1 : undefined));
    if (needle === "") return false;
    for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + 1)) {
      const end = at + needle.length;
      if ((startsInside || isBoundary(haystack, at)) && (endsInside || isBoundary(haystack, end))) return true;
    }
    return false;
  };
}

function fold(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\p{Cf}/gu, "")
    .replace(/[^\S\n]+/g, " ")
    .trim();
}

/** UTS #18 1.4, simply: a place that does not stand between two characters of words. */
function isBoundary(text: string, at: number): boolean {
  return !(WORD.test(before(text, at)) && WORD.test(after(text, at)));
}
const WORD = /[\p{L}\p{M}\p{N}_]/u;
const after = (text: string, at: number) => (at < text.length ? String.fromCodePoint(text.codePointAt(at)!) : "");
const before = (text: string, at: number) => {
  const unit = text.charCodeAt(at - 1);
  return unit >= 0xdc00 && unit <= 0xdfff && at > 1 ? text.slice(at - 2, at) : text.slice(Math.max(0, at - 1), at);
};
