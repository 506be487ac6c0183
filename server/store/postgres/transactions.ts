/**
 * Deeds as transactions. A write first locks the counters of the sites that it touches, so that on one site one deed
 * follows another, whichever server does it: each then reads what it changes as nobody else will change it (READ
 * COMMITTED is enough for that, and nothing has to be done again but after a deadlock with the sweep).
 */
import { eachOnce } from "../each-once.ts";
import type { Act } from "../queries/context.ts";
import type { Reach } from "../over.ts";
import type { Steps } from "../steps.ts";
import type { StoreChange } from "../records.ts";
import type { PagesAtHand } from "./pages-at-hand.ts";
import { advance, answered, perform, type Sent, Unlikely, untilDone } from "./perform.ts";
import type { Pool, Session } from "./pool.ts";
import { asRefusal, passes, Trouble } from "./trouble.ts";

/** One key for all that concerns the list of sites and owners; another for migrations. Any numbers, once chosen. */
export const HOUSE_LOCK = 7_966_101;
export const MIGRATION_LOCK = 7_966_102;

const SNAPSHOT = "begin isolation level repeatable read read only";

/** Milliseconds that a snapshot waits for an answer: a search among millions takes its time. */
const SNAPSHOT_MS = 20_000;
/** Milliseconds that PostgreSQL has to tell of a lock that it waited for in vain, before it is taken for silent. */
const GRACE_MS = 500;
/** Milliseconds that an answer is waited for at least. */
const LEAST_MS = 2_000;

export interface Reading {
  pool: Pool;
  patience: number;
}

/** A deed of one statement, which is a snapshot by itself. */
export function lookOnce<T>({ pool, ...reading }: Reading, deed: () => Steps<T>): Promise<T> {
  const patience = pool.outage.left(reading.patience);
  return refusing(() =>
    untilDone(patience, async () => {
      const steps = deed();
      const asked = steps.next();
      if (asked.done) return asked.value;
      const answer = steps.next(await pool.borrow((session) => session.run(asked.value), { silence: patience + GRACE_MS }));
      if (!answer.done) throw new Error("A deed of several statements needs a snapshot: read, not look");
      return answer.value;
    }),
  );
}

/** All that a deed reads, as of one moment. */
export function readSnapshot<T>({ pool, ...reading }: Reading, deed: () => Steps<T>): Promise<T> {
  const patience = pool.outage.left(reading.patience);
  const silence = patience < reading.patience ? patience + GRACE_MS : SNAPSHOT_MS;
  return refusing(() =>
    untilDone(patience, () =>
      pool.borrow(
        (session) =>
          ending(session, async () => {
            // Sent ahead of the deed without waiting: should it fail, so does what comes after, and nothing is returned.
            const [, value] = await Promise.all([session.exec(SNAPSHOT), perform(session, deed())]);
            await session.exec("commit");
            return value;
          }),
        { silence },
      ),
    ),
  );
}

export interface Writing {
  pool: Pool;
  /** What one transaction knows of pages. */
  pages(): PagesAtHand;
  /** SQL that tells the other servers, within the transaction, what changed; "" when there is nothing to tell. */
  announce(changes: readonly StoreChange[]): string;
}

export interface Doing {
  deed: (act: Act) => Steps<unknown>;
  /** Keys of pages that it opens. */
  pages: readonly string[];
}
export interface Kept {
  value: unknown;
  changes: readonly StoreChange[];
}
export type Outcome = Kept | { error: unknown };

/**
 * Deeds of one reach in one transaction, which shares the cost of making them durable; `deadline` is when the first of
 * them is refused. All in one go, which is nearly always what happens; when one fails, again with a savepoint each, and
 * it fails alone. Throws where nothing of it is kept, Refusal `busy` where nobody knows: a connection that breaks after
 * the commit was sent.
 */
export async function writeTogether(writing: Writing, doings: readonly Doing[], limits: Reach & { deadline: number }): Promise<Outcome[]> {
  const wait = Math.max(1, Math.ceil(limits.deadline - performance.now()));
  const batch: Batch = { writing, doings, sites: sitesIn(limits), begin: beginning(limits, wait), inDoubt: false };
  // A disk may take a second for a commit, however little time is left.
  const silence = limits.long ? Number.POSITIVE_INFINITY : Math.max(wait, writing.pool.outage.left(LEAST_MS)) + GRACE_MS;
  try {
    return await writing.pool.borrow((session) => ending(session, () => commitBatch(session, batch)), { silence });
  } catch (error) {
    throw batch.inDoubt && error instanceof Trouble && error.meaning === "lost" ? asRefusal(error) : error;
  }
}

interface Batch {
  writing: Writing;
  doings: readonly Doing[];
  sites: readonly number[];
  begin: string;
  /** Whether the commit was sent. */
  inDoubt: boolean;
}

async function commitBatch(session: Session, batch: Batch): Promise<Outcome[]> {
  let outcomes: Outcome[];
  try {
    outcomes = await inOneGo(session, batch);
  } catch (error) {
    const alone = batch.doings.length === 1 && !(error instanceof Unlikely);
    if (alone || passes(error)) throw error;
    await session.exec(`rollback; ${batch.begin}`);
    outcomes = await oneByOne(session, batch);
  }
  const changes = outcomes.flatMap((outcome) => ("error" in outcome ? [] : outcome.changes));
  batch.inDoubt = true;
  await session.exec(`${batch.writing.announce(eachOnce(changes))}commit`);
  return outcomes;
}

async function inOneGo(session: Session, { writing, doings, sites, begin }: Batch): Promise<Kept[]> {
  const sent: Sent = [];
  const pages = writing.pages();
  const keys = doings.flatMap((doing) => doing.pages);
  const kept: Kept[] = [];
  try {
    // Reading goes right behind the beginning and its lock; nothing is written before these have answered.
    const begun: Sent = [session.exec(begin)];
    if (keys.length > 0 && sites.length === 1) begun.push(advance(session, pages.read(sites[0]!, keys), sent));
    await answered(begun);
    for (const { deed } of doings) {
      const changes: StoreChange[] = [];
      const steps = pages.through(deed({ changed: (change) => void changes.push(change) }));
      kept.push({ value: await advance(session, steps, sent), changes });
    }
    await advance(session, pages.write(), sent);
  } catch (error) {
    await answered(sent);
    throw error;
  }
  await answered(sent);
  return kept;
}

/** Each within its savepoint: when one fails, the others do not. */
async function oneByOne(session: Session, { doings }: Batch): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { deed } of doings) {
    const changes: StoreChange[] = [];
    await session.exec("savepoint deed");
    try {
      outcomes.push({ value: await perform(session, deed({ changed: (change) => void changes.push(change) })), changes });
    } catch (error) {
      if (passes(error)) throw error;
      await session.exec("rollback to deed");
      outcomes.push({ error: asRefusal(error) });
    }
    await session.exec("release deed");
  }
  return outcomes;
}

function beginning({ sites = [], house = false, long = false }: Reach, wait: number): string {
  const locks = ["begin isolation level read committed", ...(long ? [] : [`set local lock_timeout = ${wait}`])];
  if (house) locks.push(`select pg_advisory_xact_lock(${HOUSE_LOCK})`);
  // In the same order everywhere, so that no two wait for each other; one by one, since Citus locks rows on one shard at a time.
  for (const site of sitesIn({ sites })) locks.push(`select 1 from site_counts where site_id = ${site} for no key update`);
  return locks.join("; ");
}

/** Each once, in their order. */
export const sitesIn = ({ sites = [] }: Reach): number[] => [...new Set(sites)].filter(Number.isSafeInteger).toSorted((a, b) => a - b);

/** Leaves no transaction open, whatever happens from its beginning on. */
async function ending<T>(session: Session, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    // On a broken connection it fails too, which marks the connection; the first error is the one to tell.
    await session.exec("rollback").catch((second: unknown) => second);
    throw error;
  }
}

async function refusing<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw asRefusal(error);
  }
}
