import { all, first, once, run, type Steps } from "../steps.ts";
import type { Picture } from "../pictures.ts";
import type { Act, Context } from "./context.ts";

export function* keepPicture(cx: Context, act: Act, picture: Picture, pages: readonly string[] | "own"): Steps<void> {
  const { db } = cx.dialect;
  const { site, whose, digest, type, bytes, expiresAt } = picture;
  const row = { digest, type, bytes, expires_at: expiresAt };
  const known = db.selectFrom("pictures").select("digest").where("site_id", "=", site).where("whose", "=", whose);
  const former = yield* first(once(known));
  yield* run(
    once(
      db
        .insertInto("pictures")
        .values({ site_id: site, whose, ...row })
        .onConflict((c) => c.columns(["site_id", "whose"]).doUpdateSet(row)),
    ),
  );
  if ((former?.digest ?? "") === digest) return;
  for (const key of pages === "own" ? yield* pagesOf(cx, site, whose) : pages) act.changed({ site, key });
}

/** Keys of the pages that show what an account wrote. */
function* pagesOf({ dialect: { db, id } }: Context, site: number, account: string): Steps<string[]> {
  const written = db
    .selectFrom("comments")
    .innerJoin("pages", (join) => join.onRef("pages.site_id", "=", "comments.site_id").onRef("pages.id", "=", "comments.page_id"))
    .select("pages.key")
    .distinct()
    .where("comments.site_id", "=", site)
    .where("comments.account_id", "=", id.toDb(account));
  return (yield* all(once(written))).map(({ key }) => key);
}

export function* picturesOf(
  { dialect: { db } }: Context,
  site: number,
  whose: readonly string[],
): Steps<Map<string, Pick<Picture, "digest" | "expiresAt">>> {
  const found = db.selectFrom("pictures").select(["whose", "digest", "expires_at"]).where("site_id", "=", site);
  const rows = yield* all(once(found.where("whose", "in", whose)));
  return new Map(rows.map((row) => [row.whose, { digest: row.digest, expiresAt: row.expires_at }]));
}

export function* findPicture({ dialect: { db } }: Context, site: number, digest: string): Steps<Pick<Picture, "type" | "bytes"> | null> {
  const found = db.selectFrom("pictures").select(["type", "bytes"]).where("site_id", "=", site).where("digest", "=", digest);
  return (yield* first(once(found.limit(1)))) ?? null;
}
