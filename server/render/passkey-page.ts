/** The page on which a reader who comes back uses a passkey: the one page here that does nothing without JavaScript. */
import type { Language } from "../locale/format.ts";
import { escape, page, type SignInPage } from "./sign-in-page.ts";
import { textsOf } from "./texts.ts";

export interface PasskeyView {
  lang: Language;
  site: string;
  /** Of the page on which the sign-in was begun. */
  origin: string;
  /** For navigator.credentials.get(). */
  options: string;
  /** Whether one was given that is not known here. */
  unknown: boolean;
}

/** A button, since some browsers ask for a passkey only after a click. */
const USE = `const f=document.querySelector("form"),P=globalThis.PublicKeyCredential,say=id=>{for(const p of document.querySelectorAll("[role=alert]"))p.hidden=p.id!==id};
if(!P?.parseRequestOptionsFromJSON){say("cannot");f.hidden=true}
f.addEventListener("submit",e=>{if(f.credential.value)return;e.preventDefault();
navigator.credentials.get({publicKey:P.parseRequestOptionsFromJSON(JSON.parse(f.dataset.options))}).then(c=>{f.credential.value=JSON.stringify(c.toJSON());f.requestSubmit()},()=>say("none"))})`;

export function askForPasskeyPage({ lang, site, origin, options, unknown }: PasskeyView): SignInPage {
  const { ways: say } = textsOf(lang);
  const title = say("passkey_title", { site });
  const alert = (id: "unknown" | "none" | "cannot", shown: boolean) =>
    `<p class="wrong" role="alert" id="${id}"${shown ? "" : " hidden"}>${escape(say(`passkey_${id}`))}</p>`;
  return page({
    lang,
    title,
    body: `<h1>${escape(title)}</h1><p class="from"><bdi>${escape(origin)}</bdi></p><p>${escape(say("passkey_why"))}</p>
${alert("unknown", unknown)}${alert("none", false)}${alert("cannot", false)}<noscript><p class="wrong">${escape(say("passkey_cannot"))}</p></noscript>
<form method="post" action="/auth/passkey" data-options="${escape(options)}"><input type="hidden" name="credential"><p><button autofocus>${escape(say("passkey_use"))}</button></p></form>`,
    script: USE,
  });
}
