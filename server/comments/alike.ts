import { LOOKALIKES } from "./lookalikes.ts";

/**
 * For what a name may be taken at a glance: its skeletons by UTS #39 4, with case, accents, punctuation, spaces and invisible
 * characters folded away. Two names look alike where they have one in common.
 *
 * A capital may look like a letter of another name (I and l), and so may its small one: hence both orders of folding.
 */
export function skeletons(name: string): ReadonlySet<string> {
  const together = name.replace(/[\p{P}\p{S}\p{Z}]/gu, "");
  const all = [name, together].flatMap((text) => [bare(seen(text)), bare(seen(text.toLowerCase()))]);
  return new Set(all.filter((skeleton) => skeleton !== ""));
}

export const haveOneInCommon = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some((one) => b.has(one));

/** Each letter as the one that it looks like. */
const seen = (text: string) =>
  [...text.normalize("NFD").replace(/\p{Default_Ignorable_Code_Point}/gu, "")].map(prototypeOf).join("").normalize("NFD");

const bare = (text: string) =>
  text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[^\p{L}\p{N}\p{M}]|[\u0300-\u036f]/gu, "");

const prototypes = new Map(
  LOOKALIKES.trim()
    .split(/,\s*/)
    .flatMap((line) => {
      const [target = "", ...sources] = line
        .split(" ")
        .map((codes) => String.fromCodePoint(...codes.split("+").map((hex) => parseInt(hex, 16))));
      return sources.map((source) => [source, target] as const);
    }),
);

/** What the table leaves out is told by the letter's compatibility form, such as that of 𝐀. */
const prototypeOf = (letter: string) =>
  prototypes.get(letter) ?? [...letter.normalize("NFKC")].map((part) => prototypes.get(part) ?? part).join("");
