/** Pages of the window in which a reader signs in. They hold one script each, allowed by its hash. */
import { createHash } from "node:crypto";
import { directionOf, type Language } from "../locale/format.ts";
import { type Texts, textsOf } from "./texts.ts";

export interface SignInPage {
  html: string;
  headers: Record<string, string>;
}

export const escape = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
/** Names are of any direction, whatever the sentence's. */
const isolated = (text: string) => `<bdi>${escape(text)}</bdi>`;

const STYLE = `:root{color-scheme:light dark;background:light-dark(#fff,#16181c);color:light-dark(#1f2328,#e9e7e4);font:1.0625rem/1.5 system-ui,sans-serif;overflow-wrap:break-word}
body{max-width:26rem;margin:0 auto;padding:1.5rem 1.25rem}h1{margin:.5rem 0 1rem;font-size:1.375rem;line-height:1.3}
a{color:light-dark(#8a3324,#f0b49f)}.from,.note{color:light-dark(#57606a,#a9a6a2);font-size:.9375rem}
button,input{min-height:44px;box-sizing:border-box;border:1px solid light-dark(#767d85,#8b8a88);border-radius:4px;background:none;color:inherit;font:inherit}
button{padding:0 1.25em;border-color:currentColor;font-weight:600;cursor:pointer}button:hover{background:light-dark(#f2f2f2,#24272c)}
label{display:block}input{padding:0 .75em}[name=digits]{display:block;width:4em;margin-top:.5em;text-align:center}input.wide{width:100%;margin-top:.5em}:focus-visible{outline:2px solid light-dark(#8a3324,#f0b49f);outline-offset:2px}
[type=checkbox]{min-height:0;width:1.25em;height:1.25em;margin:0 .25em 0 0;vertical-align:-.25em}
[name=code]{display:block;width:9em;margin-top:.5em;letter-spacing:.15em}.code{font:700 2rem/1.2 ui-monospace,monospace;letter-spacing:.15em;direction:ltr;unicode-bidi:isolate}
[hidden]{display:none}.wrong{color:light-dark(#a8201a,#ff9d94);font-weight:600}`;

/** Asks the page that opened this window for the digits, which only the page that began the sign-in can know. */
const ASK = `const {request,origin}=document.body.dataset,d=document.getElementById("digits"),i=document.querySelector("[name=digits]");
addEventListener("message",e=>{if(e.source===opener&&e.origin===origin&&e.data?.request===request&&/^\\d\\d$/.test(e.data.digits)){i.value=e.data.digits;d.hidden=true}});
opener?.postMessage({youFigure:"known",request},origin);`;
/** Makes a passkey before the form goes, where that was ticked; the rest of the form goes with or without. */
const OFFER = `const f=document.querySelector("form"),k=document.getElementById("passkey"),P=globalThis.PublicKeyCredential;
if(P?.parseCreationOptionsFromJSON){k.hidden=false;
f.addEventListener("submit",e=>{if(!f.use.checked||f.passkey.value)return;e.preventDefault();
navigator.credentials.create({publicKey:P.parseCreationOptionsFromJSON(JSON.parse(k.dataset.options))}).then(c=>{f.passkey.value=JSON.stringify(c.toJSON());f.requestSubmit()},()=>{f.use.checked=false;k.querySelector("[role=status]").hidden=false})})}`;
const offer = (options: string, made: string, say: Texts["ways"]) =>
  `<div id="passkey" data-options="${escape(options)}" hidden><input type="hidden" name="passkey" value="${escape(made)}">
<p><label><input type="checkbox" name="use"${made && " checked"}> ${escape(say("passkey_offer"))}</label></p><p role="status" hidden>${escape(say("passkey_not_made"))}</p></div>`;
const DONE = `const {request,origin}=document.body.dataset;opener?.postMessage({youFigure:"done",request},origin);close()`;

export function page({ lang, title, body, script = "", data = {}, formTo = "", refresh = "" }: Parts): SignInPage {
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const attributes = Object.entries(data).map(([name, value]) => ` data-${name}="${escape(value)}"`);
  return {
    html: `<!doctype html>
<html lang="${lang}" dir="${directionOf(lang)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${refresh && `<meta http-equiv="refresh" content="0;url=${escape(refresh)}">`}<title>${escape(title)}</title><style>${STYLE}</style></head>
<body${attributes.join("")}><main>${body}</main>${script && `<script>${script}</script>`}</body></html>
`,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; style-src ${hash(STYLE)}; script-src ${script ? hash(script) : "'none'"}; form-action 'self'${formTo && ` ${formTo}`}; base-uri 'none'; frame-ancestors 'none'`,
      // The page that opened it must be able to send it on, and to hear of it.
      "cross-origin-opener-policy": "unsafe-none",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "no-store",
      "x-robots-tag": "noindex",
    },
  };
}
export interface Parts {
  lang: Language;
  title: string;
  body: string;
  script?: string;
  data?: Record<string, string>;
  formTo?: string;
  /** Where it goes on by itself. */
  refresh?: string;
}

/** The end of a sign-in that did not work. `back` is the page that was left for it, "" where a window was opened. */
export function failedPage(lang: Language, back: string): SignInPage {
  const { popup: say } = textsOf(lang);
  const wayOut = back === "" ? `<p>${say("close")}</p>` : `<p><a href="${escape(back)}">${say("back")}</a></p>`;
  return page({ lang, title: say("failed"), body: `<h1>${say("failed")}</h1><p>${say("again")}</p>${wayOut}` });
}

export interface Confirming {
  lang: Language;
  request: string;
  origin: string;
  /** Whether the digits are asked at all. */
  digits: boolean;
  wrong: "" | "digits" | "name";
  /** "" where nobody told one: then it is asked. */
  name: string;
  site: string;
  /** Options to make a passkey for the next time, "" where none is offered. */
  passkey: string;
  /** What a browser made of them already. */
  made: string;
}

function askForName({ lang, wrong }: Confirming): string {
  const { ways: say } = textsOf(lang);
  const alert = wrong === "name" ? `<p class="wrong" role="alert">${escape(say("name_wrong"))}</p>` : "";
  return `${alert}<p><label>${escape(say("name_label"))} <input class="wide" name="name" autocomplete="name" maxlength="200" required autofocus></label></p>`;
}

/** “Continue as ANNA on SITE?” Nothing has happened until the button is pressed. */
export function confirmPage(view: Confirming): SignInPage {
  const { lang, request, origin, digits, wrong, name, site, passkey, made } = view;
  const { popup: say } = textsOf(lang);
  const ask = name === "" ? "askNameless" : "ask";
  const field = `<div id="digits"><p><label>${say("digits")} <input name="digits" inputmode="numeric" autocomplete="off" maxlength="2" dir="ltr"></label></p>
<p class="note">${say("digitsNone")}</p></div>`;
  return page({
    lang,
    title: say(ask, { name, site }),
    body: `<h1>${say(ask, { name: isolated(name), site: isolated(site) })}</h1><p class="from"><bdi>${escape(origin)}</bdi></p>
<form method="post" action="/auth/confirm"><input type="hidden" name="request" value="${escape(request)}">
${name === "" ? askForName(view) : ""}${wrong === "digits" ? `<p class="wrong" role="alert">${say("digitsWrong")}</p>` : ""}${digits ? field : ""}${passkey ? offer(passkey, made, textsOf(lang).ways) : ""}<p><button>${say("goOn")}</button></p></form>`,
    script: `${digits ? ASK : ""}${passkey ? OFFER : ""}`,
    ...(digits && { data: { request, origin } }),
    formTo: digits ? "" : origin,
  });
}

export function donePage({ lang, request, origin }: Pick<Confirming, "lang" | "request" | "origin">): SignInPage {
  const { popup: say } = textsOf(lang);
  return page({ lang, title: say("done"), body: `<h1>${say("done")}</h1><p>${say("close")}</p>`, script: DONE, data: { request, origin } });
}
