import { useEffect } from "preact/hooks";
import type { VNode } from "preact";
import { whyOf } from "../state/notice.ts";
import { filter, items, keyOf, loading, next, problem, refresh, show, showMore } from "../state/queue.ts";
import type { Filter } from "../state/route.ts";
import { loadSites, sites } from "../state/sites.ts";
import { t } from "../state/words.ts";
import { BulkBar } from "./bulk.tsx";
import { Empty } from "./empty.tsx";
import { Filters, Views } from "./filters.tsx";
import { Row } from "./row.tsx";

/** One column of comments to work through. */
export function QueueView({ wanted }: { wanted: Filter }): VNode {
  useEffect(() => {
    if (sites.value === null) void loadSites();
    const again = () => void (document.visibilityState === "visible" && refresh());
    document.addEventListener("visibilitychange", again);
    return () => document.removeEventListener("visibilitychange", again);
  }, []);
  useEffect(() => void show(wanted), [JSON.stringify(wanted)]);
  const shown = filter.value.view;
  return (
    <>
      <h1 class="hidden">
        {t("title")}: {t(`view_${shown}`)}
      </h1>
      <Views />
      <Filters />
      <BulkBar />
      {problem.value && (
        <p role="alert" class="problem">
          {t("failed", { why: whyOf(problem.value) })}{" "}
          <button type="button" onClick={() => void show(filter.value)}>
            {t("again")}
          </button>
        </p>
      )}
      <ul class="queue" aria-busy={loading.value}>
        {items.value.map((item) => (
          <Row key={keyOf(item)} item={item} />
        ))}
      </ul>
      {loading.value && items.value.length === 0 && <p class="loading">{t("loading")}</p>}
      {!loading.value && !problem.value && items.value.length === 0 && <Empty />}
      {next.value !== null && (
        <button type="button" class="more" disabled={loading.value} onClick={() => void showMore()}>
          {t("more")}
        </button>
      )}
      <p class="hidden" role="status">
        {loading.value ? "" : t("shown", { n: items.value.length })}
      </p>
    </>
  );
}
