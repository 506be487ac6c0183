/**
 * Signing in by a letter: whoever reads the mail of an address is let in as it, in the browser that asked for the letter and
 * in no other. A link that is opened elsewhere only shows the code, since a stranger may have asked for the letter.
 */
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Turn } from "../store/records.ts";
import type { Provider } from "./provider.ts";
import { type Begun, find, identityOf, same, keepOn, type Sent, siteOf, underWay } from "./sign-in.ts";
import { hashToken, newToken } from "./token.ts";

const MINUTE = 60_000;
/** A letter is good for this long, and so is what is left of the sign-in after it. */
const GOOD_MS = 15 * MINUTE;
const CONFIRM_MS = 5 * MINUTE;
const GUESSES = 5;
/** Letters that one address may be sent, from wherever they are asked for: few enough that guessing codes leads nowhere. */
const PER_ADDRESS = [
  { every: 5 * MINUTE, burst: 3 },
  { every: 120 * MINUTE, burst: 12 },
];
/** Letters that one sender may ask for. */
const PER_SENDER = { every: 6 * MINUTE, burst: 10 };

/** What is kept of the letter that was sent last. */
interface Mailed {
  to: string;
  /** SHA-256 of what its link holds. */
  link: string;
  /** Keyed: of six digits alone, a plain hash is soon guessed. */
  code: string;
  until: number;
}

export const emailProvider: Provider = {
  id: "email",
  label: "E-mail",
  issuer: "",
  begin: ({ config }) => Promise.resolve({ address: `${config.publicUrl}/auth/email`, kept: "" }),
  async answer(services, { kept, state, params }) {
    const mailed = mailedOf(services, kept);
    const proven = mailed && (isCode(services, mailed, params.get("code") ?? "") || isLink(mailed, params.get("link") ?? ""));
    if (!proven) throw new Refusal("forbidden");
    const subject = mailed.to.toLowerCase();
    const known = await services.store.accountOf(siteOf(state), "email", identityOf(emailProvider, subject));
    return { subject, name: known?.name ?? "", email: mailed.to, emailVerified: true, picture: "", handle: "", url: "" };
  },
};

export interface LetterAsked {
  cookie: string;
  /** A checked address. */
  to: string;
  /** Hash of whoever asks. */
  sender: string;
  send: (letter: {
    site: number;
    to: string;
    lang: string;
    purpose: "login";
    code: string;
    link: string;
    expiresAt: number;
  }) => Promise<unknown>;
}

/**
 * Sends a letter to an address. Seconds to wait where one has just gone, 0 when it was taken: that is the same answer
 * whether anybody has an account with the address, and whether too many went to it already. Refusal `too_many` for a
 * sender who asks for too many.
 */
export async function askForCode(services: Services, { cookie, to, sender, send }: LetterAsked): Promise<number> {
  const sent = await underWay(services, { provider: "email", cookie });
  const { store, keys, now, config } = services;
  const { site, hash } = sent.signIn;
  const wait = await store.takeTurns(site, [{ key: `letter ${hash}`, every: MINUTE, burst: 1 }]);
  if (wait > 0) return Math.ceil(wait / 1_000);
  const refused = await store.takeTurns(0, [{ key: `letter ${sender}`, ...PER_SENDER }]);
  if (refused > 0) throw new Refusal("too_many", { retryAfter: Math.ceil(refused / 1_000) });
  const whose = keys.sign("code", ["address", to.toLowerCase()], 12);
  const turns = PER_ADDRESS.map((limit): Turn => ({ key: `letter ${limit.burst} ${whose}`, ...limit }));
  const goes = (await store.takeTurns(0, turns)) === 0;
  // The one that went before is still good.
  if (!goes && mailedOf(services, sent.held.kept)?.to === to) return 0;
  const secret = newToken(services.randomBytes);
  const link = hashToken(secret);
  const code = codeOf(services, secret);
  const mailed: Mailed = { to, link, code: keys.sign("code", [link, code]), until: now() + GOOD_MS };
  await keepOn(services, sent, JSON.stringify(mailed), mailed.until + CONFIRM_MS);
  if (!goes) return 0;
  await send({
    site,
    to,
    lang: sent.held.lang,
    purpose: "login",
    code,
    link: `${config.publicUrl}/auth/letter/${sent.request}/${secret}`,
    expiresAt: mailed.until,
  });
  return 0;
}

/** To whom a letter went in this browser's sign-in; null where none did, or it is too old. */
export function mailedTo(services: Services, { held }: Pick<Sent, "held">): string | null {
  return mailedOf(services, held.kept)?.to ?? null;
}

/** Whether a code is the letter's. `over`: it may not be tried any more. All servers count the same tries. */
export async function tryCode(services: Services, { signIn, held }: Begun, code: string): Promise<"right" | "wrong" | "over"> {
  const mailed = mailedOf(services, held.kept);
  if (!mailed) return "over";
  const turn = { key: `code ${mailed.link}`, every: GOOD_MS, burst: GUESSES };
  if ((await services.store.takeTurns(signIn.site, [turn])) > 0) return "over";
  return isCode(services, mailed, code) ? "right" : "wrong";
}

export interface OpenedLetter {
  begun: Begun;
  to: string;
  code: string;
  /** Whether it is opened in the browser that asked for it. */
  here: boolean;
}

/** The link of a letter was opened; nothing happens. Refusal `not_found` when it is used or too old. */
export async function openLetter(
  services: Services,
  { request, secret, cookie }: { request: string; secret: string; cookie: string },
): Promise<OpenedLetter> {
  const begun = await find(services, request);
  const mailed = mailedOf(services, begun.held.kept);
  if (begun.signIn.step !== "sent" || begun.provider.id !== "email" || !mailed || !isLink(mailed, secret)) throw new Refusal("not_found");
  return { begun, to: mailed.to, code: codeOf(services, secret), here: same(begun.held.state, hashToken(cookie)) };
}

function mailedOf({ now }: Services, kept: string): Mailed | null {
  const mailed = kept === "" ? null : (JSON.parse(kept) as Mailed);
  return mailed && mailed.until > now() ? mailed : null;
}

/** Told from the link's secret, so that whoever opens the link can be shown it and the database never holds it. */
const codeOf = ({ keys }: Services, secret: string) =>
  String(Buffer.from(keys.sign("code", ["digits", secret], 6), "base64url").readUIntBE(0, 6) % 1_000_000).padStart(6, "0");

const isCode = ({ keys }: Services, { link, code }: Mailed, typed: string) => keys.verify("code", [link, typed], code);
const isLink = ({ link }: Mailed, secret: string) => same(link, hashToken(secret));
