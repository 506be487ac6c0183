import { sql } from "kysely";
import type { Dialect } from "../dialect.ts";
import type { DbId } from "../queries/tables.ts";
import { all, once, run, type Steps } from "../steps.ts";

/** As 0001 made it. */
interface ClaimBefore {
  site_id: number;
  kind: number;
  hash: string;
  comment_id: DbId;
  request: string | null;
  expires_at: number;
}

/** Claims carried over at a time. */
const AT_ONCE = 500;

/** A claim's hash was 64 digits of text, twice: in the table and in its index by time. Now it is 16 bytes. */
export function* narrowClaims(dialect: Dialect, now: number): Steps<void> {
  const { db, keyed, id } = dialect;
  const { schema } = db;
  yield* run(once(schema.dropIndex("claims_by_end")));
  yield* run(once(schema.alterTable("claims").renameTo("claims_before")));
  yield* run(
    once(
      keyed(
        schema
          .createTable("claims")
          .addColumn("site_id", "integer", (c) => c.notNull())
          .addColumn("kind", "integer", (c) => c.notNull())
          .addColumn("hash", id.column, (c) => c.notNull())
          .addColumn("comment_id", id.column, (c) => c.notNull())
          .addColumn("request", "text")
          .addColumn("expires_at", "bigint", (c) => c.notNull())
          .addPrimaryKeyConstraint("claims_narrow_key", ["site_id", "kind", "hash"]),
      ),
    ),
  );
  yield* carryOver(dialect, now);
  yield* run(once(schema.dropTable("claims_before")));
  yield* run(once(schema.createIndex("claims_by_end").on("claims").columns(["expires_at"])));
}

function* carryOver({ db, id }: Dialect, now: number): Steps<void> {
  let last = { site_id: 0, kind: 0, hash: "" };
  for (;;) {
    const claims: ClaimBefore[] = yield* all(
      sql<ClaimBefore>`select * from claims_before where (site_id, kind, hash) > (${last.site_id}, ${last.kind}, ${last.hash})
        order by site_id, kind, hash limit ${AT_ONCE}`.compile(db),
    );
    for (const claim of claims) {
      if (claim.expires_at <= now) continue;
      yield* run(once(db.insertInto("claims").values({ ...claim, hash: id.toDb(claim.hash.slice(0, 32)) })));
    }
    if (claims.length < AT_ONCE) return;
    last = claims.at(-1)!;
  }
}
