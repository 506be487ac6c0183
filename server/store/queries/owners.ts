import { all, change, first, once, run, type Steps } from "../steps.ts";
import type { LogEntry, Owner, Passkey } from "../records.ts";
import type { Context } from "./context.ts";
import { writeLog } from "./log.ts";

const NOWHERE = [{ site: 0 }];

export function* listOwners({ dialect: { db } }: Context): Steps<Owner[]> {
  const rows = yield* all(once(db.selectFrom("owners").selectAll().orderBy("created_at").orderBy("id")));
  return rows.map(({ created_at, ...row }) => ({ ...row, createdAt: created_at }));
}

export function* addFirstOwner(cx: Context, owner: Owner, passkey: Passkey | null, log: LogEntry): Steps<boolean> {
  const { db } = cx.dialect;
  if (yield* first(once(db.selectFrom("owners").select("id").limit(1)))) return false;
  const { createdAt, ...row } = owner;
  yield* run(once(db.insertInto("owners").values({ ...row, created_at: createdAt })));
  if (passkey) yield* insertPasskey(cx, passkey);
  yield* writeLog(cx, log, NOWHERE);
  return true;
}

export type OwnerPatch = Partial<Pick<Owner, "name" | "role" | "email" | "passphrase">>;

export function* updateOwner(cx: Context, id: string, patch: OwnerPatch, log: LogEntry): Steps<void> {
  const { db } = cx.dialect;
  if (Object.keys(patch).length > 0) yield* run(once(db.updateTable("owners").set(patch).where("id", "=", id)));
  yield* writeLog(cx, log, NOWHERE);
}

export function* listPasskeys({ dialect: { db } }: Context, owner?: string): Steps<Passkey[]> {
  let query = db.selectFrom("passkeys").selectAll().orderBy("created_at").orderBy("id");
  if (owner !== undefined) query = query.where("owner_id", "=", owner);
  return (yield* all(once(query))).map((row) => ({
    id: row.id,
    owner: row.owner_id,
    publicKey: row.public_key,
    counter: row.counter,
    transports: JSON.parse(row.transports) as string[],
    label: row.label,
    createdAt: row.created_at,
  }));
}

function* insertPasskey({ dialect: { db } }: Context, passkey: Passkey): Steps<void> {
  const { id, owner, publicKey, counter, transports, label, createdAt } = passkey;
  const row = { id, owner_id: owner, public_key: publicKey, counter, transports: JSON.stringify(transports), label, created_at: createdAt };
  yield* run(once(db.insertInto("passkeys").values(row)));
}

export function* addPasskey(cx: Context, passkey: Passkey, log: LogEntry): Steps<void> {
  yield* insertPasskey(cx, passkey);
  yield* writeLog(cx, log, NOWHERE);
}

export function* usePasskey({ dialect: { db } }: Context, id: string, counter: number): Steps<void> {
  yield* run(once(db.updateTable("passkeys").set({ counter }).where("id", "=", id)));
}

export function* removePasskey(cx: Context, owner: string, id: string, log: LogEntry): Steps<boolean> {
  const { db } = cx.dialect;
  const another = yield* first(once(db.selectFrom("passkeys").select("id").where("owner_id", "=", owner).where("id", "!=", id).limit(1)));
  const secret = yield* first(once(db.selectFrom("owners").select("passphrase").where("id", "=", owner)));
  if (!another && !secret?.passphrase) return false;
  if ((yield* change(once(db.deleteFrom("passkeys").where("owner_id", "=", owner).where("id", "=", id)))) === 0) return false;
  yield* writeLog(cx, log, NOWHERE);
  return true;
}
