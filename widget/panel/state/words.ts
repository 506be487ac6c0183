import { signal } from "@preact/signals";
import { panel as english } from "#locale/en/panel";
import { type Catalogue, directionOf, format, type Language, languageFor, LANGUAGES } from "#locale/format";

type Words = Catalogue<typeof english>;
export type Word = keyof typeof english;

const KEPT = "youfigure-language";

export const language = signal<Language>("en");
const words = signal<Words>(english);

/** The text of this language; `n` chooses the plural. Read in a component, it follows a change of language. */
export const t = (word: Word, values?: Readonly<Record<string, string | number>>): string =>
  format(language.value, words.value[word], values);

/** A text whose key follows the wire's names, or undefined where the wire knows more than we do. */
export const tName = (word: string, values?: Readonly<Record<string, string | number>>): string | undefined =>
  Object.hasOwn(english, word) ? t(word as Word, values) : undefined;

/** Takes the language chosen here before, else the browser's. */
export const chooseFirstLanguage = (): Promise<void> => speak(languageFor(localStorage.getItem(KEPT) ?? navigator.language));

/** Other languages are fetched when they are needed. */
export async function speak(next: Language, keep = false): Promise<void> {
  words.value = await catalogueOf(next);
  language.value = next;
  document.documentElement.lang = next;
  document.documentElement.dir = directionOf(next);
  if (keep) localStorage.setItem(KEPT, next);
}

async function catalogueOf(language: Language): Promise<Words> {
  if (language === "de") return (await import("#locale/de/panel")).panel;
  if (language === "ar") return (await import("#locale/ar/panel")).panel;
  return english;
}

/** Each language by its own name. */
export const languageNames = (): { tag: Language; name: string }[] =>
  LANGUAGES.map((tag) => ({ tag, name: new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag }));
