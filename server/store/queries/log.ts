import { type Kysely, sql } from "kysely";
import { all, once, run, type Steps, template } from "../steps.ts";
import type { LogEntry } from "../records.ts";
import type { Status } from "../../wire/comment.ts";
import { statusCode, statusName } from "./codes.ts";
import type { Context } from "./context.ts";
import type { DbId, LogTable, Tables } from "./tables.ts";

export const logStatements = (db: Kysely<Tables>) => ({
  // With a select in the place of values, since Citus takes no query among these.
  addLog: template(db, (db, v: Omit<LogTable, "place">) =>
    db
      .insertInto("log")
      .columns(["site_id", "id", "place", "at", "by", "action", "note", "comment_id", "from_status", "to_status"])
      .expression(
        db
          .selectFrom("log")
          .select([
            sql<number>`${v.site_id}`.as("site_id"),
            sql<string>`${v.id}`.as("id"),
            // After what the same act has written before.
            sql<number>`coalesce(max(place), -1) + 1`.as("place"),
            sql<number>`${v.at}`.as("at"),
            sql<string>`${v.by}`.as("by"),
            sql<string>`${v.action}`.as("action"),
            sql<string | null>`${v.note}`.as("note"),
            sql<DbId | null>`${v.comment_id}`.as("comment_id"),
            sql<number | null>`${v.from_status}`.as("from_status"),
            sql<number | null>`${v.to_status}`.as("to_status"),
          ])
          .where("site_id", "=", v.site_id)
          .where("id", "=", v.id),
      ),
  ),
});

/** What one act did to one thing. */
export interface Line {
  /** 0 where no site is concerned. */
  site: number;
  comment?: string;
  from?: Status;
  to?: Status;
  note?: string;
}

/** One entry, a row for each thing it concerned. */
export function* writeLog({ q, dialect }: Context, entry: LogEntry, lines: readonly Line[]): Steps<void> {
  for (const line of lines) {
    yield* run(
      q.addLog({
        site_id: line.site,
        id: entry.id,
        at: entry.at,
        by: entry.by,
        action: entry.action,
        note: line.note ?? entry.note ?? null,
        comment_id: line.comment === undefined ? null : dialect.id.toDb(line.comment),
        from_status: line.from === undefined ? null : statusCode(line.from),
        to_status: line.to === undefined ? null : statusCode(line.to),
      }),
    );
  }
}

export type LoggedLine = LogEntry & { site: number; comment: string | null; from: Status | null; to: Status | null };
export interface LogQuery {
  site?: number;
  comment?: string;
  after?: string;
  limit: number;
}

/** The newest first. An act on many comments is never cut in two: its last rows come beyond the limit. */
export function* readLog({ dialect }: Context, { site, comment, after, limit }: LogQuery): Steps<LoggedLine[]> {
  const { db, id } = dialect;
  let query = db.selectFrom("log").selectAll().orderBy("id", "desc").orderBy("site_id").orderBy("place");
  if (site !== undefined) query = query.where("site_id", "=", site);
  if (comment !== undefined) query = query.where("comment_id", "=", id.toDb(comment));
  if (after !== undefined) query = query.where("id", "<", after);
  const rows = yield* all(once(query.limit(limit)));
  const last = rows.at(-1);
  if (last && rows.length === limit) {
    const kept = rows.filter((row) => row.id !== last.id);
    rows.splice(kept.length, rows.length, ...(yield* all(once(query.where("id", "=", last.id)))));
  }
  return rows.map((row) => ({
    id: row.id,
    at: row.at,
    by: row.by,
    action: row.action as LogEntry["action"],
    ...(row.note === null ? {} : { note: row.note }),
    site: row.site_id,
    comment: row.comment_id === null ? null : id.toText(row.comment_id),
    from: row.from_status === null ? null : statusName(row.from_status),
    to: row.to_status === null ? null : statusName(row.to_status),
  }));
}
