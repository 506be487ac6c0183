import { embed as ar } from "#locale/ar/embed";
import { embed as de } from "#locale/de/embed";
import { embed as en } from "#locale/en/embed";
import { type Language, languageFor } from "#locale/format";
import { ask } from "./ask.ts";
import { heightOf } from "./height.ts";
import type { Place } from "./app.tsx";
import { ATTRIBUTES, type Options, readOptions } from "./options.ts";
import { real } from "./real-document.ts";
import { threadAddress } from "./thread-address.ts";

/** File name of the rest, put in by the build. */
declare const APP: string;

const NAME = "you-figure";
/** The comments load when they come this near to the window. */
const NEAR = "1200px 0px";

const script = real("currentScript") as HTMLScriptElement;
const base = new URL(script.src).origin;

const make = (name: string): HTMLElement => real("createElement")(name);

class YouFigure extends HTMLElement {
  static readonly observedAttributes = ATTRIBUTES;
  #root = this.attachShadow({ mode: "open" });
  #options: Options | null = null;
  #stop: (() => void) | null = null;
  #watcher: IntersectionObserver | null = null;

  connectedCallback() {
    places.add(this);
    this.#start();
  }

  disconnectedCallback() {
    places.delete(this);
    this.#leave();
  }

  attributeChangedCallback() {
    if (this.#options) this.#start();
  }

  /** Looks again at what the page says: another address starts anew, another title is only noted. */
  look() {
    const { url, title } = readOptions(this, script);
    if (this.#options?.url !== url) this.#start();
    else this.#options.title = title;
  }

  #start() {
    this.#leave();
    this.#options = readOptions(this, script);
    const sheet = new CSSStyleSheet();
    // Room for what comes, so that nothing below jumps.
    sheet.replaceSync(
      `:host{display:block;min-height:${heightOf(this.#options.url)}px}:host([hidden]){display:none}button{font:inherit;min-height:2em}`,
    );
    this.#root.adoptedStyleSheets = [sheet];
    this.#show();
    this.#watch();
  }

  /** What a static build put inside the element stays in sight until the comments stand. */
  #show(...nodes: Node[]) {
    this.#root.replaceChildren(...nodes, make("slot"));
  }

  #leave() {
    this.#watcher?.disconnect();
    this.#stop?.();
    this.#stop = this.#options = null;
  }

  #watch() {
    if (/^#(comment-|you-figure)/.test(location.hash)) return void this.#load();
    const watcher = (this.#watcher = new IntersectionObserver(
      ([entry]) => {
        if (!entry!.isIntersecting) return;
        watcher.disconnect();
        void this.#load();
      },
      { rootMargin: NEAR },
    ));
    watcher.observe(this);
  }

  async #load() {
    const options = this.#options!;
    const { url, sort } = options;
    const language = languageFor(options.lang);
    const read: Place["read"] = (query) => ask(threadAddress(base, { url, ...query }));
    // The thread is asked for while the rest of the code loads.
    const answer = read({ sort });
    let gone = false;
    this.#stop = () => (gone = true);
    try {
      const { mount } = (await import(/* @vite-ignore */ `${base}/assets/${APP}`)) as typeof import("./app.tsx");
      const stop = await mount({ host: this, root: this.#root, base, options, language, answer, ask, read });
      if (gone) stop();
      else this.#stop = stop;
    } catch (error) {
      if (!gone) this.#unreached(language, error);
    }
  }

  /** Says who is there, as the site signed it; "" when nobody is. */
  setUser(jwt: string) {
    this.setAttribute("data-sso", jwt);
  }

  /** The comments can't be had: says so in their place, and offers to try again. */
  #unreached(language: Language, error: unknown) {
    const { unreached, again } = { en, de, ar }[language];
    const note = make("p");
    const button = make("button") as HTMLButtonElement;
    note.dir = "auto";
    note.role = "status";
    button.textContent = again;
    button.addEventListener("click", () => {
      button.disabled = true;
      void this.#load().then(() => (this.#root.querySelector("[part=heading],button") as HTMLElement | null)?.focus());
    });
    note.append(unreached, " ", button);
    this.#show(note);
    const detail = { code: (error as { code?: unknown } | null)?.code ?? "unreachable" };
    this.dispatchEvent(new CustomEvent("you-figure:error", { bubbles: true, composed: true, detail }));
  }
}

const places = new Set<YouFigure>();

/** Puts the element where the script stands, unless the author wrote one. */
function settle() {
  if (real("querySelector")(`${NAME}:not([data-placed])`) || !script.isConnected || script.closest("head")) return;
  const element = make(NAME);
  element.setAttribute("data-placed", "");
  for (const { name, value } of script.attributes) if (name.startsWith("data-")) element.setAttribute(name, value);
  script.after(element);
}

const lookAll = () => places.forEach((place) => place.look());

if (!customElements.get(NAME)) {
  customElements.define(NAME, YouFigure);
  // A page that swaps its article by script: it may change its address first and its canonical link later.
  const { navigation } = globalThis as { navigation?: EventTarget };
  if (navigation) navigation.addEventListener("currententrychange", lookAll);
  else addEventListener("popstate", lookAll);
  new MutationObserver(lookAll).observe(real("head"), { subtree: true, childList: true, attributes: true });
}
if (real("readyState") === "loading") real("addEventListener")("readystatechange", settle, { once: true });
else settle();
