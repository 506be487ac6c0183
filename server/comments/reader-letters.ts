/** Letters with a link that a reader asked for: limited by whom they go to, and said nothing of to who asked. */
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { ReaderLink } from "../store/own-things.ts";
import type { Account } from "../store/readers.ts";
import { readEmail } from "./email.ts";
import { type CodeLetter, sendCode } from "./letters.ts";

const MINUTE = 60_000;
/** Letters to one address, from wherever they are asked for. */
const PER_ADDRESS = { every: 5 * MINUTE, burst: 3 };
/** Letters that one account, or one sender without, may ask for. */
const PER_SENDER = { every: 6 * MINUTE, burst: 10 };

export interface LinkLetter {
  site: number;
  /** As it was typed. */
  to: string;
  lang: string;
  /** Hash or id of whoever asks. */
  sender: string;
  purpose: Exclude<CodeLetter["purpose"], "login">;
  name: string;
  /** Makes the link, once it is known that a letter goes. */
  link: (to: string) => Promise<{ link: string; expiresAt: number }>;
}

/** Refusals `invalid` for what is no address, `too_many` for a sender who asks for too many. Whether a letter goes is not told. */
export async function sendLink(services: Services, { to, sender, link, ...letter }: LinkLetter): Promise<void> {
  const address = readEmail(to.trim());
  if (address === null) throw new Refusal("invalid", { fields: { email: "invalid" } });
  const { store, keys } = services;
  const refused = await store.takeTurns(0, [{ key: `link ${letter.site} ${sender}`, ...PER_SENDER }]);
  if (refused > 0) throw new Refusal("too_many", { retryAfter: Math.ceil(refused / 1_000) });
  const whose = keys.sign("letter", ["address", address.toLowerCase()], 12);
  if ((await store.takeTurns(0, [{ key: `link to ${whose}`, ...PER_ADDRESS }])) > 0 || !services.mail) return;
  await sendCode(services, { ...letter, ...(await link(address)), to: address, code: "" });
}

/** What a letter calls an account. */
export const nameOf = ({ name, email }: Pick<Account, "name" | "email">): string => name || email;

/** Where a link of a letter leads. */
export const linkTo = ({ config }: Pick<Services, "config">, site: number, purpose: ReaderLink["purpose"], token: string): string =>
  `${config.publicUrl}/yours/${site}/${purpose === "email" ? "confirm" : purpose}?token=${token}`;
