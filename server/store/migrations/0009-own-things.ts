import { sql } from "kysely";
import type { Dialect } from "../dialect.ts";
import type { Statement } from "../steps.ts";

/** Which account wrote a comment, which address a letter proved to be its reader's, and links that readers use once. */
export function ownThings({ db: { schema }, keyed, id }: Dialect): Statement<unknown>[] {
  return [
    schema.alterTable("comments").addColumn("account_id", id.column),
    // Guests' comments, which are most, take no room in it.
    schema
      .createIndex("comments_by_account")
      .on("comments")
      .columns(["site_id", "account_id", "id"])
      .where(sql<boolean>`account_id is not null`),
    schema.alterTable("accounts").addColumn("confirmed_email", "text", (c) => c.notNull().defaultTo("")),
    schema
      .createIndex("accounts_by_confirmed_email")
      .on("accounts")
      .columns(["site_id", "confirmed_email"])
      .where(sql<boolean>`confirmed_email <> ''`),
    schema.createIndex("identities_by_account").on("identities").columns(["site_id", "account_id"]),
    keyed(
      schema
        .createTable("reader_links")
        .addColumn("site_id", "integer", (c) => c.notNull())
        .addColumn("hash", "text", (c) => c.notNull())
        .addColumn("purpose", "text", (c) => c.notNull())
        .addColumn("account_id", id.column, (c) => c.notNull())
        .addColumn("email", "text", (c) => c.notNull())
        .addColumn("expires_at", "bigint", (c) => c.notNull())
        .addPrimaryKeyConstraint("reader_links_key", ["site_id", "hash"]),
    ),
    schema.createIndex("reader_links_by_account").on("reader_links").columns(["site_id", "account_id"]),
    schema.createIndex("reader_links_by_end").on("reader_links").columns(["expires_at"]),
  ].map((query) => query.compile());
}
