import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Sort } from "../../wire/comment.ts";
import { all, first, type Steps, template } from "../steps.ts";
import type { Page, QueueQuery, QueueRow } from "../records.ts";
import { statusCode } from "./codes.ts";
import type { Context } from "./context.ts";
import { findPageById } from "./pages.ts";
import { commentOf, scales } from "./rows.ts";
import type { Target } from "./status.ts";
import type { DbId, Tables } from "./tables.ts";

interface Range {
  site: number;
  status: number;
  after: DbId;
  limit: number;
}

const SORTED = { oldest: [">", "asc"], newest: ["<", "desc"] } as const;
const ENDS = { oldest: "00000000-0000-0000-0000-000000000000", newest: "ffffffff-ffff-ffff-ffff-ffffffffffff" } as const;

const inOrder = (sort: Sort) => (db: Kysely<Tables>, v: Range) =>
  db
    .selectFrom("comments")
    .select("id")
    .where("site_id", "=", v.site)
    .where("id", SORTED[sort][0], v.after)
    .orderBy("id", SORTED[sort][1])
    .limit(v.limit);
const bySite = (sort: Sort) => (db: Kysely<Tables>, v: Range) => inOrder(sort)(db, v).where("status", "=", v.status);
// Along the page, which has fewer rows than the site has of that status: the plus keeps the status from choosing the index.
const byPage = (sort: Sort) => (db: Kysely<Tables>, v: Range & { page: number }) =>
  inOrder(sort)(db, v)
    .where("page_id", "=", v.page)
    .where(sql<number>`+status`, "=", v.status);

export const queueStatements = (db: Kysely<Tables>) => ({
  siteIds: template(db, (db) => db.selectFrom("sites").select("id").orderBy("id")),
  queueOfSite: { oldest: template(db, bySite("oldest")), newest: template(db, bySite("newest")) },
  queueOfPage: { oldest: template(db, byPage("oldest")), newest: template(db, byPage("newest")) },
});

export function* readQueue(cx: Context, query: QueueQuery): Steps<{ rows: QueueRow[]; next: string | null }> {
  const { limit } = query;
  const sites = query.site === undefined ? (yield* all(cx.q.siteIds({}))).map((row) => row.id) : [query.site];
  // An import gives the same ids in every site it goes to: no cut is made between equal ones.
  const more = { ...query, limit: limit + sites.length };
  const text = query.search?.trim() ?? "";
  const found = text === "" ? yield* listTargets(cx, more, sites) : yield* cx.dialect.search.find({ ...more, text });
  const last = found[limit - 1]?.id;
  const cut = last === undefined ? found.length : found.findLastIndex(({ id }) => id === last) + 1;
  const rows = yield* describe(cx, found.slice(0, cut));
  return { rows, next: found.length > rows.length ? found[rows.length - 1]!.id : null };
}

/** In order of id, from as many sorted lists as there are sites and statuses asked for. */
function* listTargets(cx: Context, query: QueueQuery, sites: readonly number[]): Steps<Target[]> {
  const { q, dialect } = cx;
  const { sort, limit, page } = query;
  const after = dialect.id.toDb(query.after ?? ENDS[sort]);
  const statuses = query.status === undefined ? (["held", "approved"] as const) : [query.status];
  const found: Target[] = [];
  for (const site of sites) {
    for (const status of statuses) {
      const range = { site, status: statusCode(status), after, limit };
      const rows = yield* all(page === undefined ? q.queueOfSite[sort](range) : q.queueOfPage[sort]({ ...range, page }));
      for (const row of rows) found.push({ site, id: dialect.id.toText(row.id) });
    }
  }
  const direction = sort === "oldest" ? 1 : -1;
  return found.sort((a, b) => (a.id === b.id ? a.site - b.site : a.id < b.id ? -direction : direction));
}

/** As many of them as one answer carries; again no cut between equal ids. */
function* describe({ q, dialect, ...rest }: Context, targets: readonly Target[]): Steps<QueueRow[]> {
  const cx = { q, dialect, ...rest };
  const pages = new Map<string, Page>();
  const rows: QueueRow[] = [];
  const fits = scales();
  for (const { site, id } of targets) {
    const row = yield* first(q.comment({ site, id: dialect.id.toDb(id) }));
    if (!row) throw new Error("The search knows a comment that is not there");
    if (!fits(row) && id !== rows.at(-1)?.row.id) break;
    const key = `${site} ${row.page_id}`;
    const page = pages.get(key) ?? (yield* findPageById(cx, site, row.page_id));
    if (!page) throw new Error("A comment has lost its page");
    pages.set(key, page);
    const parent = row.parent_id === null ? undefined : yield* first(q.comment({ site, id: row.parent_id }));
    rows.push({ row: commentOf(dialect, row), page, to: parent?.name || null });
  }
  return rows;
}
