import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { LANGUAGES } from "../../server/locale/format.ts";
import { root } from "./tree.ts";

type Texts = Record<string, string | Record<string, string>>;

const catalogues = readdirSync(join(root, "server/locale/en")).filter((name) => name.endsWith(".ts"));

/** Each export of a catalogue file is one table of texts. */
async function textsOf(language: string, file: string): Promise<Texts> {
  const path = join(root, "server/locale", language, file);
  expect(existsSync(path), `${language}/${file} exists`).toBe(true);
  const loaded = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  return Object.assign({}, ...Object.values(loaded).filter((value) => typeof value === "object")) as Texts;
}

const placesOf = (text: string | Record<string, string> | undefined) =>
  [...new Set([...JSON.stringify(text ?? "").matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].filter((name) => name !== "n").toSorted();

for (const language of LANGUAGES) {
  it.each(catalogues)(`${language}/%s says everything that English says, with the same places to fill`, async (file) => {
    const english = await textsOf("en", file);
    const texts = await textsOf(language, file);
    expect(Object.keys(texts).toSorted()).toEqual(Object.keys(english).toSorted());
    for (const key of Object.keys(english)) expect([key, placesOf(texts[key])]).toEqual([key, placesOf(english[key])]);
    const empty = Object.keys(texts).filter((key) => texts[key] === "");
    expect(empty).toEqual([]);
  });

  it.each(catalogues)(`${language}/%s has every plural form of its language`, async (file) => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
    for (const [key, text] of Object.entries(await textsOf(language, file))) {
      // One form for every number is a choice; some forms but not all is an omission.
      if (typeof text === "object" && Object.keys(text).length > 1)
        expect([
          key,
          Object.keys(text)
            .filter((form) => /^(?:zero|one|two|few|many|other)$/.test(form))
            .toSorted(),
        ]).toEqual([key, categories]);
    }
  });
}
