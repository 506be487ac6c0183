import { useEffect, useState } from "preact/hooks";
import type { VNode } from "preact";
import type { Seen, SiteWire } from "#wire/panel-sites";
import { ask, refusalOf } from "../api.ts";
import { complain, say } from "../state/notice.ts";
import { noteSignedOut, session } from "../state/session.ts";
import { ago } from "../state/time.ts";
import { t } from "../state/words.ts";

/** What an owner pastes, in its two forms, and whether it works. */
export function SnippetOf({ site }: { site: SiteWire }): VNode {
  const server = session.value?.publicUrl ?? location.origin;
  const tag = `<script async src="${server}/embed.js"></script>`;
  const noscript = `<noscript><a href="${server}/thread?url=PAGE-ADDRESS">Comments</a></noscript>`;
  const { embed, integrity } = document.getElementById("panel")?.dataset ?? {};
  const fixed = embed && integrity && `<script async src="${server}${embed}" integrity="${integrity}" crossorigin="anonymous"></script>`;
  const preloads = [
    `<link rel="preload" as="script" href="${server}/embed.js">`,
    `<link rel="preload" as="fetch" crossorigin="anonymous" href="${server}/api/v1/thread?url=PAGE-ADDRESS">`,
  ];
  return (
    <section class="snippet" aria-label={t("siteSnippet")}>
      <h2>{t("siteSnippet")}</h2>
      <Seeing key={site.id} site={site} />
      <Code title={t("snippetOne")} text={tag} />
      <Code title={t("snippetFast")} text={[...preloads, tag].join("\n")} />
      {fixed && <Code title={t("snippetFixed")} text={fixed} />}
      <Code title={t("snippetNoscript")} text={noscript} />
      <p class="note">{t("snippetNote")}</p>
    </section>
  );
}

/** What is to be pasted elsewhere, with a button that copies it. */
export function Code({ title, text }: { title: string; text: string }): VNode {
  return (
    <figure>
      <figcaption>
        {title}
        <button type="button" aria-label={`${t("copy")}: ${title}`} onClick={() => void copy(text)}>
          {t("copy")}
        </button>
      </figcaption>
      <pre tabIndex={0} dir="ltr">
        {text}
      </pre>
    </figure>
  );
}

async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  say(t("copied"));
}

/** Looks again whenever this page comes back into sight, as it does after pasting. */
function Seeing({ site }: { site: SiteWire }): VNode | null {
  const [seen, setSeen] = useState<Seen | null>(null);
  const look = () =>
    void ask<Seen>("GET", `/sites/${site.id}/seen`).then(setSeen, (error: unknown) => {
      const refusal = refusalOf(error);
      if (!noteSignedOut(refusal)) complain(refusal);
    });
  useEffect(() => {
    look();
    addEventListener("focus", look);
    return () => removeEventListener("focus", look);
  }, []);
  if (seen === null) return null;
  return (
    <p role="status" class={`seen${seen.at === null ? "" : " is-good"}`}>
      {seen.at === null ? t("seenNever") : t("seenAt", { when: ago(seen.at), page: seen.url ?? "" })}{" "}
      <button type="button" class="quiet" onClick={look}>
        {t("check")}
      </button>
    </p>
  );
}
