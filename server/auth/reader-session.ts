import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Account } from "../store/readers.ts";
import { hashToken, newToken } from "./token.ts";

const DAY = 86_400_000;
/** A session ends this long after its last use. */
const LIFETIME_MS = 30 * DAY;

/** The provider of a site's own users: the site itself, which says again at each page view who they are … */
export const SITE_USER = "sso";
/** … so that whom it no longer knows, or no longer gives a role, is let in for no longer than this. */
export const SITE_USER_MS = DAY;

/** Opens a session for commenting on one site, nothing else. Returns its token, of which only a hash is kept. */
export async function openReaderSession(services: Services, site: number, account: string, lifetime = LIFETIME_MS): Promise<string> {
  const { store, now, randomBytes } = services;
  const token = newToken(randomBytes);
  await store.addReaderSession({ site, hash: hashToken(token), account, createdAt: now(), expiresAt: now() + lifetime });
  return token;
}

/** Who the token's bearer is on this site; null without a token. Refusal `unauthorized` for one that is no longer good. */
export async function readReader({ store, now }: Services, site: number, token: string | null): Promise<Account | null> {
  if (token === null) return null;
  const found = await store.readerSession(site, hashToken(token));
  if (!found || found.session.expiresAt <= now()) throw new Refusal("unauthorized");
  // Use moves the end, at most once a day; but not of those whom their site signs in.
  if (found.account.provider === SITE_USER) return found.account;
  if (found.session.expiresAt - now() < LIFETIME_MS - DAY) await store.extendReaderSession(site, found.session.hash, now() + LIFETIME_MS);
  return found.account;
}

export async function endReaderSession({ store }: Services, site: number, token: string | null): Promise<void> {
  if (token !== null) await store.removeReaderSession(site, hashToken(token));
}
