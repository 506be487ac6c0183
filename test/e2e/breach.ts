import type { BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";

/** S-01 in a browser: notes every sign that a text became more than text. */
export interface Watch {
  /** Dialogs, called traps, requests elsewhere, navigations, errors: must stay empty. */
  signs: string[];
}

/** What payloads call or set when they run. */
const TRAPS = ["alert", "prompt", "confirm", "print", "open", "javascript"];

/** Watches a page from before its first script; `home` are the only origins that may be asked. */
export async function watch(context: BrowserContext, page: Page, home: readonly string[]): Promise<Watch> {
  const signs: string[] = [];
  await context.exposeFunction("__sign", (sign: string) => void signs.push(sign));
  await context.addInitScript((names) => {
    const { __sign: sign } = globalThis as unknown as { __sign(sign: string): void };
    for (const name of names) Reflect.set(globalThis, name, () => sign(`${name} was called`));
    Object.defineProperty(globalThis, "__x", {
      set() {
        sign("__x was set");
      },
    });
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => sign(`${violatedDirective} ${blockedURI}`));
  }, TRAPS);
  page.on("dialog", (dialog) => {
    signs.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("popup", (popup) => signs.push(`popup: ${popup.url()}`));
  page.on("pageerror", (error) => signs.push(`error: ${error.message}`));
  page.on("console", (message) => message.type() === "error" && signs.push(`console: ${message.text()}`));
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "data:" && !home.includes(origin)) signs.push(`request: ${request.url()}`);
  });
  return { signs };
}

/** All that our views write for a reader; `html` and `body` are the page's own. */
const OURS =
  "div section header h1 h2 h3 h4 h5 h6 p ol ul li article img span strong a bdi time button br em del code pre blockquote hr table thead tbody tr th td form label textarea input nav main details summary small svg path";
const ATTRIBUTES =
  "action autocomplete alt class datetime dir enctype for height href hidden id lang loading maxlength method name novalidate part rel required role rows src start tabindex title type value width data-theme placeholder inputmode spellcheck";

/** Expects below the first `where` nothing but what our views write, in its place. */
export async function expectOnlyOurs(page: Page, where: string): Promise<void> {
  expect(await findStrangers(page, where), page.url()).toEqual([]);
}

/** What is wrong with the elements there: those that are not ours, those that leave their place, those that lead elsewhere. */
export function findStrangers(page: Page, where: string): Promise<string[]> {
  return page
    .locator(where)
    .first()
    .evaluate(
      (host, [tags, attributes]) => {
        const root = host.shadowRoot ?? host;
        const box = host.getBoundingClientRect();
        const wrong: string[] = [];
        for (const element of root.querySelectorAll("*")) {
          const { localName, namespaceURI } = element;
          const say = (what: string) => wrong.push(`${localName} ${what} in ${element.closest("article")?.textContent.slice(0, 200)}`);
          if (localName === "slot" || element.closest("svg")) continue;
          if (!tags!.includes(localName) || namespaceURI !== "http://www.w3.org/1999/xhtml") say("is not ours");
          for (const { name, value } of element.attributes) {
            if (!attributes!.includes(name) && !name.startsWith("aria-")) say(`has ${name}=${value}`);
            if (/^(?:href|src|action)$/.test(name) && !/^(?:https?:|mailto:)/.test(new URL(value, document.baseURI).protocol))
              say(`leads to ${value}`);
          }
          const { position } = getComputedStyle(element);
          if (element.closest(".body") ? position !== "static" : position === "fixed") say(`is ${position}`);
          const { left, right } = element.getBoundingClientRect();
          const stays = element.getClientRects().length > 0 && (element.closest(".body") === null || element.matches(".body"));
          if (stays && (left < box.left - 15 || right > box.right + 15)) say(`reaches from ${left} to ${right}`);
        }
        const { scrollWidth, clientWidth } = document.documentElement;
        if (scrollWidth > clientWidth) wrong.push(`the page is ${scrollWidth} wide on ${clientWidth}`);
        return wrong;
      },
      [OURS.split(" "), ATTRIBUTES.split(" ")],
    );
}

/** Lays everything out and draws it: off-screen threads wait otherwise (content-visibility). */
export async function showAll(page: Page): Promise<void> {
  await page
    .locator("you-figure")
    .first()
    .evaluate(async (host) => {
      const root = host.shadowRoot!;
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("*{content-visibility:visible!important}");
      root.adoptedStyleSheets.push(sheet);
      await new Promise((drawn) => requestAnimationFrame(drawn));
    });
}
