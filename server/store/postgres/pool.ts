import pg from "pg";
import type { Result, Statement } from "../steps.ts";
import type { Outage } from "./outage.ts";
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
  outage: Outage;
}

export interface Pool {
  outage: Outage;
  /**
   * Lends a connection; one that a deed has left unusable is not lent again. It is waited for, and kept while no answer
   * comes, for `silence` milliseconds: then the server is paused, or out of reach.
   */
  borrow<T>(use: (session: Session) => Promise<T>, limits: { silence: number }): Promise<T>;
  close(): Promise<void>;
}

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

export function openPool({ url, size, patience, outage }: PoolOptions): Pool {
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
  const nameOf = namesOfStatements();
  let closed = false;
  return {
    outage,
    async borrow(use, { silence }) {
      if (closed) throw new Error("The store is closed");
      const wanted = performance.now();
      const client = await connected(pool, silence).catch((error: unknown): never => {
        throw meet(error, outage, wanted);
      });
      const lent = lend(client, { silence, outage, nameOf });
      try {
        return await use(lent.session);
      } finally {
        client.release(!lent.usable());
      }
    },
    close() {
      closed = true;
      return pool.end();
    },
  };
}

/** Tells how long the database has been out of reach, if that is it. */
function meet(error: unknown, outage: Outage, asked: number): Trouble {
  const trouble = new Trouble(error);
  if (trouble.meaning === "lost") outage.since(asked);
  return trouble;
}

type NameOf = (statement: Statement<unknown>) => string | undefined;

/** Under which a statement is prepared, the same on every connection. */
function namesOfStatements(): NameOf {
  const names = new Map<string, string>();
  return (statement) => {
    // Its shape depended on what was asked: it may not come again.
    if ("query" in statement) return undefined;
    const known = names.get(statement.sql);
    if (known || names.size >= KEPT) return known;
    const name = `s${names.size}`;
    names.set(statement.sql, name);
    return name;
  };
}

interface Lending {
  silence: number;
  outage: Outage;
  nameOf: NameOf;
}

function lend(client: pg.PoolClient, { silence, outage, nameOf }: Lending): { session: Session; usable(): boolean } {
  const watch = watchSilence(client, silence);
  let usable = true;
  const ask = async (query: pg.QueryConfig): Promise<pg.QueryResult> => {
    const asked = performance.now();
    try {
      const answer = await watch(client.query(query));
      outage.over();
      return answer;
    } catch (error) {
      const trouble = meet(error, outage, asked);
      if (trouble.meaning === "lost") usable = false;
      throw trouble;
    }
  };
  const session: Session = {
    async run(statement) {
      const { sql: text, parameters } = statement;
      const { rows, rowCount } = await ask({ name: nameOf(statement), text, values: parameters.map(storable) });
      return { rows, changes: rowCount ?? 0 };
    },
    exec: async (sql) => void (await ask({ text: sql })),
  };
  return { session, usable: () => usable };
}

/** Text cannot hold U+0000 here. What is stored never has it, so that who looks for it finds nothing. */
const storable = (value: unknown) => (typeof value === "string" ? value.replaceAll("\0", "\u{fffd}") : value);

/** Breaks a connection on which answers are waited for and none comes: all that was asked on it fails. */
function watchSilence(client: pg.PoolClient, silence: number): <T>(answer: Promise<T>) => Promise<T> {
  if (!Number.isFinite(silence)) return (answer) => answer;
  let asked = 0;
  let timer: NodeJS.Timeout;
  const give = () => client.connection.stream.destroy();
  return async (answer) => {
    if (asked++ === 0) timer = setTimeout(give, silence);
    try {
      return await answer;
    } finally {
      if (--asked === 0) clearTimeout(timer);
      else timer.refresh();
    }
  };
}

/** One that comes too late goes back. */
async function connected(pool: pg.Pool, patience: number): Promise<pg.PoolClient> {
  const coming = pool.connect();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    if (!Number.isFinite(patience)) return;
    timer = setTimeout(() => {
      coming.then(
        (client) => client.release(),
        () => undefined,
      );
      reject(new Error("No connection to the database in time"));
    }, patience);
  });
  try {
    return await Promise.race([coming, late]);
  } finally {
    clearTimeout(timer);
  }
}
