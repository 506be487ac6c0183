import type { Dialect } from "../dialect.ts";
import type { Statement } from "../steps.ts";

/** Readers who signed in: each account belongs to one site. */
export function readers({ db: { schema }, keyed, id }: Dialect): Statement<unknown>[] {
  return [
    keyed(
      schema
        .createTable("accounts")
        .addColumn("site_id", "integer", (c) => c.notNull())
        .addColumn("id", id.column, (c) => c.notNull())
        .addColumn("provider", "text", (c) => c.notNull())
        .addColumn("name", "text", (c) => c.notNull())
        .addColumn("email", "text", (c) => c.notNull())
        .addColumn("email_verified", "integer", (c) => c.notNull())
        .addColumn("created_at", "bigint", (c) => c.notNull())
        .addPrimaryKeyConstraint("accounts_key", ["site_id", "id"]),
    ),
    keyed(
      schema
        .createTable("identities")
        .addColumn("site_id", "integer", (c) => c.notNull())
        .addColumn("provider", "text", (c) => c.notNull())
        // Digest of issuer and subject.
        .addColumn("subject", "text", (c) => c.notNull())
        .addColumn("account_id", id.column, (c) => c.notNull())
        .addPrimaryKeyConstraint("identities_key", ["site_id", "provider", "subject"]),
    ),
    keyed(
      schema
        .createTable("reader_sessions")
        .addColumn("site_id", "integer", (c) => c.notNull())
        .addColumn("hash", "text", (c) => c.notNull())
        .addColumn("account_id", id.column, (c) => c.notNull())
        .addColumn("created_at", "bigint", (c) => c.notNull())
        .addColumn("expires_at", "bigint", (c) => c.notNull())
        .addPrimaryKeyConstraint("reader_sessions_key", ["site_id", "hash"]),
    ),
    schema.createIndex("reader_sessions_by_account").on("reader_sessions").columns(["site_id", "account_id"]),
    schema.createIndex("reader_sessions_by_end").on("reader_sessions").columns(["expires_at"]),
    keyed(
      schema
        .createTable("sign_ins")
        .addColumn("site_id", "integer", (c) => c.notNull())
        .addColumn("hash", "text", (c) => c.notNull())
        .addColumn("step", "text", (c) => c.notNull())
        // JSON: what was asked, and what the provider said.
        .addColumn("held", "text", (c) => c.notNull())
        .addColumn("expires_at", "bigint", (c) => c.notNull())
        .addPrimaryKeyConstraint("sign_ins_key", ["site_id", "hash"]),
    ),
    schema.createIndex("sign_ins_by_end").on("sign_ins").columns(["expires_at"]),
  ].map((query) => query.compile());
}
