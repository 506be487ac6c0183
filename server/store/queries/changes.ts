import type { Kysely, Selectable } from "kysely";
import { all, first, type Steps, template } from "../steps.ts";
import type { Changes, ChangesQuery, Page } from "../records.ts";
import { APPROVED } from "./codes.ts";
import { YES } from "./comments.ts";
import type { Context } from "./context.ts";
import { carried, commentOf, pageOf } from "./rows.ts";
import type { CommentTable, DbId, GoneTable, Tables } from "./tables.ts";

interface Since {
  site: number;
  page: number;
  after: number;
  limit: number;
}

const changed = (db: Kysely<Tables>, v: Since) =>
  db
    .selectFrom("comments")
    .selectAll()
    .where("shown", "=", YES)
    .where("site_id", "=", v.site)
    .where("page_id", "=", v.page)
    .where("version", ">", v.after)
    .orderBy("version")
    .limit(v.limit);

export const changeStatements = (db: Kysely<Tables>) => ({
  changedSince: template(db, (db, v: Since) => changed(db, v).where("crowded", "=", YES)),
  fewChangedSince: template(db, changed),
  goneSince: template(db, (db, v: Since) =>
    db
      .selectFrom("gone")
      .selectAll()
      .where("site_id", "=", v.site)
      .where("page_id", "=", v.page)
      .where("version", ">", v.after)
      .orderBy("version")
      .limit(v.limit),
  ),
  // A comment may go twice within one transaction: as what is deleted, and as a stub above it.
  note: template(db, (db, v: GoneTable) =>
    db
      .insertInto("gone")
      .values({ site_id: v.site_id, page_id: v.page_id, version: v.version, comment_id: v.comment_id, root_id: v.root_id })
      .onConflict((c) => c.doNothing()),
  ),
});

export function* readChanges(cx: Context, { site, key, after, limit }: ChangesQuery): Steps<Changes | null> {
  const found = yield* first(cx.q.pageByKey({ site, key }));
  if (!found) return null;
  const page = pageOf(found);
  const changedSince = found.crowded === 1 ? cx.q.changedSince : cx.q.fewChangedSince;
  const since = { site, page: page.id, after, limit: limit + 1 };
  const rows = page.version > after ? yield* all(changedSince(since)) : [];
  const gone = page.version > after ? yield* all(cx.q.goneSince(since)) : [];
  const tooMuch = rows.length > limit || gone.length > limit || carried(rows).length < rows.length;
  if (after > page.version || tooMuch) return { ...nothing(page), whole: false };
  const { toText } = cx.dialect.id;
  const changed = rows.map((row) => commentOf(cx.dialect, row));
  const back = new Set(changed.map(({ id }) => id));
  return {
    ...nothing(page),
    rows: changed,
    gone: [...new Set(gone.map(({ comment_id }) => toText(comment_id)))].filter((id) => !back.has(id)),
    replies: yield* countReplies(cx, site, [...rows, ...gone]),
    names: yield* namesAbove(cx, site, rows),
  };
}

const nothing = (page: Page): Changes => ({ page, rows: [], gone: [], replies: new Map(), names: new Map(), whole: true });

function* countReplies({ q, dialect }: Context, site: number, below: readonly { root_id: DbId | null }[]): Steps<Map<string, number>> {
  const replies = new Map<string, number>();
  for (const { root_id } of below) {
    if (root_id === null || replies.has(dialect.id.toText(root_id))) continue;
    const root = yield* first(q.comment({ site, id: root_id }));
    if (root?.shown === 1) replies.set(dialect.id.toText(root_id), root.replies);
  }
  return replies;
}

function* namesAbove({ q, dialect }: Context, site: number, rows: readonly Selectable<CommentTable>[]): Steps<Map<string, string>> {
  const names = new Map<string, string>();
  for (const { parent_id } of rows) {
    if (parent_id === null || names.has(dialect.id.toText(parent_id))) continue;
    const parent = yield* first(q.comment({ site, id: parent_id }));
    if (parent?.status === APPROVED) names.set(dialect.id.toText(parent_id), parent.name);
  }
  return names;
}
