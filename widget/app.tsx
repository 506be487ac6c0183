import { effect, signal } from "@preact/signals-core";
import { render } from "preact";
import { thread as english } from "#locale/en/thread";
import { directionOf, languageFor } from "#locale/format";
import type { Thread } from "#wire/comment";
import { answerOf, ask, Refused } from "./api.ts";
import { discuss } from "./discuss.tsx";
import type { Options } from "./options.ts";
import { toThread } from "./shapes.ts";
import css from "./style/thread.css?inline";
import { recall } from "./storage.ts";
import { type ThreadQuery, threadAddress } from "./thread-address.ts";
import { followLinkColour } from "./link-colour.ts";
import { type Say, sayIn } from "./view/reading.ts";

/** One place for comments on a page. */
export interface Place {
  host: HTMLElement;
  root: ShadowRoot;
  /** The server's origin. */
  base: string;
  options: Options;
  /** The first answer, asked for while this code was loading; null where none came. */
  answer: Promise<Response | null>;
}

/** What every part of the widget needs of its place. */
export interface Ground extends Place {
  say: Say<typeof english>;
  lang: string;
  language: "en" | "de" | "ar";
  read: (query: Omit<ThreadQuery, "url">) => Promise<Thread>;
  tell: (event: "ready" | "posted" | "error", detail: object) => void;
  /** A bug: the page's author hears of it by an event, the page's own error handlers do not. */
  report: (error: unknown) => void;
}

type Texts = { readonly [Key in keyof typeof english]: string | { other: string } };

const LOCALES: Partial<Record<string, () => Promise<{ thread: Texts }>>> = {
  de: () => import("#locale/de/thread"),
  ar: () => import("#locale/ar/thread"),
};

/** Shows the discussion in its place; returns how to take it away again. Never throws or rejects. */
export function mount(place: Place): () => void {
  const stops: (() => void)[] = [];
  const { host } = place;
  let gone = false;
  const tell: Ground["tell"] = (event, detail) =>
    void host.dispatchEvent(new CustomEvent(`you-figure:${event}`, { bubbles: true, composed: true, detail }));
  const report = (error: unknown) => tell("error", { code: error instanceof Refused ? error.code : "internal" });
  const start = async () => {
    dress(place, stops);
    const ground = await groundOf(place, tell, report);
    const attempt = async (answer: Place["answer"]) => {
      try {
        const thread = toThread(await answerOf(answer));
        if (gone) return;
        stops.push(discuss(ground, thread));
        tell("ready", { count: thread.page.count });
      } catch (error) {
        report(error);
        if (!gone)
          showUnreached(ground, () => void attempt(ask(threadAddress(place.base, { url: place.options.url, sort: place.options.sort }))));
      }
    };
    await attempt(place.answer);
  };
  void start().then(null, report);
  return () => {
    gone = true;
    for (const stop of stops.splice(0)) stop();
    render(null, place.root);
  };
}

/** Gives the shadow root its style. A constructed sheet is no inline style to a page's CSP. */
function dress({ host, root }: Place, stops: (() => void)[]): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  // The loader's own sheet stays: it keeps the height until the comments stand.
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  stops.push(followLinkColour(host), () => (root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== sheet)));
}

async function groundOf(place: Place, tell: Ground["tell"], report: Ground["report"]): Promise<Ground> {
  const language = languageFor(place.options.lang);
  const texts = await LOCALES[language]?.().then(null, () => null);
  const lang = texts || language === "en" ? tagOf(place.options.lang, language) : "en";
  const { base, options } = place;
  return {
    ...place,
    lang,
    language: texts ? language : "en",
    say: sayIn(lang, texts?.thread ?? english) as Ground["say"],
    read: async (query) => toThread(await answerOf(ask(threadAddress(base, { url: options.url, ...query })))),
    tell,
    report,
  };
}

/** The author's own tag where it is one of a language we speak: `en-GB` writes dates otherwise than `en`. */
function tagOf(tag: string, language: string): string {
  try {
    return languageFor(tag) === language && tag.toLowerCase().startsWith(language) ? Intl.getCanonicalLocales(tag)[0]! : language;
  } catch {
    return language;
  }
}

/** The comments can't be had: says so in their place, and offers to try again. */
function showUnreached({ root, say, lang, language, options }: Ground, again: () => void): void {
  const busy = signal(false);
  const draft = typeof recall(`draft:${options.url}#`)["text"] === "string";
  const stop = effect(() => {
    render(
      <div class="you" part="root" lang={lang} dir={directionOf(language)} data-theme={options.theme}>
        <p class="note" part="unreached" role="status">
          {say("unreached")} {draft && say("stillHere")}
        </p>
        <button
          type="button"
          class="more"
          part="button more"
          aria-disabled={busy.value}
          onClick={() => {
            if (busy.value) return;
            busy.value = true;
            stop();
            again();
          }}
        >
          {say("again")}
        </button>
      </div>,
      root,
    );
  });
}
