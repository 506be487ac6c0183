import { useEffect, useState } from "preact/hooks";
import type { VNode } from "preact";
import type { SiteWire } from "#wire/panel-sites";
import type { PanelRefusal } from "../api.ts";
import { question } from "../state/confirm.ts";
import { complain, say, whyOf } from "../state/notice.ts";
import { go, hrefOf, type SitePart } from "../state/route.ts";
import { changeSite, deleteSite, loadSites, siteOf, sites } from "../state/sites.ts";
import { t } from "../state/words.ts";
import { Field } from "./field.tsx";
import { PagesOf } from "./pages.tsx";
import { SettingsOf } from "./settings.tsx";
import { linesOf } from "./sites.tsx";
import { SnippetOf } from "./snippet.tsx";
import { SiteUsers } from "./site-users.tsx";
import { WaysOf } from "./ways.tsx";

/** One site: its addresses and snippet, its settings, its ways in, its pages. */
export function SiteView({ id, part }: { id: number; part: SitePart }): VNode {
  useEffect(() => {
    if (sites.value === null) void loadSites();
  }, []);
  const site = siteOf(id);
  if (!site) return <p>{sites.value === null ? t("loading") : t("error_not_found")}</p>;
  return (
    <>
      <h1>{site.name}</h1>
      <nav class="views" aria-label={site.name}>
        <a href={`#/sites/${id}`} aria-current={part === "snippet" ? "page" : undefined}>
          {t("site")}
        </a>
        <a href={`#/sites/${id}/settings`} aria-current={part === "settings" ? "page" : undefined}>
          {t("siteSettings")}
        </a>
        <a href={`#/sites/${id}/ways`} aria-current={part === "ways" ? "page" : undefined}>
          {t("siteWays")}
        </a>
        <a href={`#/sites/${id}/pages`} aria-current={part === "pages" ? "page" : undefined}>
          {t("sitePages")}
        </a>
        <a href={hrefOf({ view: "all", site: id })}>{t("siteComments")}</a>
      </nav>
      {part === "settings" && <SettingsOf key={id} site={site} />}
      {part === "ways" && (
        <>
          <WaysOf key={id} site={site} />
          <SiteUsers key={`${id} users`} site={site} />
        </>
      )}
      {part === "pages" && <PagesOf key={id} site={site} />}
      {part === "snippet" && (
        <>
          <SnippetOf site={site} />
          <Addresses key={id} site={site} />
          <Farewell site={site} />
        </>
      )}
    </>
  );
}

function Addresses({ site }: { site: SiteWire }): VNode {
  const [name, setName] = useState(site.name);
  const [origins, setOrigins] = useState(site.origins.join("\n"));
  const [aliases, setAliases] = useState(
    Object.entries(site.aliases)
      .map((pair) => pair.join(" = "))
      .join("\n"),
  );
  const [refusal, setRefusal] = useState<PanelRefusal | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    const pairs = linesOf(aliases).map((line) => line.split("=", 2).map((part) => part.trim()));
    const refused = await changeSite(site.id, {
      name,
      origins: linesOf(origins),
      aliases: Object.fromEntries(pairs.map(([from = "", to = ""]) => [from, to])),
    });
    setRefusal(refused);
    if (!refused) say(t("saved"));
  };
  const wrong = refusal?.fields ?? {};
  return (
    <form class="form" noValidate onSubmit={(event) => void submit(event)}>
      <Field label={t("siteName")} wrong={wrong["name"]}>
        {(described) => <input {...described} value={name} onInput={(event) => setName(event.currentTarget.value)} />}
      </Field>
      <Field label={t("siteOrigins")} note={t("siteOriginsNote")} wrong={wrong["origins"]}>
        {(described) => (
          <textarea {...described} rows={2} dir="ltr" value={origins} onInput={(event) => setOrigins(event.currentTarget.value)} />
        )}
      </Field>
      <Field label={t("siteAliases")} note={t("siteAliasesNote")} wrong={wrong["aliases"]}>
        {(described) => (
          <textarea {...described} rows={2} dir="ltr" value={aliases} onInput={(event) => setAliases(event.currentTarget.value)} />
        )}
      </Field>
      {refusal && (
        <p role="alert" class="problem">
          {t("failed", { why: whyOf(refusal) })}
        </p>
      )}
      <p class="buttons">
        <button type="submit" class="main">
          {t("save")}
        </button>
      </p>
    </form>
  );
}

/** Deleting comes after downloading, in the order of the buttons as in life. */
function Farewell({ site }: { site: SiteWire }): VNode {
  const remove = async () => {
    const refused = await deleteSite(site.id);
    if (refused) complain(refused);
    else go("#/sites");
  };
  return (
    <section class="form farewell">
      <h2>{t("deleteSite")}</h2>
      <p>{t("deleteSiteNote")}</p>
      <p class="buttons">
        <a class="button" href={`/api/v1/panel/sites/${site.id}/export`} download>
          {t("download")}
        </a>
        <button
          type="button"
          class="danger"
          onClick={() => {
            question.value = { text: t("deleteSure", { site: site.name }), yes: t("deleteSite"), act: () => void remove() };
          }}
        >
          {t("deleteSite")}
        </button>
      </p>
    </section>
  );
}
