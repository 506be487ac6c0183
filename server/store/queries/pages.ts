import { type Kysely, type Selectable, sql } from "kysely";
import { Refusal } from "../../refusal.ts";
import type { Status } from "../../wire/comment.ts";
import { all, first, once, run, type Steps, template } from "../steps.ts";
import type { LogEntry, Page, StatusCounts } from "../records.ts";
import type { Context, Act } from "./context.ts";
import { writeLog } from "./log.ts";
import { pageOf } from "./rows.ts";
import type { PageTable, Tables, Tally } from "./tables.ts";

export const pageStatements = (db: Kysely<Tables>) => ({
  pageByKey: template(db, (db, v: { site: number; key: string }) =>
    db.selectFrom("pages").selectAll().where("site_id", "=", v.site).where("key", "=", v.key),
  ),
  pageById: template(db, (db, v: { site: number; id: number }) =>
    db.selectFrom("pages").selectAll().where("site_id", "=", v.site).where("id", "=", v.id),
  ),
  lastPage: template(db, (db, v: { site: number }) =>
    db
      .selectFrom("sites")
      .select((e) =>
        e
          .selectFrom("pages")
          .select((e) => e.fn.max("pages.id").as("last"))
          // By its number, not by that of the row outside, so that it is plain beforehand where it looks.
          .where("pages.site_id", "=", v.site)
          .as("last"),
      )
      .where("id", "=", v.site),
  ),
  addPage: template(db, (db, v: { site: number; id: number; key: string; title: string }) =>
    db.insertInto("pages").values({
      site_id: v.site,
      id: v.id,
      key: v.key,
      title: v.title,
      title_fixed: 0,
      open: 1,
      version: 0,
      held: 0,
      approved: 0,
      spam: 0,
      trash: 0,
      crowded: 0,
    }),
  ),
  savePage: template(
    db,
    (db, v: Tally & { site: number; id: number; title: string; titleFixed: number; open: number; version: number; crowded: number }) =>
      db
        .updateTable("pages")
        .set({
          title: v.title,
          title_fixed: v.titleFixed,
          open: v.open,
          version: v.version,
          crowded: v.crowded,
          held: v.held,
          approved: v.approved,
          spam: v.spam,
          trash: v.trash,
        })
        .where("site_id", "=", v.site)
        .where("id", "=", v.id),
  ),
  countSite: template(db, (db, v: Tally & { site: number }) =>
    db
      .updateTable("site_counts")
      .set((e) => ({
        held: e("held", "+", v.held),
        approved: e("approved", "+", v.approved),
        spam: e("spam", "+", v.spam),
        trash: e("trash", "+", v.trash),
      }))
      .where("site_id", "=", v.site),
  ),
  siteCounts: template(db, (db, v: { site: number }) => db.selectFrom("site_counts").selectAll().where("site_id", "=", v.site)),
});

/** A page within a transaction that changes it: its version rises once, and its counters are written once, at the end. */
export interface OpenPage {
  page: Page;
  before: StatusCounts;
  /** See crowds.ts. */
  crowded: boolean;
}

export function* findPage({ q }: Context, site: number, key: string): Steps<Page | null> {
  const row = yield* first(q.pageByKey({ site, key }));
  return row ? pageOf(row) : null;
}

export function* findPageById({ q }: Context, site: number, id: number): Steps<Page | null> {
  const row = yield* first(q.pageById({ site, id }));
  return row ? pageOf(row) : null;
}

/** Opens it for a change; makes it when there is none. Refusal `not_found` when the site is gone. */
export function* openPage({ q }: Context, site: number, key: string): Steps<OpenPage> {
  const row = yield* first(q.pageByKey({ site, key }));
  if (row) return risen(row);
  const found = yield* first(q.lastPage({ site }));
  if (!found) throw new Refusal("not_found");
  const id = (found.last ?? 0) + 1;
  yield* run(q.addPage({ site, id, key, title: "" }));
  const counts = { held: 0, approved: 0, spam: 0, trash: 0 };
  const page: Page = { site, id, key, title: "", titleFixed: false, open: true, version: 1, counts };
  return { page, before: { ...counts }, crowded: false };
}

export function* openPageById({ q }: Context, site: number, id: number): Steps<OpenPage> {
  const row = yield* first(q.pageById({ site, id }));
  if (!row) throw new Error(`Page ${id} of site ${site} is missing`);
  return risen(row);
}

function risen(row: Selectable<PageTable>): OpenPage {
  const page = pageOf(row);
  page.version++;
  return { page, before: { ...page.counts }, crowded: row.crowded === 1 };
}

/** Moves one comment from one counter to another; `removed` and null are counted nowhere. */
export function count({ page }: OpenPage, from: Status | null, to: Status | null): void {
  if (from !== null && from !== "removed") page.counts[from]--;
  if (to !== null && to !== "removed") page.counts[to]++;
}

export function* savePage({ q }: Context, { page, before, crowded }: OpenPage, act: Act): Steps<void> {
  const { site, id, title, version, counts } = page;
  yield* run(
    q.savePage({
      site,
      id,
      title,
      version,
      titleFixed: Number(page.titleFixed),
      open: Number(page.open),
      crowded: Number(crowded),
      ...counts,
    }),
  );
  const { held, approved, spam, trash } = counts;
  yield* run(
    q.countSite({
      site,
      held: held - before.held,
      approved: approved - before.approved,
      spam: spam - before.spam,
      trash: trash - before.trash,
    }),
  );
  act.changed({ site, key: page.key });
}

export function* approvedCounts({ dialect }: Context, site: number, keys: readonly string[]): Steps<Map<string, number>> {
  if (keys.length === 0) return new Map();
  const rows = yield* all(
    once(dialect.db.selectFrom("pages").select(["key", "approved"]).where("site_id", "=", site).where("key", "in", keys)),
  );
  return new Map(rows.map((row) => [row.key, row.approved]));
}

export interface PageList {
  site: number;
  search?: string | undefined;
  after?: number | undefined;
  limit: number;
}

/** The newest pages first. */
export function* listPages({ dialect }: Context, { site, search, after, limit }: PageList): Steps<Page[]> {
  let query = dialect.db.selectFrom("pages").selectAll().where("site_id", "=", site).orderBy("id", "desc").limit(limit);
  if (after !== undefined) query = query.where("id", "<", after);
  if (search) {
    // No title has U+0000; SQLite would end the pattern there.
    const like = `%${search
      .toLowerCase()
      .replaceAll("\0", "\u{fffd}")
      .replace(/[\\%_]/g, "\\$&")}%`;
    query = query.where(sql<boolean>`(lower(key) like ${like} escape '\\' or lower(title) like ${like} escape '\\')`);
  }
  return (yield* all(once(query))).map(pageOf);
}

export interface PagePatch {
  title?: string;
  open?: boolean;
}

/** An empty title gives it back to the comments. */
export function* setPage(
  cx: Context,
  act: Act,
  at: { site: number; key: string },
  { patch, log }: { patch: PagePatch; log: LogEntry },
): Steps<Page> {
  const open = yield* openPage(cx, at.site, at.key);
  if (patch.title !== undefined) Object.assign(open.page, { title: patch.title, titleFixed: patch.title !== "" });
  if (patch.open !== undefined) open.page.open = patch.open;
  yield* savePage(cx, open, act);
  yield* writeLog(cx, log, [{ site: at.site }]);
  return open.page;
}

export function* countQueue(cx: Context, site?: number, page?: number): Steps<StatusCounts> {
  const { db } = cx.dialect;
  if (site !== undefined && page !== undefined) {
    return (yield* findPageById(cx, site, page))?.counts ?? { held: 0, approved: 0, spam: 0, trash: 0 };
  }
  const rows = site === undefined ? yield* all(once(db.selectFrom("site_counts").selectAll())) : yield* all(cx.q.siteCounts({ site }));
  const sum = { held: 0, approved: 0, spam: 0, trash: 0 };
  for (const row of rows) for (const key of Object.keys(sum) as (keyof StatusCounts)[]) sum[key] += row[key];
  return sum;
}
