/** Pages of the window in which a reader signs in. They hold one script each, allowed by its hash. */
import { createHash } from "node:crypto";
import { directionOf, type Language } from "../locale/format.ts";

export interface SignInPage {
  html: string;
  headers: Record<string, string>;
}

export const escape = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const STYLE =
  ":root{color-scheme:light dark;font:18px/1.5 system-ui,sans-serif}body{max-width:26rem;margin:3rem auto;padding:0 1rem}button,input{font:inherit;min-height:2.6em;padding:0 1em}input{width:3em;text-align:center}input.wide{box-sizing:border-box;width:100%;text-align:start}[hidden]{display:none}.wrong{font-weight:600}";

/** Asks the page that opened this window for the digits, which only the page that began the sign-in can know. */
const ASK = `const {request,origin}=document.body.dataset,d=document.getElementById("digits"),i=document.querySelector("[name=digits]");
addEventListener("message",e=>{if(e.source===opener&&e.origin===origin&&e.data?.request===request&&/^\\d\\d$/.test(e.data.digits)){i.value=e.data.digits;d.hidden=true}});
opener?.postMessage({youFigure:"known",request},origin)`;
const DONE = `const {request,origin}=document.body.dataset;opener?.postMessage({youFigure:"done",request},origin);close()`;

export function page({ title, body, script = "", data = {}, formTo = "", lang = "en", refresh = "" }: Parts): SignInPage {
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
interface Parts {
  title: string;
  body: string;
  script?: string;
  data?: Record<string, string>;
  formTo?: string;
  lang?: Language;
  /** Where it goes on by itself. */
  refresh?: string;
}

export const waitingPage = () => page({ title: "Connecting …", body: `<p role="status">Connecting …</p>` });

export const closedPage = (text: string) => page({ title: text, body: `<h1>${escape(text)}</h1><p>You can close this window.</p>` });

export interface Confirming {
  request: string;
  origin: string;
  /** Whether the digits are asked at all. */
  digits: boolean;
  wrong: boolean;
  name: string;
  site: string;
}

/** “Continue as ANNA on SITE?” Nothing has happened until the button is pressed. */
export function confirmPage({ request, origin, digits, wrong, name, site }: Confirming): SignInPage {
  const field = `<div id="digits"><p><label>The two digits shown beside the comments you write on: <input name="digits" inputmode="numeric" autocomplete="off" maxlength="2"></label></p>
<p>Nobody showed you digits there? Then someone else began this: close this window.</p></div>`;
  return page({
    title: "Sign in",
    body: `<h1>Continue as ${escape(name || "yourself")} on ${escape(site)}?</h1><p>${escape(origin)}</p>
<form method="post" action="/auth/confirm"><input type="hidden" name="request" value="${escape(request)}">
${wrong ? `<p class="wrong" role="alert">These are not the digits. Please look again.</p>` : ""}${digits ? field : ""}<p><button>Continue</button></p></form>`,
    ...(digits && { script: ASK, data: { request, origin } }),
    formTo: digits ? "" : origin,
  });
}

export const donePage = (request: string, origin: string) =>
  page({
    title: "Signed in",
    body: "<h1>You are signed in.</h1><p>You can close this window.</p>",
    script: DONE,
    data: { request, origin },
  });
