/**
 * Carries the outbox away. A site's letters are taken on lease, so that of several servers one sends them; each letter is
 * put off before it is tried, so that a death in between costs time and not the letter. What dies after the last byte
 * comes again, under the same Message-ID: better twice than never.
 */
import { randomBytes } from "node:crypto";
import { readEmail } from "../comments/email.ts";
import { compose } from "../comments/letters.ts";
import { sha256 } from "../comments/tokens.ts";
import { renderLetter } from "../render/letter.tsx";
import type { Services } from "../services.ts";
import type { Letter } from "../store/mail.ts";
import { type Carrier, NotSent } from "./carrier.ts";

/** Milliseconds. A lease is longer than one letter can take. */
export const PACE = {
  /** Between two looks into the outbox, when nothing stirs it. */
  look: 5_000,
  lease: 180_000,
  /** After the first failure; twice as long after each. */
  again: 60_000,
  againAtMost: 6 * 3_600_000,
  /** Without a server to hand letters to. */
  down: 5_000,
  downAtMost: 300_000,
};

/** Some three days; greylisting takes minutes, a broken server at times a weekend. */
const TRIES = 20;
const SITES = 50;
const LETTERS = 50;
const DAY = 86_400_000;
/**
 * Letters to one address: at once, and then that many a day. Owners get what they set; a code is limited where it is asked for.
 * What a stranger can set going is little, and counts apart.
 */
const PER_DAY: Partial<Record<Letter["kind"], { name: string; letters: number }>> = {
  answer: { name: "", letters: 20 },
  new: { name: "", letters: 20 },
  digest: { name: "", letters: 20 },
  confirm: { name: "confirm ", letters: 1 },
  was_it_you: { name: "was it you ", letters: 3 },
};

export interface Postman {
  /** Looks soon: something was written. */
  stir(): void;
  /** Goes round once: true when it may have left letters that are due. */
  round(): Promise<boolean>;
  /** Finishes the letter in hand. */
  stop(): Promise<void>;
}

export function postman(services: Services, carrier: Carrier, pace: Partial<typeof PACE> = {}): Postman {
  const times = { ...PACE, ...pace };
  const holder = randomBytes(12).toString("hex");
  let timer: NodeJS.Timeout | undefined;
  let going: Promise<boolean> | null = null;
  let stopped = false;
  let stirred = false;
  let down = 0;

  const round = () => (going ??= goRound({ services, carrier, holder, times, stopped: () => stopped }).finally(() => (going = null)));
  const later = (wait: number) => {
    clearTimeout(timer);
    // Not all servers at the same moment.
    if (!stopped) timer = setTimeout(look, wait * (0.75 + Math.random() / 2)).unref();
  };
  const look = async () => {
    stirred = false;
    try {
      const more = await round();
      down = 0;
      later(more || stirred ? 0 : times.look);
    } catch (error) {
      const known = error instanceof NotSent;
      services.log.warn({ error: known ? error.message : String(error) }, known ? "mail server does not take letters" : "postman stumbled");
      later(Math.min(times.down * 2 ** down++, times.downAtMost));
    }
  };
  // What a server left that died is not kept waiting, nor is the start.
  later(times.look / 10);
  return {
    round,
    stir() {
      stirred = true;
      if (down === 0 && !going) later(0);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      // Whatever it met is in the outbox, and in the log.
      await going?.catch(() => undefined);
    },
  };
}

interface Trip {
  services: Services;
  carrier: Carrier;
  holder: string;
  times: typeof PACE;
  stopped(): boolean;
}

async function goRound(trip: Trip): Promise<boolean> {
  const { store, now, log } = trip.services;
  let more = false;
  for (const site of await store.sitesWithLettersDue(SITES)) {
    if (trip.stopped()) return false;
    if (!(await store.leaseLetters(site, trip.holder, now() + trip.times.lease))) continue;
    try {
      more = (await deliverSite(trip, site)) || more;
    } catch (error) {
      // A mail server that is down holds up all; what is wrong with one site's letters holds up no other's.
      if (error instanceof NotSent) throw error;
      log.error({ site, error: String(error) }, "a site's letters stay");
    } finally {
      await store.releaseLetters(site, trip.holder);
    }
  }
  return more;
}

async function deliverSite(trip: Trip, site: number): Promise<boolean> {
  const { store, now } = trip.services;
  const letters = await store.lettersDue(site, LETTERS);
  let spread = false;
  for (const letter of letters) {
    if (trip.stopped()) return false;
    if (!(await store.leaseLetters(site, trip.holder, now() + trip.times.lease))) return false;
    if (letter.kind === "public") {
      await store.spreadLetter(letter);
      spread = true;
    } else await deliver(trip, letter);
  }
  return spread || letters.length === LETTERS;
}

/** Rejects with NotSent only when no letter at all can be sent now. */
async function deliver({ services, carrier, holder, times }: Trip, letter: Letter): Promise<void> {
  const { store, now, log } = services;
  const wait = await takeTurn(services, letter);
  // One more question a day tells nobody anything; the rest comes when its turn does.
  const asks = letter.kind === "confirm" || letter.kind === "was_it_you";
  if (wait > 0) return asks ? store.letterSent(letter, []) : store.putLetterOff(letter, now() + wait);
  const again = Math.min(times.again * 2 ** letter.attempts, times.againAtMost) * (0.5 + Math.random());
  if (!(await store.beginLetter(letter, holder, Math.round(now() + again)))) return;
  try {
    await send(services, carrier, letter);
  } catch (error) {
    const never = error instanceof NotSent && error.meaning === "never";
    const end = never || letter.attempts + 1 >= TRIES || now() > letter.expiresAt;
    await store.letterFailed(letter, error instanceof NotSent ? error.message : "it could not be written", end);
    if (!(error instanceof NotSent)) log.error({ error: (error as Error).stack, kind: letter.kind }, "bug");
    else if (error.meaning === "down") {
      services.mail!.isDown = true;
      throw error;
    }
  }
}

async function send(services: Services, carrier: Carrier, letter: Letter): Promise<void> {
  const { store, now } = services;
  const composed = now() > letter.expiresAt ? null : await compose(services, letter);
  if (composed === null || readEmail(letter.to) === null) return store.letterSent(letter, []);
  const { headers, told, ...draft } = composed;
  await carrier.send({ ...renderLetter(draft), to: letter.to, headers, messageId: messageIdOf(services, letter) });
  services.mail!.isDown = false;
  await store.letterSent(letter, told);
}

/** Counted once, at the first try. */
async function takeTurn({ store, keys }: Services, { kind, to, attempts }: Letter): Promise<number> {
  const most = PER_DAY[kind];
  if (!most || attempts > 0) return 0;
  const hash = sha256(keys.sign("message", ["address", to.toLowerCase()]));
  return store.takeTurns(0, [{ key: `mail ${most.name}${hash}`, every: DAY / most.letters, burst: most.letters }]);
}

/** RFC 5322 3.6.4: told from the letter alone, and of no use to guess its key. */
function messageIdOf({ keys, config }: Services, { site, key }: Letter): string {
  return `<${keys.sign("message", [site, key], 18)}@${new URL(config.publicUrl).hostname}>`;
}
