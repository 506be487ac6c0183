import { render } from "preact";
import { thread as english } from "#locale/en/thread";
import type { Language } from "#locale/format";
import type { Thread } from "#wire/comment";
import { answerOf, Refused } from "./api.ts";
import type { ask } from "./ask.ts";
import type { Desk } from "./desk.tsx";
import { draw } from "./discuss.tsx";
import type { Options } from "./options.ts";
import { toThread } from "./shapes.ts";
import { growTree } from "./state/tree.ts";
import css from "./style/thread.css?inline";
import type { ThreadQuery } from "./thread-address.ts";
import { dress } from "./dress.ts";
import { measureLinkColour } from "./link-colour.ts";
import { type Say, sayIn } from "./view/reading.ts";

/** One place for comments on a page. */
export interface Place {
  host: HTMLElement;
  root: ShadowRoot;
  /** The server's origin. */
  base: string;
  options: Options;
  language: Language;
  /** The first answer, asked for while this code was loading; null where none came. */
  answer: Promise<Response | null>;
  /** The loader's own, so that it is not loaded twice. */
  ask: typeof ask;
  /** Asks for more of this page's thread. */
  read: (query: Omit<ThreadQuery, "url">) => Promise<Response | null>;
}

/** What every part of the widget needs of its place. */
export interface Ground extends Place {
  say: Say<typeof english>;
  lang: string;
  tell: (event: "ready" | "posted" | "error", detail: object) => void;
  /** A bug: the page's author hears of it by an event, the page's own error handlers do not. */
  report: (error: unknown) => void;
}

type Texts = { readonly [Key in keyof typeof english]: string | { other: string } };

const LOCALES: Partial<Record<string, () => Promise<{ thread: Texts }>>> = {
  de: () => import("#locale/de/thread"),
  ar: () => import("#locale/ar/thread"),
};

/** Shows the discussion in its place; resolves to how to take it away again. Rejects when there is none to be had. */
export async function mount(place: Place): Promise<() => void> {
  const { host, root, answer } = place;
  const tell: Ground["tell"] = (event, detail) =>
    void host.dispatchEvent(new CustomEvent(`you-figure:${event}`, { bubbles: true, composed: true, detail }));
  const report = (error: unknown) => tell("error", { code: error instanceof Refused ? error.code : "internal" });
  const [thread, ground] = await Promise.all([answerOf(answer).then(toThread), groundOf(place, tell, report)]);
  const worn = root.adoptedStyleSheets;
  measureLinkColour(host);
  dress(root, css);
  const stop = discuss(ground, thread);
  tell("ready", { count: thread.page.count });
  return () => {
    stop();
    root.adoptedStyleSheets = worn;
    render(null, root);
  };
}

async function groundOf(place: Place, tell: Ground["tell"], report: Ground["report"]): Promise<Ground> {
  const { options, language } = place;
  const texts = await LOCALES[language]?.().then(null, () => null);
  const lang = texts || language === "en" ? tagOf(options.lang, language) : "en";
  return { ...place, lang, language: texts ? language : "en", say: sayIn(lang, texts?.thread ?? english) as Ground["say"], tell, report };
}

/** The author's own tag where it is one of a language we speak: `en-GB` writes dates otherwise than `en`. */
function tagOf(tag: string, language: Language): string {
  try {
    return new Intl.Locale(tag).language === language ? tag : language;
  } catch {
    return language;
  }
}

/** Shows a first answer at once, and what can be done with it as soon as that code is here. Returns how to stop. */
function discuss(ground: Ground, first: Thread): () => void {
  let gone = false;
  let desk: Promise<Desk> | undefined;
  let stop = () => {};
  const wake = () =>
    (desk ??= import("./desk.tsx").then(({ openDesk }) => {
      if (gone) throw new Refused("unreachable");
      const opened = openDesk(ground, first, ground.root.querySelector("textarea")?.value ?? "");
      stop = opened.stop;
      return opened;
    }));
  const soon = (go: (desk: Desk) => void) =>
    void wake().then(go, (error: unknown) => {
      desk = undefined;
      if (!gone) ground.report(error);
    });
  const { comments, page, sort, site } = first;
  ground.root.replaceChildren();
  draw(ground, {
    site: site.name,
    page,
    sort,
    tree: growTree(new Map(comments.map((comment) => [comment.id, comment])), site.settings.maxDepth, sort),
    gap: ({ id, replies = 0 }) => replies - comments.filter(({ root }) => root === id).length + 1,
    more: first.next !== null,
    target: null,
    opened: false,
    text: "",
    on: { open: () => soon(({ on }) => on.open()), write: () => {}, submit: () => soon(({ on }) => on.submit()) },
    act: (verb, id) => soon((desk) => desk.act(verb, id)),
  });
  // Once the thread is painted.
  requestAnimationFrame(() => setTimeout(() => gone || soon(() => {})));
  return () => {
    gone = true;
    stop();
  };
}
