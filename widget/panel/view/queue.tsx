import { useEffect, useRef } from "preact/hooks";
import type { VNode } from "preact";
import { whyOf } from "../state/notice.ts";
import { followQueue } from "../state/live.ts";
import { filter, items, keyOf, loading, next, problem, refresh, refreshes, show, showMore, showWaiting, waiting } from "../state/queue.ts";
import type { Filter } from "../state/route.ts";
import { loadSites, sites } from "../state/sites.ts";
import { t } from "../state/words.ts";
import { BulkBar } from "./bulk.tsx";
import { Empty } from "./empty.tsx";
import { Filters, Views } from "./filters.tsx";
import { Row } from "./row.tsx";
import { useStay } from "./stay.ts";

/** One column of comments to work through. */
export function QueueView({ wanted }: { wanted: Filter }): VNode {
  useEffect(() => {
    if (sites.value === null) void loadSites();
    return followQueue(() => void refresh());
  }, []);
  useEffect(() => void show(wanted), [JSON.stringify(wanted)]);
  const shown = filter.value.view;
  const list = useRef<HTMLUListElement>(null);
  useStay(list, refreshes.value);
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
      <ul ref={list} class="queue" aria-busy={loading.value}>
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
        {loading.value ? "" : t(waiting.value.length > 0 ? "news" : "shown", { n: waiting.value.length || items.value.length })}
      </p>
      {waiting.value.length > 0 && (
        <button type="button" class="news" onClick={showWaiting}>
          {t("news", { n: waiting.value.length })}
        </button>
      )}
    </>
  );
}
