import type { Doubt } from "../comments/doubt.ts";
import { pageUrl } from "../comments/sites.ts";
import { type LettersSheet, lettersSheet } from "./letters-page.tsx";
import { textsOf } from "./texts.ts";

export interface DoubtPage extends Omit<LettersSheet, "title"> {
  token: string;
  /** Null where nothing is left to decide. */
  doubt: Doubt | null;
  /** What has become of it. */
  became?: "public" | "held" | "spam" | null;
}

/** Asks the one whom a comment passes for. What it says stands there as text. */
export function renderDoubtPage({ lang, style, token, doubt, became }: DoubtPage): string {
  const { mail: say } = textsOf(lang);
  const sheet = { lang, style, title: say("doubt_title") };
  if (!doubt || became) {
    return lettersSheet(
      sheet,
      <>
        <h1>{say("doubt_title")}</h1>
        <p role="status">{say(became ? `doubt_${became}` : "doubt_gone")}</p>
      </>,
    );
  }
  const { row, page, site } = doubt;
  return lettersSheet(
    sheet,
    <>
      <h1>{say("doubt_title")}</h1>
      <p>{say("doubt_said", { name: row.name || row.email, site: site.name })}</p>
      <p>
        <a href={pageUrl(site, page.key)}>
          <bdi>{page.title || pageUrl(site, page.key)}</bdi>
        </a>
      </p>
      <div class="body" dir="auto">
        <blockquote>{row.source}</blockquote>
      </div>
      <form method="post" action="/letters/comment">
        <input type="hidden" name="token" value={token} />
        <p class="send">
          {(["yes", "no"] as const).map((act) => (
            <button type="submit" name="act" value={act} class="submit">
              {say(`doubt_act_${act}`)}
            </button>
          ))}
        </p>
      </form>
    </>,
  );
}
