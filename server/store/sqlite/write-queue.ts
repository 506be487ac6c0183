/**
 * One writer. Writes that arrive together go into one transaction, and each is answered only after its COMMIT: that
 * shares the cost of making it durable. When one fails, they are done again with a savepoint each, and it fails alone.
 * A lock of another process is waited for by timers.
 */
import { Refusal } from "../../refusal.ts";
import type { StoreChange } from "../records.ts";
import type { Steps } from "../steps.ts";
import type { Act } from "../queries/context.ts";
import { type Connection, isDiskTrouble, isLocked, perform } from "./connection.ts";

export interface WriteQueue {
  write<T>(deed: (act: Act) => Steps<T>): Promise<T>;
  /** Transactions committed so far. */
  commits(): number;
  /** Resolves when nothing waits any more; whatever comes later is refused. */
  close(): Promise<void>;
}

export interface QueueOptions {
  /** Milliseconds after which a write that could not begin is refused as busy. */
  patience: number;
  /** Called within each transaction before anything is written. */
  began(): void;
  /** Called after each commit with what it changed. */
  committed(changes: readonly StoreChange[]): void;
}

interface Job {
  deed: (act: Act) => Steps<unknown>;
  /** Monotonic time, so that a clock that jumps refuses nobody. */
  deadline: number;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** More would keep readers waiting: a write takes about 0.1 ms. */
const BATCH = 200;
/** Milliseconds between two tries for the lock. */
const AGAIN = 10;

export function writeQueue(connection: Connection, options: QueueOptions): WriteQueue {
  let waiting: Job[] = [];
  let scheduled = false;
  let commits = 0;
  let closed: (() => void) | null = null;

  const schedule = (delay: number) => {
    if (scheduled) return;
    scheduled = true;
    if (delay === 0) setImmediate(drain);
    else setTimeout(drain, delay);
  };

  const drain = () => {
    scheduled = false;
    const obstacle = begin(connection);
    if (obstacle === null) commits += Number(commitBatch(connection, waiting.splice(0, BATCH), options));
    else if (isLocked(obstacle)) waiting = waiting.filter((job) => !refuse(job, performance.now()));
    else for (const job of waiting.splice(0)) job.reject(asRefusal(obstacle));
    if (waiting.length > 0) schedule(obstacle === null ? 0 : AGAIN);
    else closed?.();
  };

  return {
    write: <T>(deed: (act: Act) => Steps<T>) =>
      new Promise<T>((resolve, reject) => {
        if (closed) throw new Error("The store is closed");
        waiting.push({ deed, deadline: performance.now() + options.patience, resolve: resolve as Job["resolve"], reject });
        schedule(0);
      }),
    commits: () => commits,
    close: () =>
      new Promise((resolve) => {
        closed = resolve;
        if (!scheduled) resolve();
      }),
  };
}

/** Null when the transaction has begun, else what stands against it. */
function begin(connection: Connection): unknown {
  try {
    if (connection.inTransaction) connection.exec("rollback");
    connection.exec("begin immediate");
    return null;
  } catch (error) {
    return error;
  }
}

/** False when nothing of it is on disk. */
function commitBatch(connection: Connection, batch: readonly Job[], options: QueueOptions): boolean {
  let done: Done[];
  try {
    done = performTogether(connection, batch, options) ?? performApart(connection, batch, options);
    connection.exec("commit");
  } catch (error) {
    for (const job of batch) job.reject(asRefusal(error));
    if (connection.inTransaction) connection.exec("rollback");
    return false;
  }
  for (const { job, value } of done) job.resolve(value);
  options.committed(done.flatMap(({ changes }) => changes));
  return true;
}

interface Done {
  job: Job;
  value: unknown;
  changes: StoreChange[];
}

/**
 * All in one go, which is nearly always what happens: a savepoint for each would copy every page that each touches.
 * Null when one of them fails: then nothing is written yet, and a new transaction has begun.
 */
function performTogether(connection: Connection, batch: readonly Job[], options: QueueOptions): Done[] | null {
  try {
    options.began();
    return batch.map((job) => performOne(connection, job));
  } catch (error) {
    if (batch.length === 1) throw error;
    if (connection.inTransaction) connection.exec("rollback");
    connection.exec("begin immediate");
    return null;
  }
}

/** Each within its savepoint: when one fails, the others do not. Throws where SQLite has given up the whole transaction. */
function performApart(connection: Connection, batch: readonly Job[], options: QueueOptions): Done[] {
  options.began();
  const done: Done[] = [];
  for (const job of batch) {
    connection.exec("savepoint write");
    try {
      done.push(performOne(connection, job));
    } catch (error) {
      if (!connection.inTransaction) throw error;
      connection.exec("rollback to write");
      job.reject(asRefusal(error));
    }
    connection.exec("release write");
  }
  return done;
}

function performOne(connection: Connection, job: Job): Done {
  const changes: StoreChange[] = [];
  const value = perform(connection, job.deed({ changed: (change) => void changes.push(change) }));
  return { job, value, changes };
}

/** Rejects a job whose deadline has passed. */
function refuse(job: Job, now: number): boolean {
  if (job.deadline > now) return false;
  job.reject(new Refusal("busy", { retryAfter: 5 }));
  return true;
}

/** What may pass is asked to come again; the rest is what it is. */
export function asRefusal(error: unknown): unknown {
  return isLocked(error) || isDiskTrouble(error) ? Object.assign(new Refusal("busy", { retryAfter: 5 }), { cause: error }) : error;
}
