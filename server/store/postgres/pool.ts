import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import type { Result, Statement, Steps } from "../steps.ts";
import { Trouble } from "./trouble.ts";

/** One connection in the hands of one deed. */
export interface Session {
  run(statement: Statement<unknown>): Promise<Result>;
  /** Several statements without parameters in one go. */
  exec(sql: string): Promise<void>;
}

export interface PoolOptions {
  url: string;
  /** Connections at most. */
  size: number;
  /** Milliseconds in which a connection must be had. */
  patience: number;
}

export interface Pool {
  /** Lends a connection; one that a deed has left unusable is not lent again. */
  borrow<T>(use: (session: Session) => Promise<T>, limits?: { long?: boolean }): Promise<T>;
  close(): Promise<void>;
}

/** Milliseconds after which a statement that does not answer is given up: the server is paused, or out of reach. */
const ANSWER_MS = 20_000;
/** A transaction that waits for us for so long is of a server that is gone: its locks are released. */
const ABANDONED_MS = 30_000;
/** Statements kept prepared on each connection at most; beyond, they are parsed each time. */
const KEPT = 300;

const INT8 = 20;

/** As every connection of ours is set up. */
export const connectionTo = (url: string): pg.ClientConfig => ({
  connectionString: url,
  application_name: "youfigure",
  pipeline: true,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  types: {
    // Times, which a number holds.
    getTypeParser: ((oid: number, format: "text") =>
      oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
  },
});

export function openPool({ url, size, patience }: PoolOptions): Pool {
  const pool = new pg.Pool({
    ...connectionTo(url),
    max: size,
    connectionTimeoutMillis: patience,
    lock_timeout: patience,
    idle_in_transaction_session_timeout: ABANDONED_MS,
  });
  // An idle connection that breaks is not lent any more, and who holds one learns of it by the next statement.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => void client.on("error", () => undefined));
  let closed = false;
  const names = new Map<string, string>();
  const nameOf = (statement: Statement<unknown>) => {
    // Its shape depended on what was asked: it may not come again.
    if ("query" in statement) return undefined;
    const known = names.get(statement.sql);
    if (known || names.size >= KEPT) return known;
    const name = `s${names.size}`;
    names.set(statement.sql, name);
    return name;
  };
  return {
    async borrow(use, { long = false } = {}) {
      if (closed) throw new Error("The store is closed");
      const client = await pool.connect().catch(fail);
      const query_timeout = long ? 0 : ANSWER_MS;
      let usable = true;
      const ask = async (query: pg.QueryConfig): Promise<pg.QueryResult> => {
        try {
          return await client.query(Object.assign(query, { query_timeout }));
        } catch (error) {
          const trouble = new Trouble(error);
          if (trouble.meaning === "lost") usable = false;
          throw trouble;
        }
      };
      try {
        return await use({
          async run(statement) {
            const { rows, rowCount } = await ask({
              name: nameOf(statement),
              text: statement.sql,
              values: statement.parameters.map(storable),
            });
            return { rows, changes: rowCount ?? 0 };
          },
          exec: async (sql) => void (await ask({ text: sql })),
        });
      } finally {
        client.release(!usable);
      }
    },
    close() {
      closed = true;
      return pool.end();
    },
  };
}

/** Text cannot hold U+0000 here. What is stored never has it, so that who looks for it finds nothing. */
const storable = (value: unknown) => (typeof value === "string" ? value.replaceAll("\0", "\u{fffd}") : value);

function fail(error: unknown): never {
  throw new Trouble(error);
}

const UNSEEN: Result = { rows: [], changes: 0 };

/** Runs a deed to its end. What it does not look at is sent without waiting; the end waits for all of it. */
export async function perform<T>(session: Session, steps: Steps<T>): Promise<T> {
  const sent: Promise<Result>[] = [];
  try {
    let step = steps.next();
    while (!step.done) {
      const answer = session.run(step.value);
      if (step.value.blind) {
        sent.push(answer);
        // It is asked for below, whatever happens until then.
        answer.catch(() => undefined);
        step = steps.next(UNSEEN);
      } else step = steps.next(await answer);
    }
    await Promise.all(sent);
    return step.value;
  } catch (error) {
    // After the first failure in a transaction PostgreSQL refuses all that follows: the first is the one to tell.
    await Promise.all(sent);
    throw error;
  }
}

/** Milliseconds between two tries, doubled each time, so that a server that starts again is not overrun. */
const FIRST_PAUSE = 10;
const LONGEST_PAUSE = 500;

/** Tries until it works, fails for good, or `patience` is over. */
export async function untilDone<T>(patience: number, attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + patience;
  for (let wait = FIRST_PAUSE; ; wait = Math.min(2 * wait, LONGEST_PAUSE)) {
    try {
      return await attempt();
    } catch (error) {
      const passes = error instanceof Trouble && (error.meaning === "again" || error.meaning === "lost");
      if (!passes || performance.now() + wait > deadline) throw error;
      // Not all at the same moment.
      await pause(wait * (0.5 + Math.random()));
    }
  }
}
