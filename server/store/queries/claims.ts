import type { Kysely } from "kysely";
import { first, run, type Steps, template } from "../steps.ts";
import type { Claim } from "../store.ts";
import { claimCode } from "./codes.ts";
import type { Context } from "./context.ts";
import type { DbId, Tables } from "./tables.ts";

export const claimStatements = (db: Kysely<Tables>) => ({
  claim: template(db, (db, v: { site: number; kind: number; hash: string; now: number }) =>
    db
      .selectFrom("claims")
      .select(["comment_id", "request"])
      .where("site_id", "=", v.site)
      .where("kind", "=", v.kind)
      .where("hash", "=", v.hash)
      .where("expires_at", ">", v.now),
  ),
  addClaim: template(db, (db, v: { site: number; kind: number; hash: string; comment: DbId; request: string | null; expiresAt: number }) =>
    db
      .insertInto("claims")
      .values({ site_id: v.site, kind: v.kind, hash: v.hash, comment_id: v.comment, request: v.request, expires_at: v.expiresAt })
      .onConflict((conflict) =>
        conflict.columns(["site_id", "kind", "hash"]).doUpdateSet((e) => ({
          comment_id: e.ref("excluded.comment_id"),
          request: e.ref("excluded.request"),
          expires_at: e.ref("excluded.expires_at"),
        })),
      ),
  ),
});

/** Who holds it, unless it has expired. */
export function* findClaim(
  { q, dialect, now }: Context,
  site: number,
  { kind, hash }: Pick<Claim, "kind" | "hash">,
): Steps<{ comment: string; request: string | null } | null> {
  const row = yield* first(q.claim({ site, kind: claimCode(kind), hash, now: now() }));
  return row ? { comment: dialect.id.toText(row.comment_id), request: row.request } : null;
}

/** Takes it, over an expired one too. */
export function* takeClaim({ q }: Context, site: number, claim: Claim, comment: DbId): Steps<void> {
  const { kind, hash, request = null, expiresAt } = claim;
  yield* run(q.addClaim({ site, kind: claimCode(kind), hash, comment, request, expiresAt }));
}
