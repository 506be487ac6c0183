import type { Dialect } from "../dialect.ts";
import type { Statement } from "../steps.ts";

/** Where a site's readers may sign in: its own ways, and what its owner says of those that the server offers to all. */
export function ways({ db: { schema }, keyed }: Dialect): Statement<unknown>[] {
  const table = keyed(
    schema
      .createTable("ways")
      .addColumn("site_id", "integer", (c) => c.notNull())
      .addColumn("id", "text", (c) => c.notNull())
      // "" for one of the server's.
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("label", "text", (c) => c.notNull())
      .addColumn("issuer", "text", (c) => c.notNull())
      .addColumn("client", "text", (c) => c.notNull())
      // Sealed, "" for none.
      .addColumn("secret", "text", (c) => c.notNull())
      .addColumn("is_on", "integer", (c) => c.notNull())
      .addColumn("place", "integer", (c) => c.notNull())
      .addPrimaryKeyConstraint("ways_key", ["site_id", "id"]),
  );
  return [table.compile()];
}
