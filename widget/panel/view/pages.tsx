import { useEffect, useState } from "preact/hooks";
import type { VNode } from "preact";
import type { PageLine, SiteWire } from "#wire/panel-sites";
import type { PanelRefusal } from "../api.ts";
import { complain, say } from "../state/notice.ts";
import { hrefOf } from "../state/route.ts";
import { changePage, loadPages, pages, pagesNext } from "../state/sites.ts";
import { t } from "../state/words.ts";
import { Field } from "./field.tsx";

/** Pages of a site: their titles, and whether one may still answer there. */
export function PagesOf({ site }: { site: SiteWire }): VNode {
  const [search, setSearch] = useState("");
  const [loaded, setLoaded] = useState(false);
  const load = async (after: number | null) => {
    orComplain(await loadPages(site.id, search, after));
    setLoaded(true);
  };
  useEffect(() => void load(null), [search]);
  return (
    <section>
      <h2 class="hidden">{t("pages", { site: site.name })}</h2>
      <form
        class="filters"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          setSearch(String(new FormData(event.currentTarget).get("q") ?? "").trim());
        }}
      >
        <input type="search" name="q" aria-label={t("pageSearch")} placeholder={t("pageSearch")} maxLength={200} />
      </form>
      <ul class="pages">
        {pages.value.map((page) => (
          <PageRow key={page.id} page={page} />
        ))}
      </ul>
      {loaded && pages.value.length === 0 && (
        <div class="empty">
          <p>{t(search === "" ? "pagesEmpty" : "emptySearch")}</p>
        </div>
      )}
      {pagesNext.value !== null && (
        <button type="button" class="more" onClick={() => void load(pagesNext.value)}>
          {t("more")}
        </button>
      )}
    </section>
  );
}

function orComplain(refusal: PanelRefusal | null): void {
  if (refusal) complain(refusal);
}

function PageRow({ page }: { page: PageLine }): VNode {
  const [title, setTitle] = useState<string | null>(null);
  const { held, approved } = page.counts;
  const rename = async (event: Event) => {
    event.preventDefault();
    const refused = await changePage(page, { title: title ?? page.title });
    if (refused) return complain(refused);
    setTitle(null);
    say(t("saved"));
  };
  return (
    <li>
      {title === null ? (
        <p class="page-title" dir="auto">
          <a href={page.url} rel="noopener" target="_blank">
            {page.title || page.url}
          </a>
        </p>
      ) : (
        <form class="rename" onSubmit={(event) => void rename(event)}>
          <Field label={t("pageTitle")}>
            {(described) => (
              <input {...described} dir="auto" maxLength={200} value={title} onInput={(event) => setTitle(event.currentTarget.value)} />
            )}
          </Field>
          <p class="buttons">
            <button type="submit" class="main">
              {t("save")}
            </button>
            <button type="button" onClick={() => setTitle(null)}>
              {t("cancel")}
            </button>
          </p>
        </form>
      )}
      <p class="note">{page.url}</p>
      <p class="links">
        <a href={hrefOf({ view: "all", site: page.site, page: page.id })}>{t("pageCount", { n: held + approved })}</a>
        <button type="button" class="act" onClick={() => void changePage(page, { open: !page.open }).then(orComplain)}>
          {t(page.open ? "closePage" : "reopenPage")}
        </button>
        {title === null && (
          <button type="button" class="act" onClick={() => setTitle(page.title)}>
            {t("rename")}
          </button>
        )}
      </p>
    </li>
  );
}
