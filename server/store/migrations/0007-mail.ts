import { sql } from "kysely";
import type { Dialect } from "../dialect.ts";
import type { Statement } from "../steps.ts";

/** Letters to be sent, who has a site's letters in hand, and who asked for them. */
export function mail(dialect: Dialect): Statement<unknown>[] {
  return [...letterTables(dialect), ...followerTables(dialect)];
}

function letterTables({ db: { schema }, keyed }: Dialect): Statement<unknown>[] {
  return [
    keyed(
      schema
        .createTable("letters")
        .addColumn("site_id", "integer", (c) => c.notNull())
        .addColumn("key", "text", (c) => c.notNull())
        .addColumn("kind", "text", (c) => c.notNull())
        .addColumn("address", "text", (c) => c.notNull())
        .addColumn("lang", "text", (c) => c.notNull())
        .addColumn("about", "text", (c) => c.notNull())
        .addColumn("state", "text", (c) => c.notNull())
        .addColumn("attempts", "integer", (c) => c.notNull())
        .addColumn("error", "text", (c) => c.notNull())
        .addColumn("created_at", "bigint", (c) => c.notNull())
        .addColumn("due_at", "bigint", (c) => c.notNull())
        .addColumn("expires_at", "bigint", (c) => c.notNull())
        .addPrimaryKeyConstraint("letters_key", ["site_id", "key"]),
    ),
    schema
      .createIndex("letters_due")
      .on("letters")
      .columns(["site_id", "due_at"])
      .where(sql<boolean>`state = 'waiting'`),
    schema
      .createIndex("letters_given_up")
      .on("letters")
      .columns(["site_id", "created_at"])
      .where(sql<boolean>`state = 'given_up'`),
    schema.createIndex("letters_by_end").on("letters").columns(["expires_at"]),
    keyed(
      schema
        .createTable("letter_leases")
        .addColumn("site_id", "integer", (c) => c.notNull().primaryKey())
        .addColumn("holder", "text", (c) => c.notNull())
        .addColumn("until", "bigint", (c) => c.notNull()),
    ),
  ].map((query) => query.compile());
}

function followerTables({ db: { schema }, keyed, id }: Dialect): Statement<unknown>[] {
  return [
    keyed(
      schema
        .createTable("followers")
        .addColumn("site_id", "integer", (c) => c.notNull())
        .addColumn("id", "text", (c) => c.notNull())
        .addColumn("email", "text", (c) => c.notNull())
        .addColumn("lower_email", "text", (c) => c.notNull())
        .addColumn("lang", "text", (c) => c.notNull())
        .addColumn("created_at", "bigint", (c) => c.notNull())
        .addPrimaryKeyConstraint("followers_key", ["site_id", "id"]),
    ),
    schema.createIndex("followers_by_email").unique().on("followers").columns(["site_id", "lower_email"]),
    keyed(
      schema
        .createTable("follows")
        .addColumn("site_id", "integer", (c) => c.notNull())
        .addColumn("page_id", "integer", (c) => c.notNull())
        .addColumn("follower_id", "text", (c) => c.notNull())
        .addColumn("often", "text", (c) => c.notNull())
        .addColumn("confirmed", "integer", (c) => c.notNull())
        .addColumn("created_at", "bigint", (c) => c.notNull())
        .addPrimaryKeyConstraint("follows_key", ["site_id", "page_id", "follower_id"]),
    ),
    schema.createIndex("follows_of").on("follows").columns(["site_id", "follower_id"]),
    // What a digest still has to tell.
    keyed(
      schema
        .createTable("digest_lines")
        .addColumn("site_id", "integer", (c) => c.notNull())
        .addColumn("follower_id", "text", (c) => c.notNull())
        .addColumn("comment_id", id.column, (c) => c.notNull())
        .addPrimaryKeyConstraint("digest_lines_key", ["site_id", "follower_id", "comment_id"]),
    ),
  ].map((query) => query.compile());
}
