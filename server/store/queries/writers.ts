/** Counts the approved comments of each writer who gave an e-mail, so that an earlier one is found by one look. */
import { hash } from "node:crypto";
import type { Kysely } from "kysely";
import { first, run, type Steps, template } from "../steps.ts";
import { statusCode } from "./codes.ts";
import { YES } from "./comments.ts";
import type { Context } from "./context.ts";
import type { CommentTable, DbId, Tables } from "./tables.ts";

interface At {
  site: number;
  digest: DbId;
}

export const writerStatements = (db: Kysely<Tables>) => ({
  writer: template(db, (db, v: At) =>
    db.selectFrom("writers").select("approved").where("site_id", "=", v.site).where("digest", "=", v.digest),
  ),
  creditWriter: template(db, (db, v: At) =>
    db
      .insertInto("writers")
      .values({ site_id: v.site, digest: v.digest, approved: YES })
      .onConflict((c) => c.columns(["site_id", "digest"]).doUpdateSet((e) => ({ approved: e("writers.approved", "+", YES) }))),
  ),
  debitWriter: template(db, (db, v: At) =>
    db
      .updateTable("writers")
      .set((e) => ({ approved: e("approved", "-", YES) }))
      .where("site_id", "=", v.site)
      .where("digest", "=", v.digest),
  ),
  // Who has no approved comment is not remembered.
  dropWriter: template(db, (db, v: At) =>
    db.deleteFrom("writers").where("site_id", "=", v.site).where("digest", "=", v.digest).where("approved", "<", YES),
  ),
});

/** Half of a digest, as wide as an id and kept as one; the same on every engine, whatever its notion of case. */
export const digestOf = (email: string, name: string): string =>
  hash("sha256", `${email.toLowerCase()}\n${name.toLowerCase()}`, "hex").slice(0, 32);

type Written = Pick<CommentTable, "site_id" | "status" | "email" | "name">;

/** Counts what a comment is worth to its writer: nothing unless it is approved. */
export function* credit({ q, dialect }: Context, comment: Written): Steps<void> {
  if (!isWorth(comment)) return;
  yield* run(q.creditWriter({ site: comment.site_id, digest: dialect.id.toDb(digestOf(comment.email, comment.name)) }));
}

/** Takes it back, with the comment as it was. */
export function* debit({ q, dialect }: Context, comment: Written): Steps<void> {
  if (!isWorth(comment)) return;
  const at = { site: comment.site_id, digest: dialect.id.toDb(digestOf(comment.email, comment.name)) };
  yield* run(q.debitWriter(at));
  yield* run(q.dropWriter(at));
}

const isWorth = ({ status, email }: Written): boolean => status === statusCode("approved") && email !== "";

export function* hasApproved({ q, dialect }: Context, site: number, email: string, name: string): Steps<boolean> {
  if (email === "") return false;
  return (yield* first(q.writer({ site, digest: dialect.id.toDb(digestOf(email, name)) }))) !== undefined;
}
