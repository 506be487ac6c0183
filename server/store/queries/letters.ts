/** The outbox. Letters are leased by site: one server at a time sends a site's. */
import type { Selectable } from "kysely";
import { all, change, once, run, type Steps } from "../steps.ts";
import type { Letter, LetterKind, LetterState, NewLetter } from "../mail.ts";
import type { Context } from "./context.ts";
import type { LetterTable } from "./tables-of-mail.ts";

export interface LetterAt {
  site: number;
  key: string;
}

/** What stands there already stays as it is. */
export function* addLetters({ dialect: { db }, now }: Context, letters: readonly NewLetter[]): Steps<void> {
  for (const { site, key, kind, to, lang, about, dueAt, expiresAt } of letters) {
    const row = { site_id: site, key, kind, address: to, lang, about: JSON.stringify(about), state: "waiting", attempts: 0, error: "" };
    yield* run(
      once(
        db
          .insertInto("letters")
          .values({ ...row, created_at: now(), due_at: dueAt, expires_at: expiresAt })
          .onConflict((c) => c.columns(["site_id", "key"]).doNothing()),
      ),
    );
  }
}

/** For as long as it is news to anyone. */
export const NEWS_MS = 30 * 86_400_000;

/** A comment is public: whoever waits for it is to hear, once, however often it is held and let through again. */
export function* announce(cx: Context, comment: { site: number; id: string; createdAt: number }): Steps<void> {
  const { site, id, createdAt } = comment;
  const expiresAt = createdAt + NEWS_MS;
  if (expiresAt <= cx.now()) return;
  yield* addLetters(cx, [
    { site, key: `public ${id}`, kind: "public", to: "", lang: "", about: { comment: id }, dueAt: cx.now(), expiresAt },
  ]);
}

export function* leaseLetters({ dialect: { db }, now }: Context, site: number, holder: string, until: number): Steps<boolean> {
  const taken = yield* change(
    once(
      db
        .insertInto("letter_leases")
        .values({ site_id: site, holder, until })
        .onConflict((c) =>
          c
            .column("site_id")
            .doUpdateSet({ holder, until })
            .where((e) => e.or([e("letter_leases.until", "<=", now()), e("letter_leases.holder", "=", holder)])),
        ),
    ),
  );
  return taken === 1;
}

export function* releaseLetters({ dialect: { db } }: Context, site: number, holder: string): Steps<void> {
  yield* run(once(db.deleteFrom("letter_leases").where("site_id", "=", site).where("holder", "=", holder)));
}

export function* sitesWithLettersDue({ dialect: { db }, now }: Context, limit: number): Steps<number[]> {
  const rows = yield* all(
    once(db.selectFrom("letters").select("site_id").distinct().where("state", "=", "waiting").where("due_at", "<=", now()).limit(limit)),
  );
  return rows.map((row) => row.site_id);
}

export function* lettersDue({ dialect: { db }, now }: Context, site: number, limit: number): Steps<Letter[]> {
  const rows = yield* all(
    once(
      db
        .selectFrom("letters")
        .selectAll()
        .where("site_id", "=", site)
        .where("state", "=", "waiting")
        .where("due_at", "<=", now())
        .orderBy("due_at")
        .limit(limit),
    ),
  );
  return rows.map(letterOf);
}

export function* beginLetter({ dialect: { db }, now }: Context, { site, key }: LetterAt, holder: string, again: number): Steps<boolean> {
  // Written, so that whoever wants to take the lease has to wait for us.
  const ours = yield* change(
    once(
      db
        .updateTable("letter_leases")
        .set((e) => ({ until: e.ref("until") }))
        .where("site_id", "=", site)
        .where("holder", "=", holder)
        .where("until", ">", now()),
    ),
  );
  if (ours === 0) return false;
  const begun = yield* change(
    once(
      db
        .updateTable("letters")
        .set((e) => ({ attempts: e("attempts", "+", 1), due_at: again }))
        .where("site_id", "=", site)
        .where("key", "=", key)
        .where("state", "=", "waiting")
        .where("due_at", "<=", now()),
    ),
  );
  return begun === 1;
}

export function* putLetterOff({ dialect: { db } }: Context, { site, key }: LetterAt, until: number): Steps<void> {
  yield* run(
    once(
      db.updateTable("letters").set({ due_at: until }).where("site_id", "=", site).where("key", "=", key).where("state", "=", "waiting"),
    ),
  );
}

/** What it said is no longer needed, only that it was sent. */
export function* letterSent({ dialect: { db, id } }: Context, { site, key, about }: Letter, told: readonly string[]): Steps<void> {
  yield* run(
    once(
      db
        .updateTable("letters")
        .set({ state: "done", address: "", about: "{}", error: "" })
        .where("site_id", "=", site)
        .where("key", "=", key),
    ),
  );
  const follower = about["follower"] ?? "";
  for (const comment of told) {
    yield* run(
      once(
        db
          .deleteFrom("digest_lines")
          .where("site_id", "=", site)
          .where("follower_id", "=", follower)
          .where("comment_id", "=", id.toDb(comment)),
      ),
    );
  }
}

export function* letterFailed({ dialect: { db } }: Context, { site, key }: LetterAt, error: string, end: boolean): Steps<void> {
  yield* run(
    once(
      db
        .updateTable("letters")
        .set({ error, ...(end && { state: "given_up" }) })
        .where("site_id", "=", site)
        .where("key", "=", key)
        .where("state", "=", "waiting"),
    ),
  );
}

export function* lettersGivenUp({ dialect: { db } }: Context, limit: number): Steps<Letter[]> {
  const rows = yield* all(
    once(db.selectFrom("letters").selectAll().where("state", "=", "given_up").orderBy("created_at", "desc").limit(limit)),
  );
  return rows.map(letterOf);
}

export function* retryLetters({ dialect: { db }, now }: Context, at: LetterAt | null): Steps<number> {
  let query = db.updateTable("letters").set({ state: "waiting", attempts: 0, due_at: now() }).where("state", "=", "given_up");
  if (at) query = query.where("site_id", "=", at.site).where("key", "=", at.key);
  return yield* change(once(query));
}

export function* letterCounts({ dialect: { db } }: Context): Steps<{ waiting: number; givenUp: number; oldest: number | null }> {
  const rows = yield* all(
    once(
      db
        .selectFrom("letters")
        .select((e) => ["state" as const, e.fn.countAll<number | string>().as("n"), e.fn.min("created_at").as("oldest")])
        .where("state", "in", ["waiting", "given_up"])
        .groupBy("state"),
    ),
  );
  const of = (state: LetterState) => rows.find((row) => row.state === state);
  const oldest = of("waiting")?.oldest;
  return {
    waiting: Number(of("waiting")?.n ?? 0),
    givenUp: Number(of("given_up")?.n ?? 0),
    oldest: oldest == null ? null : Number(oldest),
  };
}

const letterOf = (row: Selectable<LetterTable>): Letter => ({
  site: row.site_id,
  key: row.key,
  kind: row.kind as LetterKind,
  to: row.address,
  lang: row.lang,
  about: JSON.parse(row.about) as Record<string, string>,
  state: row.state as LetterState,
  attempts: row.attempts,
  error: row.error,
  createdAt: row.created_at,
  dueAt: row.due_at,
  expiresAt: row.expires_at,
});
