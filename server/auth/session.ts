import type { Context } from "hono";
import { deleteCookie, getCookie } from "hono/cookie";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Owner, PanelSession } from "../store/records.ts";
import { hashToken, newToken } from "./token.ts";

/** With this prefix a browser keeps it only from us, over https (or on this machine), for the whole host (RFC 6265bis 4.1.3.2). */
export const COOKIE = "__Host-youfigure";

const DAY = 86_400_000;
/** A session ends this long after its last use. */
const LIFETIME_MS = 30 * DAY;
/** How one signs in may be changed only this long after a sign-in. */
const FRESH_MS = 15 * 60_000;

export interface SignedIn {
  owner: Owner;
  session: PanelSession;
}

/** Opens a session under a new token, so that one planted before the sign-in is worth nothing; ends the one it replaces. */
export async function openSession(services: Services, c: Context, owner: string): Promise<void> {
  const { store, now, randomBytes } = services;
  const former = getCookie(c, COOKIE);
  if (former !== undefined) await store.removeSession(hashToken(former));
  const token = newToken(randomBytes);
  await store.addSession({ hash: hashToken(token), owner, createdAt: now(), expiresAt: now() + LIFETIME_MS });
  setSessionCookie(c, token);
}

/** Who is signed in, or null. Use moves the end of the session, at most once a day. */
export async function readSession({ store, now }: Services, c: Context): Promise<SignedIn | null> {
  const token = getCookie(c, COOKIE);
  if (token === undefined || !/^[\w-]{43}$/.test(token)) return null;
  const session = await store.session(hashToken(token));
  // One that ends later than any can was opened while the clock was ahead: it must not live for as long as that.
  if (!session || session.expiresAt <= now() || session.expiresAt > now() + LIFETIME_MS + DAY) return null;
  const owner = (await store.owners()).find(({ id }) => id === session.owner);
  if (!owner) return null;
  if (session.expiresAt - now() < LIFETIME_MS - DAY) {
    await store.extendSession(session.hash, now() + LIFETIME_MS);
    setSessionCookie(c, token);
  }
  return { owner, session };
}

export async function endSession({ store }: Services, c: Context, { session }: SignedIn): Promise<void> {
  await store.removeSession(session.hash);
  deleteCookie(c, COOKIE, { path: "/", secure: true });
}

/** Refusal `forbidden` unless the sign-in is recent: a machine left open must not be enough to lock its owner out. */
export function requireFresh({ now }: Services, { session }: SignedIn): void {
  if (now() - session.createdAt > FRESH_MS) throw new Refusal("forbidden");
}

function setSessionCookie(c: Context, token: string): void {
  c.header("set-cookie", `${COOKIE}=${token}; Path=/; Max-Age=${LIFETIME_MS / 1000}; HttpOnly; Secure; SameSite=Strict`, { append: true });
}
