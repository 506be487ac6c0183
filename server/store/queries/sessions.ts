import { change, first, once, run, type Steps } from "../steps.ts";
import type { LinkPurpose, PanelSession } from "../records.ts";
import type { Context } from "./context.ts";

export function* addSession({ dialect: { db } }: Context, session: PanelSession): Steps<void> {
  const { hash, owner, createdAt, expiresAt } = session;
  yield* run(once(db.insertInto("panel_sessions").values({ hash, owner_id: owner, created_at: createdAt, expires_at: expiresAt })));
}

export function* extendSession({ dialect: { db } }: Context, hash: string, expiresAt: number): Steps<void> {
  yield* run(once(db.updateTable("panel_sessions").set({ expires_at: expiresAt }).where("hash", "=", hash)));
}

export function* findSession({ dialect: { db } }: Context, hash: string): Steps<PanelSession | null> {
  const row = yield* first(once(db.selectFrom("panel_sessions").selectAll().where("hash", "=", hash)));
  return row ? { hash, owner: row.owner_id, createdAt: row.created_at, expiresAt: row.expires_at } : null;
}

export function* removeSession({ dialect: { db } }: Context, hash: string): Steps<void> {
  yield* run(once(db.deleteFrom("panel_sessions").where("hash", "=", hash)));
}

export function* removeSessions({ dialect: { db } }: Context, owner: string): Steps<void> {
  yield* run(once(db.deleteFrom("panel_sessions").where("owner_id", "=", owner)));
}

export function* addLink({ dialect: { db } }: Context, link: { hash: string; purpose: LinkPurpose; expiresAt: number }): Steps<void> {
  const { hash, purpose, expiresAt } = link;
  yield* run(once(db.insertInto("links").values({ hash, purpose, expires_at: expiresAt })));
}

export function* hasLink({ dialect: { db } }: Context, hash: string, purpose: LinkPurpose, now: number): Steps<boolean> {
  const query = db.selectFrom("links").select("hash").where("hash", "=", hash).where("purpose", "=", purpose);
  return (yield* first(once(query.where("expires_at", ">", now)))) !== undefined;
}

export function* useLink({ dialect: { db } }: Context, hash: string, purpose: LinkPurpose, now: number): Steps<boolean> {
  const query = db.deleteFrom("links").where("hash", "=", hash).where("purpose", "=", purpose);
  return (yield* change(once(query.where("expires_at", ">", now)))) > 0;
}
