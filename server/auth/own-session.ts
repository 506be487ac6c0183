/** The page of a reader's own things, on our origin: opened once by a link, then held by a cookie for that site alone. */
import type { Context } from "hono";
import { deleteCookie, getCookie } from "hono/cookie";
import { type Language, languageFor } from "../locale/format.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { ReaderLink } from "../store/own-things.ts";
import type { Account } from "../store/readers.ts";
import { hashToken, newToken } from "./token.ts";

/** Only we, only over https, only the whole host; one for each site. */
const cookieOf = (site: number) => `__Host-youfigure-yours-${site}`;

/** From a click to a page that opens; of a letter, until it is read. */
const LIFETIMES = { open: 5 * 60_000, email: 15 * 60_000, erase: 15 * 60_000, enter: 15 * 60_000 } as const;
/** The page is a visit, not a home. */
const VISIT_MS = 12 * 3_600_000;

/** Never good as the bearer token of comments, nor that one here. */
const hashOf = (token: string) => hashToken(`own page ${token}`);

type Asked = Omit<ReaderLink, "hash" | "expiresAt">;

/** Makes a link that is used once, and answers its token, of which only a hash is kept. */
export async function makeReaderLink({ store, now, randomBytes }: Services, asked: Asked): Promise<{ token: string; expiresAt: number }> {
  const token = newToken(randomBytes);
  const expiresAt = now() + LIFETIMES[asked.purpose];
  await store.addReaderLink({ ...asked, hash: hashToken(token), expiresAt });
  return { token, expiresAt };
}

/** What a link is for, unused. Refusal `token_invalid`. */
export async function readReaderLink({ store }: Services, site: number, token: string): Promise<ReaderLink> {
  const link = await store.readerLink(site, hashToken(token));
  if (!link) throw new Refusal("token_invalid");
  return link;
}

/** The same, and it is used up. */
export async function useReaderLink(
  { store }: Services,
  at: { site: number; token: string },
  as: ReaderLink["purpose"],
): Promise<ReaderLink> {
  const link = await store.useReaderLink(at.site, hashToken(at.token), as);
  if (!link) throw new Refusal("token_invalid");
  return link;
}

/** Opens the page for an account: the one that was open for this site in this browser ends. */
export async function openOwnPage(services: Services, c: Context, at: { site: number; account: string; lang: Language }): Promise<void> {
  const { store, now, randomBytes } = services;
  const { site, account, lang } = at;
  const former = tokenIn(c, site);
  if (former !== null) await store.removeReaderSession(site, hashOf(former));
  const token = newToken(randomBytes);
  await store.addReaderSession({ site, hash: hashOf(token), account, createdAt: now(), expiresAt: now() + VISIT_MS });
  c.header("set-cookie", `${cookieOf(site)}=${token}.${lang}; Path=/; Max-Age=${VISIT_MS / 1000}; HttpOnly; Secure; SameSite=Lax`);
}

export interface OwnVisit {
  account: Account;
  /** Of its session. */
  hash: string;
}

/** For whom the page is open in this browser, or null. */
export async function readOwnPage({ store, now }: Services, c: Context, site: number): Promise<OwnVisit | null> {
  const token = tokenIn(c, site);
  const found = token === null ? null : await store.readerSession(site, hashOf(token));
  return found && found.session.expiresAt > now() ? { account: found.account, hash: found.session.hash } : null;
}

export async function leaveOwnPage({ store }: Services, c: Context, site: number): Promise<void> {
  const token = tokenIn(c, site);
  if (token !== null) await store.removeReaderSession(site, hashOf(token));
  deleteCookie(c, cookieOf(site), { path: "/", secure: true });
}

const tokenIn = (c: Context, site: number) => /^([\w-]{43})(?:\.|$)/.exec(getCookie(c, cookieOf(site)) ?? "")?.[1] ?? null;

/** As the comments spoke from which it was opened. */
export const languageOfVisit = (c: Context, site: number): Language =>
  languageFor(/\.(\w+)$/.exec(getCookie(c, cookieOf(site)) ?? "")?.[1] ?? c.req.header("accept-language"));
