import { useEffect, useRef } from "preact/hooks";
import type { VNode } from "preact";
import { askEmpty } from "../state/confirm.ts";
import { countOf, filter, items } from "../state/queue.ts";
import { type Filter, go, hrefOf, VIEWS } from "../state/route.ts";
import { sites } from "../state/sites.ts";
import { language, t } from "../state/words.ts";

/** All, Pending, Approved, Spam, Trash, each with its count. */
export function Views(): VNode {
  return (
    <nav class="views" aria-label={t("views")}>
      {VIEWS.map((view) => (
        <a key={view} href={hrefOf({ ...filter.value, view })} aria-current={filter.value.view === view ? "page" : undefined}>
          {t(`view_${view}`)} <span class="count">{countOf(view)?.toLocaleString(language.value)}</span>
        </a>
      ))}
    </nav>
  );
}

const change = (part: Partial<Filter>) => go(hrefOf({ ...filter.value, ...part }));

/** Site, page, words and order. */
export function Filters(): VNode {
  const { site, search, sort, view } = filter.value;
  const known = sites.value ?? [];
  return (
    <div class="filters">
      <Search />
      {known.length > 1 && (
        <select
          aria-label={t("site")}
          value={site ?? ""}
          onChange={(event) => change({ site: Number(event.currentTarget.value) || null, page: null })}
        >
          <option value="">{t("allSites")}</option>
          {known.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
      <select
        aria-label={t("order")}
        value={sort}
        onChange={(event) => change({ sort: event.currentTarget.value === "oldest" ? "oldest" : "newest" })}
      >
        <option value="newest">{t("newest")}</option>
        <option value="oldest">{t("oldest")}</option>
      </select>
      {(view === "spam" || view === "trash") && search === "" && filter.value.page === null && (countOf(view) ?? 0) > 0 && (
        <button type="button" class="quiet danger" onClick={() => askEmpty(view, site)}>
          {t(view === "spam" ? "emptySpam" : "emptyTrash")}
        </button>
      )}
      {filter.value.page !== null && <ThisPage />}
    </div>
  );
}

/** Enter searches and stays, so that a slip of the finger moves no comment; Escape goes on to the comments. */
function Search(): VNode {
  const { search } = filter.value;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current) input.current.value = search;
  }, [search]);
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        change({ search: input.current?.value.trim() ?? "" });
      }}
    >
      <input
        ref={input}
        id="search"
        type="search"
        maxLength={200}
        aria-label={t("search")}
        placeholder={t("search")}
        title={t("withKey", { action: t("search"), key: "/" })}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          (document.querySelector<HTMLElement>(".row.is-current") ?? document.getElementById("main"))?.focus();
        }}
      />
    </form>
  );
}

function ThisPage(): VNode {
  const page = items.value.find((item) => item.page.id === filter.value.page)?.page;
  return (
    <p class="this-page">
      {page && <span dir="auto">{t("onPage", { page: page.title || page.url })}</span>}{" "}
      <a href={hrefOf({ ...filter.value, page: null })}>{t("anyPage")}</a>
    </p>
  );
}
