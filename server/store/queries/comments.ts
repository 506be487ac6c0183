import { type Kysely, sql } from "kysely";
import { first, type Steps, template } from "../steps.ts";
import type { CommentRow } from "../records.ts";
import type { Context } from "./context.ts";
import { commentOf } from "./rows.ts";
import type { CommentTable, DbId, Tables } from "./tables.ts";

/** The columns that say where a comment hangs and whether readers see it. */
const KNOT = [
  "site_id",
  "page_id",
  "id",
  "parent_id",
  "root_id",
  "depth",
  "status",
  "shown",
  "version",
  "children",
  "shown_children",
] as const;
export type Knot = Pick<CommentTable, (typeof KNOT)[number]>;

interface At {
  site: number;
  id: DbId;
}

/** Written out in the query, since a partial index serves no parameter. */
export const YES = sql.lit(1);
export const NO = sql.lit(0);

export const commentStatements = (db: Kysely<Tables>) => ({
  comment: template(db, (db, v: At) => db.selectFrom("comments").selectAll().where("site_id", "=", v.site).where("id", "=", v.id)),
  knot: template(db, (db, v: At) => db.selectFrom("comments").select(KNOT).where("site_id", "=", v.site).where("id", "=", v.id)),
  /** A new one, which nothing was done to and nobody has answered. */
  addComment: template(db, (db, v: CommentTable) =>
    db.insertInto("comments").values({
      site_id: v.site_id,
      page_id: v.page_id,
      id: v.id,
      parent_id: v.parent_id,
      root_id: v.root_id,
      depth: v.depth,
      status: v.status,
      former: sql.lit(null),
      reason: v.reason,
      name: v.name,
      email: v.email,
      website: v.website,
      role: v.role,
      source: v.source,
      format: v.format,
      body: v.body,
      render_version: v.render_version,
      created_at: v.created_at,
      edited_at: v.edited_at,
      trashed_at: v.trashed_at,
      ip_hash: v.ip_hash,
      version: v.version,
      shown: v.shown,
      replies: sql.lit(0),
      children: sql.lit(0),
      shown_children: sql.lit(0),
      crowded: v.crowded,
      account_id: v.account_id,
    }),
  ),
  /** Adds to what a comment counts below itself. */
  grow: template(db, (db, v: At & { children: number; shown: number; replies: number }) =>
    db
      .updateTable("comments")
      .set((e) => ({
        children: e("children", "+", v.children),
        shown_children: e("shown_children", "+", v.shown),
        replies: e("replies", "+", v.replies),
      }))
      .where("site_id", "=", v.site)
      .where("id", "=", v.id),
  ),
  show: template(db, (db, v: At & { shown: number; version: number }) =>
    db.updateTable("comments").set({ shown: v.shown, version: v.version }).where("site_id", "=", v.site).where("id", "=", v.id),
  ),
  setStatus: template(
    db,
    (
      db,
      v: At & {
        status: number;
        former: number | null;
        formerReason: string | null;
        reason: string | null;
        trashedAt: number | null;
        shown: number;
        version: number;
      },
    ) =>
      db
        .updateTable("comments")
        .set({
          status: v.status,
          former: v.former,
          former_reason: v.formerReason,
          reason: v.reason,
          trashed_at: v.trashedAt,
          shown: v.shown,
          version: v.version,
        })
        .where("site_id", "=", v.site)
        .where("id", "=", v.id),
  ),
  deleteComment: template(db, (db, v: At) => db.deleteFrom("comments").where("site_id", "=", v.site).where("id", "=", v.id)),
});

export function* findComment({ q, dialect }: Context, site: number, id: string): Steps<CommentRow | null> {
  const row = yield* first(q.comment({ site, id: dialect.id.toDb(id) }));
  return row ? commentOf(dialect, row) : null;
}
