import { sql } from "kysely";
import type { Dialect } from "../dialect.ts";
import type { Statement } from "../steps.ts";

/** What readers of a page that is open are told since a version of it: comments that changed, and those that are gone. */
export function live({ db: { schema }, keyed, id }: Dialect): Statement<unknown>[] {
  return [
    schema
      .createIndex("comments_by_version")
      .on("comments")
      .columns(["site_id", "page_id", "version"])
      .where(sql<boolean>`shown = 1`),
    keyed(
      schema
        .createTable("gone")
        .addColumn("site_id", "integer", (c) => c.notNull())
        .addColumn("page_id", "integer", (c) => c.notNull())
        .addColumn("version", "integer", (c) => c.notNull())
        .addColumn("comment_id", id.column, (c) => c.notNull())
        .addColumn("root_id", id.column)
        .addPrimaryKeyConstraint("gone_key", ["site_id", "page_id", "version", "comment_id"]),
    ),
  ].map((query) => query.compile());
}
