/** Pages on which a reader signs in by a letter. They need no JavaScript. */
import type { Language } from "../locale/format.ts";
import { escape, page, type SignInPage } from "./sign-in-page.ts";
import { type Texts, textsOf } from "./texts.ts";

export interface EmailView {
  lang: Language;
  site: string;
  /** Of the page on which the sign-in was begun. */
  origin: string;
  /** What is to be said of what was tried last. */
  said?: "email_bad" | "email_many" | "code_wrong" | "code_over" | "code_soon" | undefined;
}

/** Asks for the address. */
export function askForAddress({ lang, site, origin, said }: EmailView): SignInPage {
  const { ways: say } = textsOf(lang);
  return sheet(lang, say("email_title", { site }), [
    `${from(origin)}<p>${escape(say("email_why"))}</p>`,
    alert(say, said),
    form("send", `<p><label>${escape(say("email_label"))} <input ${EMAIL}></label></p>`, say("email_send")),
  ]);
}

/** Asks for the code. It is the same whoever has an account, and however many letters the address got. */
export function askForTheCode({ lang, said, email }: EmailView & { email: string }): SignInPage {
  const { ways: say } = textsOf(lang);
  return sheet(lang, say("code_title"), [
    `<p>${escape(say("code_why", { email: "\u2068" + email + "\u2069" }))}</p>`,
    alert(say, said),
    form("code", `<p><label>${escape(say("code_label"))} <input ${CODE}></label></p>`, say("go_on")),
    form("send", `<input type="hidden" name="email" value="${escape(email)}">`, say("code_again")),
    `<p><a href="/auth/email?other">${escape(say("code_other"))}</a></p>`,
  ]);
}

/** The link of the letter, where it was asked for: a button, since programs that look through mail open links too. */
export function askAboutLetter({ lang, site, origin, email, letter }: EmailView & { email: string; letter: string }): SignInPage {
  const { ways: say } = textsOf(lang);
  return sheet(lang, say("letter_title", { site, email: `\u2068${email}\u2069` }), [
    from(origin),
    form("link", `<input type="hidden" name="link" value="${escape(letter)}">`, say("go_on")),
  ]);
}

/** The link of the letter, opened in another browser than it was asked for in: only the code, and what to do with it. */
export function showTheCode({ lang, site, origin, code }: EmailView & { code: string }): SignInPage {
  const { ways: say } = textsOf(lang);
  return sheet(lang, say("elsewhere_title", { site }), [
    `<p class="code">${code}</p><p>${escape(say("elsewhere_why"))}</p>${from(origin)}`,
    `<p>${escape(say("elsewhere_else"))}</p>`,
  ]);
}

export function usedLetter(lang: Language): SignInPage {
  const { ways: say } = textsOf(lang);
  return sheet(lang, say("letter_over"), [`<p>${escape(say("close"))}</p>`]);
}

/** RFC 5321 4.5.3.1.3. */
const EMAIL = 'class="wide" type="email" name="email" autocomplete="email" maxlength="254" dir="ltr" required autofocus';
const CODE = 'name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12" dir="ltr" required autofocus';

const sheet = (lang: Language, title: string, parts: string[]) => page({ lang, title, body: `<h1>${escape(title)}</h1>${parts.join("")}` });

const form = (act: string, fields: string, button: string) =>
  `<form method="post" action="/auth/email">${fields}<p><button name="act" value="${act}">${escape(button)}</button></p></form>`;

const alert = (say: Texts["ways"], said: EmailView["said"]) => (said ? `<p class="wrong" role="alert">${escape(say(said))}</p>` : "");

const from = (origin: string) => `<p class="from"><bdi>${escape(origin)}</bdi></p>`;
