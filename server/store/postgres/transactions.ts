/**
 * Deeds as transactions. A write first locks the counters of the sites that it touches, so that on one site one deed
 * follows another, whichever server does it: each then reads what it changes as nobody else will change it (READ
 * COMMITTED is enough for that, and nothing has to be done again but after a deadlock with the sweep).
 */
import type { Act } from "../queries/context.ts";
import type { Reach } from "../over.ts";
import type { Steps } from "../steps.ts";
import type { StoreChange } from "../records.ts";
import { type Pool, perform, type Session, untilDone } from "./pool.ts";
import { asRefusal, Trouble } from "./trouble.ts";

/** One key for all that concerns the list of sites and owners; another for migrations. Any numbers, once chosen. */
export const HOUSE_LOCK = 7_966_101;
export const MIGRATION_LOCK = 7_966_102;

const SNAPSHOT = "begin isolation level repeatable read read only";

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
      const answered = steps.next(await pool.borrow((session) => session.run(asked.value)));
      if (!answered.done) throw new Error("A deed of several statements needs a snapshot: read, not look");
      return answered.value;
    }),
  );
}

/** All that a deed reads, as of one moment. */
export function readSnapshot<T>({ pool, patience }: Reading, deed: () => Steps<T>): Promise<T> {
  return refusing(() =>
    untilDone(patience, () =>
      pool.borrow((session) =>
        ending(session, async () => {
          // Sent ahead of the deed without waiting: should it fail, so does what comes after, and nothing is returned.
          const [, value] = await Promise.all([session.exec(SNAPSHOT), perform(session, deed())]);
          await session.exec("commit");
          return value;
        }),
      ),
    ),
  );
}

export interface Writing extends Reading {
  /** SQL that tells the other servers, within the transaction, what changed; "" when there is nothing to tell. */
  announce(changes: readonly StoreChange[]): string;
}

export interface Written<T> {
  value: T;
  changes: readonly StoreChange[];
}

/** A connection that breaks before the commit was sent has kept nothing: then it is done again. After, nobody knows, and it is not. */
export function writeWhole<T>(writing: Writing, deed: (act: Act) => Steps<T>, reach: Reach): Promise<Written<T>> {
  let inDoubt = false;
  const attempt = () =>
    writing.pool.borrow(
      (session) =>
        ending(session, async () => {
          await session.exec(beginning(reach));
          const changes: StoreChange[] = [];
          const value = await perform(session, deed({ changed: (change) => void changes.push(change) }));
          inDoubt = true;
          await session.exec(`${writing.announce(changes)}commit`);
          return { value, changes };
        }),
      reach,
    );
  const once = async () => {
    inDoubt = false;
    try {
      return await attempt();
    } catch (error) {
      throw inDoubt && error instanceof Trouble && error.meaning === "lost" ? asRefusal(error) : error;
    }
  };
  return refusing(() => untilDone(writing.patience, once));
}

function beginning({ sites = [], house = false }: Reach): string {
  const locks = ["begin isolation level read committed"];
  if (house) locks.push(`select pg_advisory_xact_lock(${HOUSE_LOCK})`);
  const numbers = [...new Set(sites)].filter(Number.isSafeInteger);
  // In the same order everywhere, so that no two wait for each other.
  if (numbers.length > 0)
    locks.push(`select 1 from site_counts where site_id in (${numbers.join(", ")}) order by site_id for no key update`);
  return locks.join("; ");
}

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
