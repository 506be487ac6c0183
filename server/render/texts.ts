import * as ar from "../locale/ar/index.ts";
import * as de from "../locale/de/index.ts";
import * as en from "../locale/en/index.ts";
import type { Language } from "../locale/format.ts";
import { type Say, sayIn } from "../../widget/view/reading.ts";

const CATALOGUES = { en, de, ar } as const;

export interface Texts {
  thread: Say<typeof en.thread>;
  box: Say<typeof en.box>;
  page: Say<typeof en.page>;
  mail: Say<typeof en.mail>;
  ask: Say<typeof en.ask>;
  popup: Say<typeof en.popup>;
  ways: Say<typeof en.ways>;
  yours: Say<typeof en.yours>;
}

/** The texts of the server's own pages in one language. */
export function textsOf(lang: Language): Texts {
  // The other languages have the English keys (their own files are checked for that), with words of their own.
  const { thread, box, page, mail, ask, popup, ways, yours } = CATALOGUES[lang] as typeof en;
  return {
    thread: sayIn(lang, thread),
    box: sayIn(lang, box),
    page: sayIn(lang, page),
    mail: sayIn(lang, mail),
    ask: sayIn(lang, ask),
    popup: sayIn(lang, popup),
    ways: sayIn(lang, ways),
    yours: sayIn(lang, yours),
  };
}
