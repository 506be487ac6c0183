import type { ComponentChildren, VNode } from "preact";
import { Body } from "../../widget/view/body.tsx";
import type { Language } from "../locale/format.ts";
import type { Body as Tree } from "../wire/body.ts";
import { lettersSheet } from "./letters-page.tsx";
import { type Texts, textsOf } from "./texts.ts";

/** What every page of a reader's own things is drawn with. */
export interface OwnSheet {
  lang: Language;
  /** File of the style sheet below /assets/. */
  style: string | undefined;
  site: { id: number; name: string };
}

export interface OwnItem {
  id: string;
  /** Where it stands. */
  url: string;
  title: string;
  createdAt: number;
  waits: boolean;
  body: Tree;
}

export function Item({ view, item }: { view: OwnSheet; item: OwnItem }): VNode {
  const { yours: say } = textsOf(view.lang);
  const { id, url, title, createdAt, waits, body } = item;
  return (
    <article id={`own-${id}`}>
      <p class="quietly">
        <a href={url}>
          <bdi>{title || url}</bdi>
        </a>{" "}
        {timeOf(view.lang, createdAt)} {waits && <span class="held">{say("waiting")}</span>}
      </p>
      <div class="body" dir="auto">
        <Body nodes={body} />
      </div>
    </article>
  );
}

export const Address = ({ say, email }: { say: Texts["yours"]; email: string }) => (
  <p>
    <label for="own-email">{say("address")}</label>
    <input id="own-email" name="email" type="email" inputMode="email" autocomplete="email" dir="ltr" required value={email} />
  </p>
);

export const pathOf = ({ site }: OwnSheet) => `/yours/${site.id}`;

export function Form({ view, act, text, children }: { view: OwnSheet; act: string; text: string; children?: ComponentChildren }): VNode {
  return (
    <form method="post" action={pathOf(view)}>
      {children}
      <Send act={act} text={text} />
    </form>
  );
}

export const Send = ({ act, text }: { act: string; text: string }) => (
  <p class="send">
    <button type="submit" name="act" value={act} class="submit">
      {text}
    </button>
  </p>
);

const AT = { year: "numeric", month: "short", day: "numeric", hour: "numeric", minute: "2-digit", timeZoneName: "short" } as const;

/** To the minute, and says in whose time: the page knows nothing of the reader's. */
export const momentOf = (lang: Language, at: number) => new Intl.DateTimeFormat(lang, { ...AT, timeZone: "UTC" }).format(at);

const timeOf = (lang: Language, at: number) => (
  <time dateTime={new Date(at).toISOString()} title={momentOf(lang, at)}>
    {new Intl.DateTimeFormat(lang, { dateStyle: "long", timeZone: "UTC" }).format(at)}
  </time>
);

export const sheet = ({ lang, style }: OwnSheet, title: string, children: ComponentChildren): string =>
  lettersSheet({ lang, style, title, kind: "yours" }, children);
