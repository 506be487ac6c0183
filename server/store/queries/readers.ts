import { type Kysely, sql } from "kysely";
import { change, first, once, run, type Steps, template } from "../steps.ts";
import type { Account, ReaderSession, SignIn } from "../readers.ts";
import type { Context } from "./context.ts";
import { YES } from "./comments.ts";
import type { Tables } from "./tables.ts";
import type { AccountTable } from "./tables-of-readers.ts";

/** Asked for each comment that comes with an e-mail. */
export const readerStatements = (db: Kysely<Tables>) => ({
  verifiedEmail: template(db, (db, v: { site: number; email: string }) => {
    const accounts = db.selectFrom("accounts").select("id").where("site_id", "=", v.site);
    const vouched = accounts.where(sql`lower(email)`, "=", v.email).where("email_verified", "=", YES);
    // Two searches by an index each; an “or” would walk all accounts of the site.
    return vouched.unionAll(accounts.where("confirmed_email", "=", v.email).where("confirmed_email", "<>", sql.lit("")));
  }),
});

export function* addSignIn({ dialect: { db } }: Context, { site, hash, step, held, expiresAt }: SignIn): Steps<boolean> {
  const query = db.insertInto("sign_ins").values({ site_id: site, hash, step, held, expires_at: expiresAt });
  return (yield* change(once(query.onConflict((conflict) => conflict.columns(["site_id", "hash"]).doNothing())))) > 0;
}

export function* findSignIn({ dialect: { db } }: Context, site: number, hash: string): Steps<SignIn | null> {
  const row = yield* first(once(db.selectFrom("sign_ins").selectAll().where("site_id", "=", site).where("hash", "=", hash)));
  return row ? { site, hash, step: row.step as SignIn["step"], held: row.held, expiresAt: row.expires_at } : null;
}

export function* moveSignIn(
  { dialect: { db } }: Context,
  { site, hash, step, held, expiresAt }: SignIn,
  from: SignIn["step"],
): Steps<boolean> {
  const set = { step, held, expires_at: expiresAt };
  const query = db.updateTable("sign_ins").set(set).where("site_id", "=", site).where("hash", "=", hash);
  return (yield* change(once(query.where("step", "=", from)))) > 0;
}

export function* keepAccount(cx: Context, account: Account, subject: string): Steps<Account> {
  const { db, id } = cx.dialect;
  const { site, provider, name, email } = account;
  const identity = db.selectFrom("identities").select("account_id").where("site_id", "=", site);
  const known = yield* first(once(identity.where("provider", "=", provider).where("subject", "=", subject)));
  const said = { provider, name, email, email_verified: account.emailVerified ? 1 : 0, role: account.role ?? "" };
  if (known) {
    const kept = id.toText(known.account_id);
    yield* run(once(db.updateTable("accounts").set(said).where("site_id", "=", site).where("id", "=", known.account_id)));
    return { ...account, id: kept };
  }
  const dbId = id.toDb(account.id);
  yield* run(
    once(db.insertInto("accounts").values({ site_id: site, id: dbId, ...said, created_at: account.createdAt, confirmed_email: "" })),
  );
  yield* run(once(db.insertInto("identities").values({ site_id: site, provider, subject, account_id: dbId })));
  return account;
}

export function* findAccountOf({ dialect: { db, id } }: Context, site: number, provider: string, subject: string): Steps<Account | null> {
  const identity = db.selectFrom("identities").select("account_id").where("site_id", "=", site);
  const known = yield* first(once(identity.where("provider", "=", provider).where("subject", "=", subject)));
  if (!known) return null;
  const row = yield* first(once(db.selectFrom("accounts").selectAll().where("site_id", "=", site).where("id", "=", known.account_id)));
  return row ? toAccount(row, id.toText(known.account_id)) : null;
}

export function* hasVerifiedEmail({ q }: Context, site: number, email: string): Steps<boolean> {
  return (yield* first(q.verifiedEmail({ site, email: email.toLowerCase() }))) !== undefined;
}

export function* addReaderSession({ dialect: { db, id } }: Context, session: ReaderSession): Steps<void> {
  const { site, hash, account, createdAt, expiresAt } = session;
  const row = { site_id: site, hash, account_id: id.toDb(account), created_at: createdAt, expires_at: expiresAt };
  yield* run(once(db.insertInto("reader_sessions").values(row)));
}

export function* findReaderSession(cx: Context, site: number, hash: string): Steps<{ session: ReaderSession; account: Account } | null> {
  const { db, id } = cx.dialect;
  const row = yield* first(once(db.selectFrom("reader_sessions").selectAll().where("site_id", "=", site).where("hash", "=", hash)));
  if (!row) return null;
  const account = yield* first(once(db.selectFrom("accounts").selectAll().where("site_id", "=", site).where("id", "=", row.account_id)));
  if (!account) return null;
  const session = { site, hash, account: id.toText(row.account_id), createdAt: row.created_at, expiresAt: row.expires_at };
  return { session, account: toAccount(account, session.account) };
}

export const toAccount = (row: AccountTable, id: string): Account => ({
  site: row.site_id,
  id,
  provider: row.provider,
  name: row.name,
  email: row.confirmed_email || row.email,
  emailVerified: row.confirmed_email !== "" || row.email_verified === 1,
  confirmed: row.confirmed_email,
  ...(row.role !== "" && { role: row.role }),
  createdAt: row.created_at,
});

export function* extendReaderSession({ dialect: { db } }: Context, site: number, hash: string, expiresAt: number): Steps<void> {
  yield* run(once(db.updateTable("reader_sessions").set({ expires_at: expiresAt }).where("site_id", "=", site).where("hash", "=", hash)));
}

export function* removeReaderSession({ dialect: { db } }: Context, site: number, hash: string): Steps<void> {
  yield* run(once(db.deleteFrom("reader_sessions").where("site_id", "=", site).where("hash", "=", hash)));
}
