import type { Language } from "../locale/format.ts";
import { escape, page, type SignInPage } from "./sign-in-page.ts";
import { textsOf } from "./texts.ts";

/** Providers that are many servers: the window asks which. */
export const ASKING = ["mastodon", "bluesky"] as const;
export type Asking = (typeof ASKING)[number];

export interface AskPage {
  lang: Language;
  provider: Asking;
  label: string;
  /** What was written before. */
  said: string;
  /** Nobody was there. */
  failed: boolean;
}

/** Asks the reader where they are at home. */
export function askPage({ lang, provider, label, said, failed }: AskPage): SignInPage {
  const { ask: say } = textsOf(lang);
  const title = say("title", { way: label });
  const described = failed ? "hint failed" : "hint";
  return page({
    lang,
    title,
    body: `<h1>${escape(title)}</h1>
<form method="post" action="/auth/ask/${provider}"><p><label for="said">${escape(say(provider))}</label>
<input class="wide" id="said" name="said" dir="ltr" value="${escape(said)}" required maxlength="300" autocapitalize="none" autocomplete="off" spellcheck="false" autofocus aria-describedby="${described}"${failed ? ` aria-invalid="true"` : ""}></p>
<p id="hint">${escape(say(`${provider}_hint`))}</p>${failed ? `<p id="failed" class="wrong" role="alert">${escape(say("failed"))}</p>` : ""}
<p><button>${escape(say("go"))}</button></p></form>`,
  });
}

/** Goes on to the server that was named. A form may lead to our own pages alone, so this page does it. */
export function goingPage(lang: Language, address: string): SignInPage {
  const text = textsOf(lang).ask("going", { host: new URL(address).host });
  return page({ lang, title: text, body: `<p role="status"><a href="${escape(address)}">${escape(text)}</a></p>`, refresh: address });
}
