import type { VNode } from "preact";
import { counts, filter } from "../state/queue.ts";
import { sites } from "../state/sites.ts";
import { t } from "../state/words.ts";
import { SnippetOf } from "./snippet.tsx";

/** An empty view says what is good about it, and what to do next: while there is no comment at all, how to get one. */
export function Empty(): VNode {
  const { search } = filter.value;
  const isFirst = counts.value !== null && Object.values(counts.value).every((n) => n === 0) && filter.value.page === null;
  const view = isFirst ? "all" : filter.value.view;
  if (search !== "") return <Nothing title={t("emptySearch")} more={t("emptySearchMore")} />;
  if (sites.value?.length === 0) {
    return (
      <Nothing title={t("noSites")} more={t("noSitesMore")}>
        <a class="button" href="#/sites">
          {t("addSite")}
        </a>
      </Nothing>
    );
  }
  const first = sites.value?.find(({ id }) => filter.value.site === null || id === filter.value.site);
  return (
    <Nothing title={t(`empty_${view}`)} more={t(`emptyMore_${view}`)}>
      {isFirst && first && <SnippetOf key={first.id} site={first} />}
    </Nothing>
  );
}

function Nothing({ title, more, children }: { title: string; more: string; children?: VNode | false | undefined }): VNode {
  return (
    <div class="empty">
      <p class="big">{title}</p>
      <p>{more}</p>
      {children}
    </div>
  );
}
