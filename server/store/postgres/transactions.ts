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
import { type Pool, type Sent, advance, answered, perform, type Session, untilDone } from "./pool.ts";
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
export function lookOnce<T>({ pool, patience }: Reading, deed: () => Steps<T>): Promise<T> {
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
export function readSnapshot<T>({ pool, patience }: Reading, deed: () => Steps<T>): Promise<T> {
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
        { silence: SNAPSHOT_MS },
      ),
    ),
  );
}

export interface Writing {
  pool: Pool;
  /** SQL that tells the other servers, within the transaction, what changed; "" when there is nothing to tell. */
  announce(changes: readonly StoreChange[]): string;
}

export type Deed = (act: Act) => Steps<unknown>;
export interface Kept {
  value: unknown;
  changes: readonly StoreChange[];
}
export type Outcome = Kept | { error: unknown };

/** In which nothing is left of a deed but its own error, and the others go on. */
const SAVEPOINT = "savepoint deed";

/**
 * Deeds of one reach in one transaction, which shares the cost of making them durable; `deadline` is when the first of
 * them is refused. All in one go, which is nearly always what happens; when one fails, again with a savepoint each, and
 * it fails alone. Throws where nothing of it is kept, Refusal `busy` where nobody knows: a connection that breaks after
 * the commit was sent.
 */
export async function writeTogether(writing: Writing, deeds: readonly Deed[], limits: Reach & { deadline: number }): Promise<Outcome[]> {
  const inDoubt = { now: false };
  const wait = Math.max(1, Math.ceil(limits.deadline - performance.now()));
  const begin = beginning(limits, wait);
  // A disk may take a second for a commit, however little time is left.
  const silence = limits.long ? Number.POSITIVE_INFINITY : Math.max(wait, LEAST_MS) + GRACE_MS;
  try {
    return await writing.pool.borrow(
      (session) =>
        ending(session, async () => {
          await session.exec(begin);
          try {
            return await inOneGo(session, { writing, deeds, inDoubt });
          } catch (error) {
            if (deeds.length === 1 || passes(error)) throw error;
          }
          // PostgreSQL has answered that something failed, so the commit behind it kept nothing.
          inDoubt.now = false;
          await session.exec(`rollback; ${begin}`);
          return await oneByOne(session, { writing, deeds, inDoubt });
        }),
      { silence },
    );
  } catch (error) {
    throw inDoubt.now && error instanceof Trouble && error.meaning === "lost" ? asRefusal(error) : error;
  }
}

interface Batch {
  writing: Writing;
  deeds: readonly Deed[];
  inDoubt: { now: boolean };
}

/** The commit is sent behind the rest without waiting: PostgreSQL keeps nothing of a transaction in which something failed. */
async function inOneGo(session: Session, { writing, deeds, inDoubt }: Batch): Promise<Kept[]> {
  const sent: Sent = [];
  const kept: Kept[] = [];
  try {
    for (const deed of deeds) {
      const changes: StoreChange[] = [];
      kept.push({ value: await advance(session, deed({ changed: (change) => void changes.push(change) }), sent), changes });
    }
    inDoubt.now = true;
    sent.push(session.exec(commit(writing, kept)));
  } catch (error) {
    await answered(sent);
    throw error;
  }
  await answered(sent);
  return kept;
}

async function oneByOne(session: Session, { writing, deeds, inDoubt }: Batch): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const deed of deeds) {
    const changes: StoreChange[] = [];
    await session.exec(SAVEPOINT);
    try {
      outcomes.push({ value: await perform(session, deed({ changed: (change) => void changes.push(change) })), changes });
    } catch (error) {
      if (passes(error)) throw error;
      await session.exec("rollback to deed");
      outcomes.push({ error: asRefusal(error) });
    }
    await session.exec("release deed");
  }
  inDoubt.now = true;
  await session.exec(
    commit(
      writing,
      outcomes.flatMap((outcome) => ("error" in outcome ? [] : [outcome])),
    ),
  );
  return outcomes;
}

const commit = ({ announce }: Writing, kept: readonly Kept[]) => `${announce(eachOnce(kept.flatMap(({ changes }) => changes)))}commit`;

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
