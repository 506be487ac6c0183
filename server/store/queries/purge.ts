import type { Selectable } from "kysely";
import { all, first, once, run, type Steps } from "../steps.ts";
import type { LogEntry } from "../records.ts";
import { statusCode, statusName, TRASH } from "./codes.ts";
import type { Knot } from "./comments.ts";
import type { Context, Act } from "./context.ts";
import { type Line, writeLog } from "./log.ts";
import { count, type OpenPage } from "./pages.ts";
import { OpenPages, type Target } from "./status.ts";
import type { CommentTable, DbId } from "./tables.ts";
import { isShown, tellAbove } from "./tree.ts";
import { debit } from "./writers.ts";

const REMOVED = statusCode("removed");

export function* purgeComments(cx: Context, act: Act, ids: readonly Target[], log: LogEntry): Steps<number> {
  const pages = new OpenPages(cx);
  const lines: Line[] = [];
  for (const { site, id } of ids) {
    const row = yield* first(cx.q.comment({ site, id: cx.dialect.id.toDb(id) }));
    if (!row || row.status === REMOVED) continue;
    yield* purgeComment(cx, yield* pages.open(site, row.page_id), row);
    lines.push({ site, comment: id, from: statusName(row.status), to: "removed" });
  }
  yield* pages.save(act);
  yield* writeLog(cx, log, lines);
  return lines.length;
}

/** The oldest of the trash, at most `limit`; one line of log for them all. */
export function* purgeTrashBatch(
  cx: Context,
  act: Act,
  trash: { site: number; before: number; limit: number },
  log: LogEntry,
): Steps<number> {
  const { site, before, limit } = trash;
  const pages = new OpenPages(cx);
  const rows = yield* all(
    once(
      cx.dialect.db
        .selectFrom("comments")
        .select("id")
        .where("site_id", "=", site)
        .where("status", "=", TRASH)
        .where("trashed_at", "<", before)
        .orderBy("id")
        .limit(limit),
    ),
  );
  for (const { id } of rows) {
    const row = yield* first(cx.q.comment({ site, id }));
    if (row) yield* purgeComment(cx, yield* pages.open(site, row.page_id), row);
  }
  yield* pages.save(act);
  if (rows.length > 0) yield* writeLog(cx, log, [{ site, from: "trash", to: "removed", note: String(rows.length) }]);
  return rows.length;
}

function* purgeComment(cx: Context, open: OpenPage, row: Selectable<CommentTable>): Steps<void> {
  const { db, search } = cx.dialect;
  count(open, statusName(row.status), null);
  yield* debit(cx, row);
  yield* run(once(db.deleteFrom("revisions").where("site_id", "=", row.site_id).where("comment_id", "=", row.id)));
  if (row.children === 0) yield* deleteLeaf(cx, open, row);
  else yield* blank(cx, open, row);
  yield* search.mark(row.site_id, row.id);
}

/** A stub stays where replies hang, shown or not, so that none of them is orphaned. */
function* blank(cx: Context, open: OpenPage, row: Selectable<CommentTable>): Steps<void> {
  const shown = isShown(REMOVED, row.shown_children);
  const nothing = { name: "", email: "", website: "", role: null, source: "", body: null, ip_hash: null, account_id: null };
  const set = {
    ...nothing,
    status: REMOVED,
    former: null,
    former_reason: null,
    reason: null,
    edited_at: null,
    trashed_at: null,
    shown,
    version: open.page.version,
  };
  yield* run(once(cx.dialect.db.updateTable("comments").set(set).where("site_id", "=", row.site_id).where("id", "=", row.id)));
  if (shown !== row.shown) yield* tellAbove(cx, open.page.version, row, -1);
}

/** And the stubs above it that were kept for its sake alone. */
function* deleteLeaf(cx: Context, open: OpenPage, leaf: Knot): Steps<void> {
  const { q } = cx;
  const site = leaf.site_id;
  if (leaf.shown) yield* tellAbove(cx, open.page.version, leaf, -1);
  let at: Knot | undefined = leaf;
  while (at) {
    const above: DbId | null = at.parent_id;
    yield* run(q.deleteComment({ site, id: at.id }));
    if (above === null) return;
    yield* run(q.grow({ site, id: above, children: -1, shown: 0, replies: 0 }));
    const parent: Knot | undefined = yield* first(q.knot({ site, id: above }));
    at = parent?.status === REMOVED && parent.children === 0 ? parent : undefined;
  }
}
