import type { ComponentChildren, VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { directionOf, type Language } from "../locale/format.ts";
import { type Follow, OFTEN } from "../store/mail.ts";
import { type Texts, textsOf } from "./texts.ts";

export interface LettersPage {
  lang: Language;
  /** File of the style sheet below /assets/. */
  style: string | undefined;
  token: string;
  site: string;
  /** Null when nothing is kept of the address any more. */
  reader: { email: string; follows: readonly (Follow & { url: string })[] } | null;
  said?: "saved" | "confirmed" | "stopped" | undefined;
}

/** What an address gets from a site, by the link in each letter: buttons act, looking does nothing. Needs no JavaScript. */
export function renderLettersPage(view: LettersPage): string {
  const { lang, reader, site, said, token } = view;
  const { mail: say } = textsOf(lang);
  const pending = reader?.follows.some(({ confirmed }) => !confirmed) ?? false;
  return sheet(
    view,
    <>
      <h1>{say("prefs_title", { site })}</h1>
      {said && <p role="status">{say(`prefs_${said}`)}</p>}
      {reader === null ? (
        said !== "stopped" && <p>{say("prefs_gone")}</p>
      ) : (
        <>
          <p>
            <bdi>{say("prefs_for", { email: reader.email })}</bdi>
          </p>
          {pending && (
            <Act token={token} act="confirm" text={say("prefs_confirm")}>
              <p>{say("prefs_pending")}</p>
            </Act>
          )}
          {reader.follows.map((follow) => (
            <FollowForm say={say} token={token} follow={follow} />
          ))}
          <Act token={token} act="stop" text={say("prefs_stop_all")} />
        </>
      )}
    </>,
  );
}

/** Where a link in a letter leads that would stop it: a program that only looks must change nothing. */
export function renderStopPage(view: Omit<LettersPage, "reader" | "said"> & { address: string }): string {
  const { mail: say } = textsOf(view.lang);
  return sheet(
    view,
    <>
      <h1>{say("prefs_stop_ask")}</h1>
      <form method="post" action={view.address}>
        <p class="send">
          <button type="submit" class="submit">
            {say("prefs_stop")}
          </button>
        </p>
      </form>
    </>,
  );
}

function Act({ token, act, text, children }: { token: string; act: string; text: string; children?: ComponentChildren }): VNode {
  return (
    <form method="post" action="/letters">
      {children}
      <input type="hidden" name="token" value={token} />
      <p class="send">
        <button type="submit" name="act" value={act} class="submit">
          {text}
        </button>
      </p>
    </form>
  );
}

function FollowForm({ say, token, follow }: { say: Texts["mail"]; token: string; follow: Follow & { url: string } }): VNode {
  const { page, url, title, often } = follow;
  const id = `often-${page}`;
  return (
    <form method="post" action="/letters">
      <h2>
        <a href={url}>
          <bdi>{title || url}</bdi>
        </a>
      </h2>
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="page" value={page} />
      <label for={id}>{say("often")}</label>
      <select id={id} name="often">
        {OFTEN.map((choice) => (
          <option value={choice} selected={choice === often}>
            {say(`often_${choice}`)}
          </option>
        ))}
      </select>
      <p class="send">
        {(["save", "stop"] as const).map((act) => (
          <button type="submit" name="act" value={act} class="submit">
            {say(`prefs_${act}`)}
          </button>
        ))}
      </p>
    </form>
  );
}

const sheet = ({ lang, site, style }: LettersPageSheet, children: ComponentChildren) =>
  lettersSheet({ lang, style, title: textsOf(lang).mail("prefs_title", { site }) }, children);
type LettersPageSheet = Pick<LettersPage, "lang" | "site" | "style">;

export interface LettersSheet {
  lang: Language;
  /** File of the style sheet below /assets/. */
  style: string | undefined;
  title: string;
  /** What it is besides, for its looks. */
  kind?: "yours";
}

/** A page behind the link of a letter. */
export function lettersSheet({ lang, style, title, kind }: LettersSheet, children: ComponentChildren): string {
  return `<!doctype html>${renderToString(
    <html lang={lang} dir={directionOf(lang)}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex, nofollow" />
        <title>{title}</title>
        <link rel="icon" href="/avatar/796f75666967.svg" />
        {style && <link rel="stylesheet" href={`/assets/${style}`} />}
      </head>
      <body class={kind ? `page letters ${kind}` : "page letters"}>
        <main class="you">{children}</main>
      </body>
    </html>,
  )}`;
}
