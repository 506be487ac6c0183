import { all, first, once, run, type Steps } from "../steps.ts";
import type { Context } from "./context.ts";

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

/** Replaces it where it still is `former` (null: where there is none); returns what stands then, whoever wrote it. */
export function* replaceValue(cx: Context, name: string, former: string | null, value: string): Steps<string> {
  const { db } = cx.dialect;
  if (former === null) {
    yield* run(
      once(
        db
          .insertInto("kept_values")
          .values({ name, value })
          .onConflict((c) => c.column("name").doNothing()),
      ),
    );
  } else yield* run(once(db.updateTable("kept_values").set({ value }).where("name", "=", name).where("value", "=", former)));
  return (yield* findValue(cx, name)) ?? value;
}

/** Drops what has expired. */
export function* dropExpired({ dialect: { db } }: Context, now: number): Steps<void> {
  for (const table of [
    "claims",
    "panel_sessions",
    "links",
    "turns",
    "letters",
    "reader_sessions",
    "sign_ins",
    "reader_links",
    "pictures",
  ] as const)
    yield* run(once(db.deleteFrom(table).where("expires_at", "<=", now)));
}

const FORGOTTEN = "addresses_forgotten_before";

/**
 * Forgets the address hashes of comments from before. Ids begin with their time and each stretch is walked once, so
 * that this needs no index of its own.
 */
export function* forgetAddresses(cx: Context, before: number): Steps<void> {
  const { db, id } = cx.dialect;
  const from = Number((yield* findValue(cx, FORGOTTEN)) ?? 0);
  if (before <= from) return;
  for (const site of yield* all(once(db.selectFrom("sites").select("id")))) {
    yield* run(
      once(
        db
          .updateTable("comments")
          .set({ ip_hash: null })
          .where("site_id", "=", site.id)
          .where("id", ">=", id.toDb(firstIdAt(from)))
          .where("id", "<", id.toDb(firstIdAt(before)))
          .where("ip_hash", "is not", null),
      ),
    );
  }
  yield* keepValue(cx, FORGOTTEN, String(before));
}

function firstIdAt(time: number): string {
  const hex = Math.max(0, time).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
