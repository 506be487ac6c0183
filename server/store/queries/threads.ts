import { type Selectable, sql } from "kysely";
import type { Sort } from "../../wire/comment.ts";
import { all, first, type Steps, template } from "../steps.ts";
import type { CommentRow, Slice, ThreadQuery } from "../records.ts";
import { YES } from "./comments.ts";
import type { Dialect } from "../dialect.ts";
import type { Context } from "./context.ts";
import { carried, commentOf, type ReadRow, scales, toldOf } from "./rows.ts";
import type { CommentTable, DbId, Tally } from "./tables.ts";

const shown = (dialect: Dialect) => toldOf(dialect).where("shown", "=", YES);

/** Of a crowded page, by the indexes that only hold these. */
const inCrowd = (dialect: Dialect) => shown(dialect).where("crowded", "=", YES);

/** As the index of threads has it, so that no engine walks the primary key with all the replies instead. */
const PAGE = sql<number>`(page_id + 0)`;

/** Bounds of ids: every UUIDv7 lies between them. */
const FIRST_ID = "00000000-0000-0000-0000-000000000000";
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

interface Tops {
  site: number;
  page: number;
  after: DbId;
  limit: number;
}
interface Replies extends Tops {
  root: DbId;
}

export const threadStatements = (dialect: Dialect, { db } = dialect) => ({
  wholePage: template(db, (_, v: { site: number; page: number; limit: number }) =>
    toldOf(dialect).where("site_id", "=", v.site).where("page_id", "=", v.page).orderBy("comments.id").limit(v.limit),
  ),
  topsOldest: template(db, (_, v: Tops) =>
    inCrowd(dialect)
      .where("parent_id", "is", null)
      .where("site_id", "=", v.site)
      .where(PAGE, "=", v.page)
      .where("id", ">", v.after)
      .orderBy("comments.id")
      .limit(v.limit),
  ),
  topsNewest: template(db, (_, v: Tops) =>
    inCrowd(dialect)
      .where("parent_id", "is", null)
      .where("site_id", "=", v.site)
      .where(PAGE, "=", v.page)
      .where("id", "<", v.after)
      .orderBy("comments.id", "desc")
      .limit(v.limit),
  ),
  replies: template(db, (_, v: Replies) =>
    inCrowd(dialect)
      .where("site_id", "=", v.site)
      .where("root_id", "=", v.root)
      .where("id", ">", v.after)
      .orderBy("comments.id")
      .limit(v.limit),
  ),
  // The same along a page of few.
  fewOldest: template(db, (_, v: Tops) =>
    shown(dialect)
      .where("site_id", "=", v.site)
      .where("page_id", "=", v.page)
      .where("parent_id", "is", null)
      .where("id", ">", v.after)
      .orderBy("comments.id")
      .limit(v.limit),
  ),
  fewNewest: template(db, (_, v: Tops) =>
    shown(dialect)
      .where("site_id", "=", v.site)
      .where("page_id", "=", v.page)
      .where("parent_id", "is", null)
      .where("id", "<", v.after)
      .orderBy("comments.id", "desc")
      .limit(v.limit),
  ),
  fewReplies: template(db, (_, v: Replies) =>
    shown(dialect)
      .where("site_id", "=", v.site)
      .where("page_id", "=", v.page)
      .where("root_id", "=", v.root)
      .where("id", ">", v.after)
      .orderBy("comments.id")
      .limit(v.limit),
  ),
});

const topsOf = ({ q }: Context, crowded: boolean) =>
  crowded ? { oldest: q.topsOldest, newest: q.topsNewest } : { oldest: q.fewOldest, newest: q.fewNewest };
const repliesOf = ({ q }: Context, crowded: boolean) => (crowded ? q.replies : q.fewReplies);

export function* readThreads(cx: Context, query: ThreadQuery): Steps<Slice> {
  const { site, page, sort, comments } = query;
  const found = yield* first(cx.q.pageById({ site, id: page }));
  if (!found) return { rows: [], next: null };
  const whole = query.after === undefined ? yield* readWholePage(cx, found, query) : null;
  if (whole) return { rows: whole, next: null };
  const { dialect } = cx;
  const crowded = found.crowded === 1;
  const limit = Math.min(query.threads, comments);
  const after = dialect.id.toDb(query.after ?? (sort === "oldest" ? FIRST_ID : LAST_ID));
  const tops = yield* all(topsOf(cx, crowded)[sort]({ site, page, after, limit: limit + 1 }));
  let next = tops.length > limit ? dialect.id.toText(tops[limit - 1]!.id) : null;
  tops.length = Math.min(tops.length, limit);
  const shares = shareFairly(
    tops.map((top) => top.replies),
    comments - tops.length,
  );
  const rows: CommentRow[] = [];
  const fits = scales();
  for (const [i, top] of tops.entries()) {
    if (!fits(top)) {
      next = dialect.id.toText(tops[i - 1]!.id);
      break;
    }
    const comment = commentOf(dialect, top);
    rows.push(comment);
    const share = shares[i]!;
    if (share === 0) continue;
    const root = dialect.id.toDb(comment.id);
    const replies = yield* all(repliesOf(cx, crowded)({ site, page, root, after: root, limit: share }));
    for (const reply of replies) {
      if (!fits(reply)) break;
      rows.push(commentOf(dialect, reply));
    }
  }
  return { rows, next };
}

/** One walk along the primary key where that gives the whole answer, which is most pages; else null, after no more rows than an answer has. */
function* readWholePage(
  { q, dialect }: Context,
  found: Tally,
  { site, page, sort, threads, comments }: ThreadQuery,
): Steps<CommentRow[] | null> {
  if (found.held + found.approved + found.spam + found.trash > comments) return null;
  const rows = yield* all(q.wholePage({ site, page, limit: comments + 1 }));
  if (rows.length > comments) return null;
  const seen = rows.filter((row) => row.shown === 1);
  if (carried(seen).length < seen.length) return null;
  const byRoot = new Map<string, CommentRow[]>();
  for (const row of seen) {
    const comment = commentOf(dialect, row);
    const thread = byRoot.get(comment.root);
    if (thread) thread.push(comment);
    else byRoot.set(comment.root, [comment]);
  }
  return byRoot.size > threads ? null : inOrder([...byRoot.values()], sort).flat();
}

const inOrder = <T>(oldestFirst: T[], sort: Sort): T[] => (sort === "oldest" ? oldestFirst : oldestFirst.toReversed());

/** Water-filling: nobody gets more than they want, and what some leave goes to the others alike. */
export function shareFairly(wants: readonly number[], budget: number): number[] {
  const shares = wants.map(() => 0);
  const hungry = wants.map((_, i) => i).sort((a, b) => wants[a]! - wants[b]! || a - b);
  let left = Math.max(0, budget);
  for (const [rank, i] of hungry.entries()) {
    const waiting = hungry.length - rank;
    const share = Math.min(wants[i]!, Math.floor(left / waiting));
    shares[i] = share;
    left -= share;
  }
  return shares;
}

export interface ReplyQuery {
  site: number;
  page: number;
  root: string;
  after?: string | undefined;
  limit: number;
}

export function* readReplies(cx: Context, { site, page, root, after, limit }: ReplyQuery): Steps<Slice> {
  const { toDb } = cx.dialect.id;
  const found = yield* first(cx.q.pageById({ site, id: page }));
  if (!found) return { rows: [], next: null };
  const replies = repliesOf(cx, found.crowded === 1);
  const rows = yield* all(replies({ site, page, root: toDb(root), after: toDb(after ?? root), limit: limit + 1 }));
  return sliceOf(
    cx,
    rows.filter((row) => row.page_id === page),
    limit,
  );
}

function sliceOf({ dialect }: Pick<Context, "dialect">, rows: ReadRow[], limit: number): Slice {
  const kept = carried(rows.slice(0, limit));
  const last = kept.at(-1);
  return { rows: kept.map((row) => commentOf(dialect, row)), next: rows.length > kept.length && last ? dialect.id.toText(last.id) : null };
}

export interface AroundQuery {
  site: number;
  id: string;
  ancestors: number;
  limit: number;
}

export function* readAround(cx: Context, { site, id, ancestors, limit }: AroundQuery): Steps<Slice> {
  const { q, dialect } = cx;
  const row = yield* first(q.comment({ site, id: dialect.id.toDb(id) }));
  if (row?.shown !== 1) return { rows: [], next: null };
  const path: Selectable<CommentTable>[] = [row];
  while (path.length <= ancestors && path[0]!.parent_id !== null)
    path.unshift((yield* first(q.comment({ site, id: path[0]!.parent_id })))!);
  if (path[0]!.root_id !== null) path.unshift((yield* first(q.comment({ site, id: path[0]!.root_id })))!);
  const root = row.root_id ?? row.id;
  const rest = sliceOf(
    cx,
    yield* all(repliesOf(cx, row.crowded === 1)({ site, page: row.page_id, root, after: row.id, limit: limit + 1 })),
    limit,
  );
  return { rows: [...path.map((row) => commentOf(dialect, row)), ...rest.rows], next: rest.next };
}
