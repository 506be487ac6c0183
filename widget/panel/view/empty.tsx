import type { VNode } from "preact";
import { filter } from "../state/queue.ts";
import { sites } from "../state/sites.ts";
import { t } from "../state/words.ts";
import { SnippetOf } from "./snippet.tsx";

/** An empty view says what is good about it, and what to do next. */
export function Empty(): VNode {
  const { view, search } = filter.value;
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
  const [only] = sites.value ?? [];
  return (
    <Nothing title={t(`empty_${view}`)} more={t(`emptyMore_${view}`)}>
      {view === "all" && only && <SnippetOf site={only} />}
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
