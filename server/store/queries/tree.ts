/** Keeps what each comment knows of those below it: whether readers see it (approved, or a stub above what they see) and how many. */
import type { Selectable } from "kysely";
import { first, run, type Steps } from "../steps.ts";
import type { NewRow } from "../records.ts";
import { APPROVED, formatCode, statusCode } from "./codes.ts";
import type { Knot } from "./comments.ts";
import type { Context } from "./context.ts";
import { watchCrowd } from "./crowds.ts";
import { count, type OpenPage } from "./pages.ts";
import { keptBody } from "./rows.ts";
import type { CommentTable, DbId, GoneTable } from "./tables.ts";
import { credit } from "./writers.ts";

export const isShown = (status: number, shownChildren: number): number => Number(status === APPROVED || shownChildren > 0);

/** Hangs a new comment below `parent` and counts it. */
export function* insertComment(cx: Context, open: OpenPage, row: NewRow, parent: Knot | null): Steps<Selectable<CommentTable>> {
  const { q, dialect } = cx;
  const record = recordOf(cx, open, row, parent);
  yield* run(q.addComment(record));
  if (parent) yield* hang(cx, open.page.version, record, parent);
  count(open, null, row.status);
  yield* watchCrowd(cx, open);
  yield* credit(cx, record);
  yield* dialect.search.add(record);
  return record;
}

/** Counts a new comment where it hangs. Below what readers see already, nothing further up changes but the number of replies. */
function* hang(cx: Context, version: number, record: Knot, parent: Knot): Steps<void> {
  const site = record.site_id;
  const shown = parent.shown ? record.shown : 0;
  const ofRoot = parent.root_id === null;
  yield* run(cx.q.grow({ site, id: parent.id, children: 1, shown, replies: ofRoot ? shown : 0 }));
  if (shown && !ofRoot) yield* run(cx.q.grow({ site, id: parent.root_id!, children: 0, shown: 0, replies: 1 }));
  if (record.shown && !parent.shown) yield* tellAbove(cx, version, record, 1);
}

function recordOf({ dialect, now }: Context, { page, crowded }: OpenPage, row: NewRow, parent: Knot | null): Selectable<CommentTable> {
  const status = statusCode(row.status);
  return {
    site_id: row.site,
    page_id: page.id,
    id: dialect.id.toDb(row.id),
    parent_id: parent?.id ?? null,
    root_id: parent ? (parent.root_id ?? parent.id) : null,
    depth: parent ? parent.depth + 1 : 0,
    status,
    former: null,
    former_reason: null,
    reason: row.reason,
    name: row.name,
    email: row.email,
    website: row.website,
    role: row.role,
    source: row.source,
    format: formatCode(row.format),
    body: keptBody(row.source, row.body),
    render_version: row.renderVersion,
    created_at: row.createdAt,
    edited_at: row.editedAt ?? null,
    trashed_at: row.status === "trash" ? now() : null,
    ip_hash: row.ipHash,
    version: page.version,
    shown: isShown(status, 0),
    replies: 0,
    children: 0,
    shown_children: 0,
    crowded: Number(crowded),
    account_id: row.account ? dialect.id.toDb(row.account) : null,
  };
}

/**
 * A comment appeared (1) or went (-1) before readers: its parent counts it and may itself become a stub or cease to be
 * one, and so on upwards. What goes is noted, for those who have it on their screen.
 */
export function* tellAbove(
  { q }: Context,
  version: number,
  knot: Pick<Knot, "site_id" | "page_id" | "id" | "parent_id" | "root_id">,
  by: 1 | -1,
): Steps<void> {
  const site = knot.site_id;
  if (by === -1) yield* run(q.note(goneAt(version, knot)));
  let above: DbId | null = knot.parent_id;
  let replies = 0;
  while (above !== null) {
    replies += by;
    const parent: Knot | undefined = yield* first(q.knot({ site, id: above }));
    if (!parent) throw new Error("A comment has lost its parent");
    yield* run(q.grow({ site, id: above, children: 0, shown: by, replies: 0 }));
    const shown = isShown(parent.status, parent.shown_children + by);
    if (shown === parent.shown) break;
    yield* run(q.show({ site, id: above, shown, version }));
    if (by === -1) yield* run(q.note(goneAt(version, parent)));
    above = parent.parent_id;
  }
  if (knot.root_id !== null) yield* run(q.grow({ site, id: knot.root_id, children: 0, shown: 0, replies }));
}

const goneAt = (version: number, { site_id, page_id, id, root_id }: Pick<Knot, "site_id" | "page_id" | "id" | "root_id">): GoneTable => ({
  site_id,
  page_id,
  version,
  comment_id: id,
  root_id,
});
