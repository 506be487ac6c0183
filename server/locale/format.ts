/** A text with {name} places, or one text for each plural category (CLDR) of its {n}. */
export type Message = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);

/** Makes the shape that other languages must fill: the same keys, any texts; plural texts stay plural. */
export type Catalogue<English> = { readonly [Key in keyof English]: English[Key] extends string ? string : Message };

const rules = new Map<string, Intl.PluralRules>();

/** Fills a message for a language (BCP 47 tag). Numbers are written as that language writes them. */
export function format(lang: string, message: Message, values: Readonly<Record<string, string | number>> = {}): string {
  let text: string;
  if (typeof message === "string") text = message;
  else {
    let rule = rules.get(lang);
    if (!rule) rules.set(lang, (rule = new Intl.PluralRules(lang)));
    text = message[rule.select(Number(values["n"]))] ?? message.other;
  }
  return text.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    return value === undefined ? place : typeof value === "number" ? value.toLocaleString(lang) : value;
  });
}

export const LANGUAGES = ["en", "de", "ar"] as const;
export type Language = (typeof LANGUAGES)[number];

/** The best language we have for a tag such as `de-AT`; English when there is none. */
export function languageFor(tag: string | null | undefined): Language {
  const base = tag?.toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === base) ?? "en";
}

export const directionOf = (language: Language): "ltr" | "rtl" => (language === "ar" ? "rtl" : "ltr");
