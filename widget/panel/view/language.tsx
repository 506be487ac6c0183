import type { VNode } from "preact";
import type { Language } from "#locale/format";
import { language, languageNames, speak, t } from "../state/words.ts";

/** Each language in its own words, so that it is found by who reads it. */
export const LanguageChoice = (): VNode => (
  <label class="language">
    <span>{t("language")}</span>
    <select value={language.value} onChange={(event) => void speak(event.currentTarget.value as Language, true)}>
      {languageNames().map(({ tag, name }) => (
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </select>
  </label>
);
