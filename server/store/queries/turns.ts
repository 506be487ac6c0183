/**
 * Token buckets as one time each (GCRA, ITU-T I.371 A.2): when all that was taken is made good. A turn is free as long
 * as that time lies no further ahead than the bucket is deep; taking it moves the time on by `every`.
 */
import { type Kysely, sql } from "kysely";
import { first, run, type Steps, template } from "../steps.ts";
import type { Turn } from "../records.ts";
import type { Context } from "./context.ts";
import type { Tables } from "./tables.ts";

interface Take {
  site: number;
  key: string;
  now: number;
  /** The time may not lie beyond this … */
  latest: number;
  /** … unless it lies beyond this, which no clock that ran on could have made: then it is forgotten. */
  absurd: number;
  every: number;
  /** `now` and `every`: the time after the first turn. */
  fresh: number;
}

export const turnStatements = (db: Kysely<Tables>) => ({
  takeTurn: template(db, (db, v: Take) =>
    db
      .insertInto("turns")
      .values({ site_id: v.site, key: v.key, expires_at: v.fresh })
      .onConflict((conflict) =>
        conflict
          .columns(["site_id", "key"])
          .doUpdateSet({
            expires_at: sql`case when turns.expires_at > ${v.now} and turns.expires_at <= ${v.latest} then turns.expires_at + ${v.every} else ${v.fresh} end`,
          })
          .where((e) => e.or([e("turns.expires_at", "<=", v.latest), e("turns.expires_at", ">", v.absurd)])),
      )
      .returning("expires_at"),
  ),
  turn: template(db, (db, v: { site: number; key: string }) =>
    db.selectFrom("turns").select("expires_at").where("site_id", "=", v.site).where("key", "=", v.key),
  ),
  giveTurnBack: template(db, (db, v: { site: number; key: string; every: number }) =>
    db
      .updateTable("turns")
      .set((e) => ({ expires_at: e("expires_at", "-", v.every) }))
      .where("site_id", "=", v.site)
      .where("key", "=", v.key),
  ),
});

/** Milliseconds to wait, or 0 when all of them were taken; else none is. */
export function* takeTurns({ q, now }: Context, site: number, turns: readonly Turn[]): Steps<number> {
  const at = now();
  for (const [i, { key, every, burst }] of turns.entries()) {
    const latest = at + (burst - 1) * every;
    if (yield* first(q.takeTurn({ site, key, now: at, latest, absurd: latest + every, every, fresh: at + every }))) continue;
    yield* giveTurnsBack({ q }, site, turns.slice(0, i));
    const taken = yield* first(q.turn({ site, key }));
    return Math.max(1, (taken?.expires_at ?? 0) - latest);
  }
  return 0;
}

export function* giveTurnsBack({ q }: Pick<Context, "q">, site: number, turns: readonly Turn[]): Steps<void> {
  for (const { key, every } of turns) yield* run(q.giveTurnBack({ site, key, every }));
}
