import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { QueueQuery, QueueRow, Site } from "../store/records.ts";
import { LIMITS } from "../wire/limits.ts";
import type { ModeratorView, Queue, QueueItem, QueueStatus, Ref } from "../wire/panel-comments.ts";
import { facesOf } from "./faces.ts";
import { pageUrl } from "./sites.ts";
import { toOwnComment } from "./view.ts";

/** What a moderator works through: one screenful, and how many there are of each status. */
export async function readQueue(services: Services, query: Omit<QueueQuery, "limit">): Promise<Queue> {
  if (query.page !== undefined && query.site === undefined) throw new Refusal("invalid", { fields: { site: "required" } });
  const [{ rows, next }, counts, sites] = await Promise.all([
    services.store.queue({ ...query, limit: LIMITS.queue }),
    services.store.queueCounts(query.site, query.page),
    services.sites.all(),
  ]);
  const known = new Map(sites.map((site) => [site.id, site]));
  const items = rows.map((row) => {
    const site = known.get(row.row.site);
    return site ? toQueueItem(services, site, row) : null;
  });
  return { items: (await Promise.all(items)).filter((item) => item !== null), next, counts };
}

/** One comment with its source, to be edited. */
export async function readForModerator(services: Services, { site: id, id: comment }: Ref): Promise<ModeratorView> {
  const [site, row] = await Promise.all([services.sites.byId(id), services.store.comment(id, comment)]);
  if (!site || !row || row.status === "removed") throw new Refusal("not_found");
  const [page, parent] = await Promise.all([
    services.store.pageById(id, row.page),
    row.parent === null ? null : services.store.comment(id, row.parent),
  ]);
  if (!page) throw new Refusal("not_found");
  return { item: await toQueueItem(services, site, { row, page, to: parent?.name || null }), source: row.source, format: row.format };
}

/** A row as its moderator sees it. Only `removed` has no such view, and no queue holds it. */
export async function toQueueItem(services: Services, site: Site, { row, page, to }: QueueRow): Promise<QueueItem> {
  const faces = await facesOf(services, site, { rows: [row] });
  return {
    site: row.site,
    page: { id: page.id, url: pageUrl(site, page.key), title: page.title, open: page.open },
    comment: toOwnComment(services, row, faces),
    email: row.email,
    status: row.status as QueueStatus,
    former: row.former as QueueStatus | null,
    reason: row.reason,
    to,
  };
}
