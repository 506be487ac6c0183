import { first, once, run, type Steps } from "../steps.ts";
import type { Context } from "./context.ts";
import { authorOf } from "./rows.ts";

export function* hasApproved({ q }: Context, site: number, email: string, name: string): Steps<boolean> {
  return (yield* first(q.approvedAuthor({ site, author: authorOf(email, name) }))) !== undefined;
}

export function* findValue({ dialect }: Context, name: string): Steps<string | null> {
  const row = yield* first(once(dialect.db.selectFrom("kept_values").select("value").where("name", "=", name)));
  return row?.value ?? null;
}

export function* keepValue({ dialect }: Context, name: string, value: string): Steps<void> {
  yield* run(
    once(
      dialect.db
        .insertInto("kept_values")
        .values({ name, value })
        .onConflict((c) => c.column("name").doUpdateSet({ value })),
    ),
  );
}

/** Drops what has expired. */
export function* dropExpired({ dialect: { db } }: Context, now: number): Steps<void> {
  for (const table of ["claims", "panel_sessions", "links"] as const) yield* run(once(db.deleteFrom(table).where("expires_at", "<=", now)));
}

/** Forgets the address hashes of comments from before. */
export function* forgetAddresses({ dialect: { db } }: Context, before: number): Steps<void> {
  const sites = db.selectFrom("sites").select("id");
  yield* run(
    once(
      db
        .updateTable("comments")
        .set({ ip_hash: null })
        .where("site_id", "in", sites)
        .where("ip_hash", "is not", null)
        .where("created_at", "<", before),
    ),
  );
}
