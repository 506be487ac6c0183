import type { Dialect } from "../dialect.ts";
import type { Statement } from "../steps.ts";

/** What a site says its own users are, and how readers come back without any provider. */
export function rolesAndPasskeys({ db: { schema }, keyed, id }: Dialect): Statement<unknown>[] {
  return [
    schema.alterTable("accounts").addColumn("role", "text", (c) => c.notNull().defaultTo("")),
    keyed(
      schema
        .createTable("reader_passkeys")
        .addColumn("site_id", "integer", (c) => c.notNull())
        // base64url credential id.
        .addColumn("id", "text", (c) => c.notNull())
        .addColumn("account_id", id.column, (c) => c.notNull())
        // base64url COSE key.
        .addColumn("public_key", "text", (c) => c.notNull())
        .addColumn("counter", "bigint", (c) => c.notNull())
        // JSON list.
        .addColumn("transports", "text", (c) => c.notNull())
        .addColumn("created_at", "bigint", (c) => c.notNull())
        .addPrimaryKeyConstraint("reader_passkeys_key", ["site_id", "id"]),
    ),
    schema.createIndex("reader_passkeys_by_account").on("reader_passkeys").columns(["site_id", "account_id"]),
  ].map((query) => query.compile());
}
