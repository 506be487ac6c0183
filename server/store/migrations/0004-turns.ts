import type { Dialect } from "../dialect.ts";
import type { Statement } from "../steps.ts";

/** Who has to wait how long, for servers that share a database; a single one keeps it in memory. */
export function turns({ db, keyed, fleeting }: Dialect): Statement<unknown>[] {
  const { schema } = db;
  return [
    fleeting(
      keyed(
        schema
          .createTable("turns")
          // 0 where no site is concerned.
          .addColumn("site_id", "integer", (c) => c.notNull())
          .addColumn("key", "text", (c) => c.notNull())
          .addColumn("expires_at", "bigint", (c) => c.notNull())
          .addPrimaryKeyConstraint("turns_key", ["site_id", "key"]),
      ),
    ),
    schema.createIndex("turns_by_end").on("turns").columns(["expires_at"]),
  ].map((query) => query.compile());
}
