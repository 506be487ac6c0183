import { all, change, first, once, run, type Steps } from "../steps.ts";
import type { Account, ReaderPasskey } from "../readers.ts";
import type { Context } from "./context.ts";
import { toAccount } from "./readers.ts";
import type { ReaderPasskeyTable } from "./tables-of-readers.ts";

export function* addReaderPasskey({ dialect: { db, id: ids } }: Context, passkey: ReaderPasskey): Steps<boolean> {
  const { site, id, account, publicKey, counter, transports, createdAt } = passkey;
  const row = {
    account_id: ids.toDb(account),
    public_key: publicKey,
    counter,
    transports: JSON.stringify(transports),
    created_at: createdAt,
  };
  const query = db.insertInto("reader_passkeys").values({ site_id: site, id, ...row });
  return (yield* change(once(query.onConflict((conflict) => conflict.columns(["site_id", "id"]).doNothing())))) > 0;
}

export function* findReaderPasskey(cx: Context, site: number, id: string): Steps<{ passkey: ReaderPasskey; account: Account } | null> {
  const { db, id: ids } = cx.dialect;
  const row = yield* first(once(db.selectFrom("reader_passkeys").selectAll().where("site_id", "=", site).where("id", "=", id)));
  if (!row) return null;
  const account = yield* first(once(db.selectFrom("accounts").selectAll().where("site_id", "=", site).where("id", "=", row.account_id)));
  return account ? { passkey: toPasskey(cx, row), account: toAccount(account, ids.toText(row.account_id)) } : null;
}

export function* listReaderPasskeys(cx: Context, site: number, account: string): Steps<ReaderPasskey[]> {
  const { db, id: ids } = cx.dialect;
  const query = db.selectFrom("reader_passkeys").selectAll().where("site_id", "=", site).where("account_id", "=", ids.toDb(account));
  return (yield* all(once(query.orderBy("created_at").orderBy("id")))).map((row) => toPasskey(cx, row));
}

export function* useReaderPasskey({ dialect: { db } }: Context, site: number, id: string, counter: number): Steps<void> {
  yield* run(once(db.updateTable("reader_passkeys").set({ counter }).where("site_id", "=", site).where("id", "=", id)));
}

export function* removeReaderPasskey(
  { dialect: { db, id: ids } }: Context,
  { site, account, id }: { site: number; account: string; id: string },
): Steps<boolean> {
  const query = db.deleteFrom("reader_passkeys").where("site_id", "=", site).where("id", "=", id);
  return (yield* change(once(query.where("account_id", "=", ids.toDb(account))))) > 0;
}

const toPasskey = ({ dialect: { id: ids } }: Context, row: ReaderPasskeyTable): ReaderPasskey => ({
  site: row.site_id,
  id: row.id,
  account: ids.toText(row.account_id),
  publicKey: row.public_key,
  counter: row.counter,
  transports: JSON.parse(row.transports) as string[],
  createdAt: row.created_at,
});
