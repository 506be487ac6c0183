import { type CreateTableBuilder, sql } from "kysely";
import type { Dialect } from "../dialect.ts";
import type { Statement } from "../steps.ts";

type Table<Column extends string> = CreateTableBuilder<string, Column>;

const tally = <Column extends string>(table: Table<Column>) =>
  (["held", "approved", "spam", "trash"] as const).reduce(
    (t, name) => t.addColumn(name, "integer", (c) => c.notNull().defaultTo(0)),
    table as Table<string>,
  );

export function begin(dialect: Dialect): Statement<unknown>[] {
  return [...siteTables(dialect), ...commentTables(dialect), ...besideTables(dialect), ...ownerTables(dialect), ...dialect.search.create];
}

function siteTables({ db, keyed }: Dialect): Statement<unknown>[] {
  const { schema } = db;
  return [
    schema
      .createTable("sites")
      .addColumn("id", "integer", (c) => c.primaryKey())
      .addColumn("name", "text", (c) => c.notNull())
      .addColumn("aliases", "text", (c) => c.notNull())
      .addColumn("settings", "text", (c) => c.notNull())
      .addColumn("created_at", "bigint", (c) => c.notNull()),
    keyed(
      schema
        .createTable("origins")
        .addColumn("origin", "text", (c) => c.notNull().primaryKey())
        .addColumn("site_id", "integer", (c) => c.notNull().references("sites.id"))
        .addColumn("place", "integer", (c) => c.notNull()),
    ),
    schema.createIndex("origins_of_site").on("origins").columns(["site_id", "place"]),
    tally(schema.createTable("site_counts").addColumn("site_id", "integer", (c) => c.primaryKey().references("sites.id")) as Table<string>),
    keyed(
      tally(
        schema
          .createTable("pages")
          .addColumn("site_id", "integer", (c) => c.notNull().references("sites.id"))
          .addColumn("id", "integer", (c) => c.notNull())
          .addColumn("key", "text", (c) => c.notNull())
          .addColumn("title", "text", (c) => c.notNull())
          .addColumn("title_fixed", "integer", (c) => c.notNull())
          .addColumn("open", "integer", (c) => c.notNull())
          .addColumn("version", "integer", (c) => c.notNull()) as Table<string>,
      ).addPrimaryKeyConstraint("pages_key", ["site_id", "id"]),
    ),
    schema.createIndex("pages_by_key").unique().on("pages").columns(["site_id", "key"]),
  ].map((query) => query.compile());
}

function commentTables({ db, keyed, id }: Dialect): Statement<unknown>[] {
  const { schema } = db;
  return [
    keyed(
      schema
        .createTable("comments")
        .addColumn("site_id", "integer", (c) => c.notNull())
        .addColumn("page_id", "integer", (c) => c.notNull())
        .addColumn("id", id.column, (c) => c.notNull())
        .addColumn("parent_id", id.column)
        .addColumn("root_id", id.column)
        .addColumn("depth", "integer", (c) => c.notNull())
        .addColumn("status", "integer", (c) => c.notNull())
        .addColumn("former", "integer")
        .addColumn("reason", "text")
        .addColumn("name", "text", (c) => c.notNull())
        .addColumn("email", "text", (c) => c.notNull())
        .addColumn("website", "text", (c) => c.notNull())
        .addColumn("role", "text")
        .addColumn("author", "text")
        .addColumn("source", "text", (c) => c.notNull())
        .addColumn("format", "integer", (c) => c.notNull())
        .addColumn("body", "text")
        .addColumn("render_version", "integer", (c) => c.notNull())
        .addColumn("created_at", "bigint", (c) => c.notNull())
        .addColumn("edited_at", "bigint")
        .addColumn("trashed_at", "bigint")
        .addColumn("ip_hash", "text")
        .addColumn("version", "integer", (c) => c.notNull())
        .addColumn("shown", "integer", (c) => c.notNull())
        .addColumn("replies", "integer", (c) => c.notNull())
        .addColumn("children", "integer", (c) => c.notNull())
        .addColumn("shown_children", "integer", (c) => c.notNull())
        .addPrimaryKeyConstraint("comments_key", ["site_id", "page_id", "id"])
        .addForeignKeyConstraint("comments_of_page", ["site_id", "page_id"], "pages", ["site_id", "id"]),
    ),
    schema.createIndex("comments_by_id").unique().on("comments").columns(["site_id", "id"]),
    // What readers are shown: threads in order, and the replies of one thread in order.
    schema
      .createIndex("comments_threads")
      .on("comments")
      // By an expression, for SQLite would choose the primary key, along which all the replies stand in between.
      .expression(sql`site_id, (page_id + 0), id`)
      .where(sql<boolean>`shown = 1 and parent_id is null`),
    schema
      .createIndex("comments_replies")
      .on("comments")
      .columns(["site_id", "root_id", "id"])
      .where(sql<boolean>`shown = 1 and root_id is not null`),
    // What moderators list.
    schema.createIndex("comments_by_status").on("comments").columns(["site_id", "status", "id"]),
    schema
      .createIndex("comments_by_author")
      .on("comments")
      .columns(["site_id", "author"])
      .where(sql<boolean>`status = 1 and author is not null`),
  ].map((query) => query.compile());
}

function besideTables({ db, keyed, id }: Dialect): Statement<unknown>[] {
  const { schema } = db;
  return [
    keyed(
      schema
        .createTable("revisions")
        .addColumn("site_id", "integer", (c) => c.notNull())
        .addColumn("comment_id", id.column, (c) => c.notNull())
        .addColumn("number", "integer", (c) => c.notNull())
        .addColumn("at", "bigint", (c) => c.notNull())
        .addColumn("by", "text", (c) => c.notNull())
        .addColumn("name", "text", (c) => c.notNull())
        .addColumn("website", "text", (c) => c.notNull())
        .addColumn("source", "text", (c) => c.notNull())
        .addColumn("format", "integer", (c) => c.notNull())
        .addPrimaryKeyConstraint("revisions_key", ["site_id", "comment_id", "number"]),
    ),
    keyed(
      schema
        .createTable("claims")
        .addColumn("site_id", "integer", (c) => c.notNull())
        .addColumn("kind", "integer", (c) => c.notNull())
        .addColumn("hash", "text", (c) => c.notNull())
        .addColumn("comment_id", id.column, (c) => c.notNull())
        .addColumn("request", "text")
        .addColumn("expires_at", "bigint", (c) => c.notNull())
        .addPrimaryKeyConstraint("claims_key", ["site_id", "kind", "hash"]),
    ),
    schema.createIndex("claims_by_end").on("claims").columns(["expires_at"]),
    keyed(
      schema
        .createTable("log")
        .addColumn("site_id", "integer", (c) => c.notNull())
        .addColumn("id", "text", (c) => c.notNull())
        .addColumn("place", "integer", (c) => c.notNull())
        .addColumn("at", "bigint", (c) => c.notNull())
        .addColumn("by", "text", (c) => c.notNull())
        .addColumn("action", "text", (c) => c.notNull())
        .addColumn("note", "text")
        .addColumn("comment_id", id.column)
        .addColumn("from_status", "integer")
        .addColumn("to_status", "integer")
        .addPrimaryKeyConstraint("log_key", ["site_id", "id", "place"]),
    ),
    schema.createIndex("log_by_time").on("log").columns(["id", "site_id", "place"]),
    schema
      .createIndex("log_of_comment")
      .on("log")
      .columns(["site_id", "comment_id", "id"])
      .where(sql<boolean>`comment_id is not null`),
    schema
      .createTable("kept_values")
      .addColumn("name", "text", (c) => c.notNull().primaryKey())
      .addColumn("value", "text", (c) => c.notNull()),
  ].map((query) => query.compile());
}

function ownerTables({ db }: Dialect): Statement<unknown>[] {
  const { schema } = db;
  return [
    schema
      .createTable("owners")
      .addColumn("id", "text", (c) => c.notNull().primaryKey())
      .addColumn("name", "text", (c) => c.notNull())
      .addColumn("role", "text", (c) => c.notNull())
      .addColumn("email", "text", (c) => c.notNull())
      .addColumn("passphrase", "text")
      .addColumn("created_at", "bigint", (c) => c.notNull()),
    schema
      .createTable("passkeys")
      .addColumn("id", "text", (c) => c.notNull().primaryKey())
      .addColumn("owner_id", "text", (c) => c.notNull().references("owners.id"))
      .addColumn("public_key", "text", (c) => c.notNull())
      .addColumn("counter", "bigint", (c) => c.notNull())
      .addColumn("transports", "text", (c) => c.notNull())
      .addColumn("label", "text", (c) => c.notNull())
      .addColumn("created_at", "bigint", (c) => c.notNull()),
    schema
      .createTable("panel_sessions")
      .addColumn("hash", "text", (c) => c.notNull().primaryKey())
      .addColumn("owner_id", "text", (c) => c.notNull().references("owners.id"))
      .addColumn("created_at", "bigint", (c) => c.notNull())
      .addColumn("expires_at", "bigint", (c) => c.notNull()),
    schema
      .createTable("links")
      .addColumn("hash", "text", (c) => c.notNull().primaryKey())
      .addColumn("purpose", "text", (c) => c.notNull())
      .addColumn("expires_at", "bigint", (c) => c.notNull()),
  ].map((query) => query.compile());
}
