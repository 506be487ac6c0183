import { type Kysely, sql } from "kysely";
import { all, change, first, once, run, type Steps, template } from "../steps.ts";
import type { Account, ReaderSession } from "../readers.ts";
import type { LogEntry, Page } from "../records.ts";
import type { Erasure, OwnThingsStore, ReaderLink } from "../own-things.ts";
import { statusCode, statusName } from "./codes.ts";
import type { Act, Context } from "./context.ts";
import type { Exported } from "./export.ts";
import { endFollow, findFollower } from "./followers.ts";
import { type Line, writeLog } from "./log.ts";
import { findPageById } from "./pages.ts";
import { toAccount } from "./readers.ts";
import { commentOf } from "./rows.ts";
import { OpenPages } from "./status.ts";
import type { DbId, Tables } from "./tables.ts";
import { debit } from "./writers.ts";

/** Above all ids. */
const LAST = "ffffffff-ffff-ffff-ffff-ffffffffffff";

export const ownThingsStatements = (db: Kysely<Tables>) => ({
  commentsOfAccount: template(db, (db, v: { site: number; account: DbId; after: DbId; limit: number }) =>
    db
      .selectFrom("comments")
      .selectAll()
      .where("site_id", "=", v.site)
      .where("account_id", "=", v.account)
      .where("id", "<", v.after)
      .orderBy("id", "desc")
      .limit(v.limit),
  ),
});

type Given<Verb extends keyof OwnThingsStore> = Parameters<OwnThingsStore[Verb]>[0];

export function* findAccount({ dialect: { db, id } }: Context, site: number, account: string): Steps<Account | null> {
  const row = yield* first(once(db.selectFrom("accounts").selectAll().where("site_id", "=", site).where("id", "=", id.toDb(account))));
  return row ? toAccount(row, account) : null;
}

export function* accountOfEmail(cx: Context, site: number, email: string, subject: string): Steps<Account | null> {
  const { db, id } = cx.dialect;
  const identity = db.selectFrom("identities").select("account_id").where("site_id", "=", site).where("provider", "=", "email");
  const known = yield* first(once(identity.where("subject", "=", subject)));
  if (known) return yield* findAccount(cx, site, id.toText(known.account_id));
  const query = db.selectFrom("accounts").selectAll().where("site_id", "=", site);
  const row = yield* first(
    once(query.where("confirmed_email", "=", email.toLowerCase()).where("confirmed_email", "<>", "").orderBy("id").limit(1)),
  );
  return row ? toAccount(row, id.toText(row.id)) : null;
}

export function* identitiesOf(
  { dialect: { db, id } }: Context,
  site: number,
  account: string,
): Steps<{ provider: string; subject: string }[]> {
  const query = db.selectFrom("identities").select(["provider", "subject"]).where("site_id", "=", site);
  return yield* all(once(query.where("account_id", "=", id.toDb(account)).orderBy("provider")));
}

export function* commentsOf(cx: Context, { site, account, after, limit }: Given<"commentsOf">): Steps<Exported[]> {
  const { toDb } = cx.dialect.id;
  const found: Exported[] = [];
  const pages = new Map<number, Page>();
  for (const record of yield* all(cx.q.commentsOfAccount({ site, account: toDb(account), after: toDb(after ?? LAST), limit }))) {
    const page = pages.get(record.page_id) ?? (yield* findPageById(cx, site, record.page_id));
    if (!page) throw new Error("A comment has lost its page");
    pages.set(page.id, page);
    found.push({ row: commentOf(cx.dialect, record), page });
  }
  return found;
}

export function* claimComments({ dialect: { db, id } }: Context, { site, account, email, ids }: Given<"claimComments">): Steps<number> {
  let claimed = 0;
  for (const comment of ids) {
    const query = db
      .updateTable("comments")
      .set({ account_id: id.toDb(account) })
      .where("site_id", "=", site)
      .where("id", "=", id.toDb(comment))
      .where("account_id", "is", null)
      // The site's own people are not readers.
      .where("role", "is", null);
    claimed += yield* change(once(query.where(sql`lower(email)`, "=", email.toLowerCase())));
  }
  return claimed;
}

export function* anonymise(cx: Context, act: Act, given: Given<"anonymise">, log: LogEntry): Steps<number> {
  const { site, account, ids, name } = given;
  const { db, id, search } = cx.dialect;
  const pages = new OpenPages(cx);
  const lines: Line[] = [];
  const set = { name, email: "", website: "", role: null, account_id: null, ip_hash: null };
  for (const comment of ids) {
    const row = yield* first(cx.q.comment({ site, id: id.toDb(comment) }));
    if (!row || row.account_id === null || id.toText(row.account_id) !== account || row.status === statusCode("removed")) continue;
    const { page } = yield* pages.open(site, row.page_id);
    yield* debit(cx, row);
    yield* run(once(db.deleteFrom("revisions").where("site_id", "=", site).where("comment_id", "=", row.id)));
    const changed = { ...set, version: page.version };
    yield* run(once(db.updateTable("comments").set(changed).where("site_id", "=", site).where("id", "=", row.id)));
    yield* search.mark(site, row.id);
    const status = statusName(row.status);
    lines.push({ site, comment, from: status, to: status });
  }
  if (lines.length > 0) yield* search.outdate();
  yield* pages.save(act);
  yield* writeLog(cx, log, lines);
  return lines.length;
}

export function* confirmEmail({ dialect: { db, id } }: Context, site: number, account: string, email: string): Steps<void> {
  const query = db.updateTable("accounts").set({ confirmed_email: email.toLowerCase() }).where("site_id", "=", site);
  yield* run(once(query.where("id", "=", id.toDb(account))));
}

export function* readerSessions({ dialect: { db, id } }: Context, site: number, account: string): Steps<ReaderSession[]> {
  const query = db.selectFrom("reader_sessions").selectAll().where("site_id", "=", site).where("account_id", "=", id.toDb(account));
  const rows = yield* all(once(query.orderBy("created_at", "desc").orderBy("hash")));
  return rows.map(({ hash, created_at, expires_at }) => ({ site, hash, account, createdAt: created_at, expiresAt: expires_at }));
}

export function* removeReaderSessions({ dialect: { db, id } }: Context, site: number, account: string): Steps<void> {
  yield* run(once(db.deleteFrom("reader_sessions").where("site_id", "=", site).where("account_id", "=", id.toDb(account))));
}

export function* addReaderLink({ dialect: { db, id } }: Context, link: ReaderLink): Steps<void> {
  const { site, hash, purpose, account, email, expiresAt } = link;
  const row = { site_id: site, hash, purpose, account_id: id.toDb(account), email, expires_at: expiresAt };
  yield* run(once(db.insertInto("reader_links").values(row)));
}

export function* findReaderLink({ dialect: { db, id }, now }: Context, site: number, hash: string): Steps<ReaderLink | null> {
  const query = db.selectFrom("reader_links").selectAll().where("site_id", "=", site).where("hash", "=", hash);
  const row = yield* first(once(query.where("expires_at", ">", now())));
  if (!row) return null;
  const purpose = row.purpose as ReaderLink["purpose"];
  return { site, hash, purpose, account: id.toText(row.account_id), email: row.email, expiresAt: row.expires_at };
}

export function* useReaderLink(cx: Context, site: number, hash: string, purpose: ReaderLink["purpose"]): Steps<ReaderLink | null> {
  const link = yield* findReaderLink(cx, site, hash);
  if (link?.purpose !== purpose) return null;
  const query = cx.dialect.db.deleteFrom("reader_links").where("site_id", "=", site).where("hash", "=", hash);
  return (yield* change(once(query))) > 0 ? link : null;
}

export function* followerOf({ dialect: { db } }: Context, site: number, email: string): Steps<string | null> {
  const query = db.selectFrom("followers").select("id").where("site_id", "=", site);
  return (yield* first(once(query.where("lower_email", "=", email.toLowerCase()))))?.id ?? null;
}

export function* lettersTo({ dialect: { db } }: Context, site: number, email: string): Steps<{ kind: string; createdAt: number }[]> {
  const query = db.selectFrom("letters").select(["kind", "created_at"]).where("site_id", "=", site);
  const rows = yield* all(once(query.where(sql`lower(address)`, "=", email.toLowerCase()).orderBy("created_at")));
  return rows.map(({ kind, created_at }) => ({ kind, createdAt: created_at }));
}

export function* removeAccount(cx: Context, { site, account, addresses }: Erasure): Steps<void> {
  const { db, id } = cx.dialect;
  for (const address of addresses) yield* endLetters(cx, site, address);
  for (const table of ["reader_links", "reader_sessions", "reader_passkeys", "identities"] as const)
    yield* run(once(db.deleteFrom(table).where("site_id", "=", site).where("account_id", "=", id.toDb(account))));
  yield* run(once(db.deleteFrom("pictures").where("site_id", "=", site).where("whose", "=", account)));
  yield* run(once(db.deleteFrom("accounts").where("site_id", "=", site).where("id", "=", id.toDb(account))));
}

/** An address that is not proven to be the reader's may be another's, who confirmed the letters: these stay. */
function* endLetters(cx: Context, site: number, { email, proven }: Erasure["addresses"][number]): Steps<void> {
  const { db } = cx.dialect;
  const id = yield* followerOf(cx, site, email);
  const found = id === null ? null : yield* findFollower(cx, site, id);
  if (found?.follower.confirmed && !proven) return;
  if (id !== null) yield* endFollow(cx, site, id, null);
  let letters = db
    .deleteFrom("letters")
    .where("site_id", "=", site)
    .where(sql`lower(address)`, "=", email.toLowerCase());
  if (!proven) letters = letters.where("kind", "in", ["confirm", "code"]);
  yield* run(once(letters));
}
