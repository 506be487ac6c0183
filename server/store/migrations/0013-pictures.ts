import { sql } from "kysely";
import type { Dialect } from "../dialect.ts";
import type { Statement } from "../steps.ts";

/** Copies of the pictures of those who comment, and what finds an account by its verified e-mail. */
export function pictures({ db: { schema }, bytes }: Dialect): Statement<unknown>[] {
  return [
    // Not kept in the order of its key: rows are large, and the bytes come last so that the rest is read without them.
    schema
      .createTable("pictures")
      .addColumn("site_id", "integer", (c) => c.notNull())
      .addColumn("whose", "text", (c) => c.notNull())
      .addColumn("digest", "text", (c) => c.notNull())
      .addColumn("type", "text", (c) => c.notNull())
      .addColumn("expires_at", "bigint", (c) => c.notNull())
      .addColumn("bytes", bytes, (c) => c.notNull())
      .addPrimaryKeyConstraint("pictures_key", ["site_id", "whose"]),
    schema.createIndex("pictures_by_digest").on("pictures").columns(["site_id", "digest"]),
    schema.createIndex("pictures_by_end").on("pictures").columns(["expires_at"]),
    schema
      .createIndex("accounts_by_verified_email")
      .on("accounts")
      .columns(["site_id"])
      .expression(sql`lower(email)`)
      // Not a condition of the index: SQLite takes none by an expression into account here.
      .columns(["email_verified"]),
  ].map((query) => query.compile());
}
