import type { Kysely } from "kysely";
import { first, likely, run, type Steps, template } from "../steps.ts";
import type { Added, Claim } from "../records.ts";
import { claimCode } from "./codes.ts";
import type { Context } from "./context.ts";
import type { DbId, Tables } from "./tables.ts";

interface At {
  site: number;
  kind: number;
  hash: DbId;
}

export const claimStatements = (db: Kysely<Tables>) => ({
  claim: template(db, (db, v: At & { now: number }) =>
    db
      .selectFrom("claims")
      .select(["comment_id", "request"])
      .where("site_id", "=", v.site)
      .where("kind", "=", v.kind)
      .where("hash", "=", v.hash)
      .where("expires_at", ">", v.now),
  ),
  /** Changes nothing where it is held. */
  takeClaim: template(db, (db, v: At & { comment: DbId; request: string | null; expiresAt: number; now: number }) =>
    db
      .insertInto("claims")
      .values({ site_id: v.site, kind: v.kind, hash: v.hash, comment_id: v.comment, request: v.request, expires_at: v.expiresAt })
      .onConflict((conflict) =>
        conflict
          .columns(["site_id", "kind", "hash"])
          .doUpdateSet((e) => ({
            comment_id: e.ref("excluded.comment_id"),
            request: e.ref("excluded.request"),
            expires_at: e.ref("excluded.expires_at"),
          }))
          .where("claims.expires_at", "<=", v.now),
      ),
  ),
  dropClaim: template(db, (db, v: At) =>
    db.deleteFrom("claims").where("site_id", "=", v.site).where("kind", "=", v.kind).where("hash", "=", v.hash),
  ),
});

/** Half of the SHA-256, as wide as an id and kept as one. */
const KEPT_DIGITS = 32;
export const claimHash = ({ id }: Context["dialect"], hash: string): DbId => id.toDb(hash.slice(0, KEPT_DIGITS));

const place = ({ dialect }: Context, site: number, { kind, hash }: Pick<Claim, "kind" | "hash">): At => ({
  site,
  kind: claimCode(kind),
  hash: claimHash(dialect, hash),
});

/** Who holds it, unless it has expired. */
export function* findClaim(
  cx: Context,
  site: number,
  claim: Pick<Claim, "kind" | "hash">,
): Steps<{ comment: string; request: string | null } | null> {
  const row = yield* first(cx.q.claim({ ...place(cx, site, claim), now: cx.now() }));
  return row ? { comment: cx.dialect.id.toText(row.comment_id), request: row.request } : null;
}

export type Refused = Extract<Added, { ok: false }>;

/** The first of them that another comment holds. */
export function* findHeld(cx: Context, site: number, claims: readonly Claim[]): Steps<Refused | null> {
  for (const claim of claims) {
    const holder = yield* findClaim(cx, site, claim);
    if (holder) return { ok: false, taken: claim.kind, ...holder };
  }
  return null;
}

/** Takes them all, over expired ones too, or none: then returns the first that is held. */
export function* takeClaims(cx: Context, site: number, claims: readonly Claim[], comment: string): Steps<Refused | null> {
  const { q, dialect, now } = cx;
  const id = dialect.id.toDb(comment);
  for (const [i, claim] of claims.entries()) {
    const { request = null, expiresAt } = claim;
    if (yield* likely(q.takeClaim({ ...place(cx, site, claim), comment: id, request, expiresAt, now: now() }))) continue;
    for (const earlier of claims.slice(0, i)) yield* run(q.dropClaim(place(cx, site, earlier)));
    return yield* findHeld(cx, site, [claim]);
  }
  return null;
}
