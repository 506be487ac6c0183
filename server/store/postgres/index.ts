/** The store in PostgreSQL, for any number of servers on one database. */
import { migrate } from "../migrations/index.ts";
import { storeOver } from "../over.ts";
import { statementsFor } from "../queries/context.ts";
import type { StoreChange } from "../records.ts";
import type { Store } from "../store.ts";
import { Unusable } from "../unusable.ts";
import { postgresDialect } from "./dialect.ts";
import { hearOthers } from "./others.ts";
import { outage } from "./outage.ts";
import { pagesAtHand, pageWriting } from "./pages-at-hand.ts";
import { perform } from "./perform.ts";
import { openPool, type Pool } from "./pool.ts";
import { lookOnce, MIGRATION_LOCK, readSnapshot } from "./transactions.ts";
import { Trouble } from "./trouble.ts";
import { writeLanes } from "./write-lanes.ts";

export interface PostgresOptions {
  /** As libpq writes it: postgres://user:password@host:port/database. */
  url: string;
  /** Milliseconds since 1970 UTC. */
  now?: () => number;
  /** Milliseconds that a connection, a lock or a server that starts again is waited for. */
  patience?: number;
}

/** Connections of one server for each: writers that wait for each other keep no reader waiting. */
const READERS = 8;
const WRITERS = 8;

/** Opens it and brings its schema up to date. Throws Unusable, with what to do, for a database that cannot be had or is not fit. */
export async function openPostgres({ url, now = Date.now, patience = 5_000 }: PostgresOptions): Promise<Store> {
  const dialect = postgresDialect();
  const common = { url, patience, outage: outage() };
  const writers = openPool({ ...common, size: WRITERS });
  const readers = openPool({ ...common, size: READERS });
  const listeners = new Set<(change: StoreChange) => void>();
  const tell = (change: StoreChange) => {
    for (const listener of listeners) listener(change);
  };
  const others = await opening(async () => {
    await inspect(writers);
    await bringUpToDate(writers, () => migrate(dialect, now()));
    return hearOthers(url, tell);
  }, [writers, readers]);
  const cx = { dialect, q: statementsFor(dialect), now };
  const writing = pageWriting(dialect);
  const lanes = writeLanes({
    pool: writers,
    pages: () => pagesAtHand(cx, writing),
    patience,
    announce: others.announce,
    committed: (changes) => changes.forEach(tell),
  });
  return storeOver(cx, {
    look: (deed) => lookOnce({ pool: readers, patience }, deed),
    read: (deed) => readSnapshot({ pool: readers, patience }, deed),
    write: (deed, reach = {}) => lanes.write(deed, reach),
    commits: () => lanes.commits(),
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      await lanes.settled();
      await Promise.all([writers.close(), readers.close(), others.close()]);
    },
  });
}

/** Closes what was opened where the rest fails, and says what to do. */
async function opening<T>(open: () => Promise<T>, pools: readonly Pool[]): Promise<T> {
  try {
    return await open();
  } catch (error) {
    await Promise.all(pools.map((pool) => pool.close()));
    throw error instanceof Trouble ? unusable(error) : error;
  }
}

/** Never with the address, which may hold a password. */
export function unusable({ cause }: Trouble): Unusable {
  const { message, code } = cause as Error & { code?: string };
  if (code === "42501") {
    return new Unusable(
      `the database allows its user too little (${message}). Make the user owner of the database, or grant it CREATE on the schema public`,
    );
  }
  return new Unusable(`the database cannot be used (${message || String(code)}). Look whether it runs and DATABASE_URL is right`);
}

/** Another server may be at it, and a migration takes as long as it takes. */
const AT_START = { silence: Number.POSITIVE_INFINITY };

async function inspect(pool: Pool): Promise<void> {
  const setting = (name: string) => `current_setting('${name}') as ${name}`;
  const names = ["server_encoding", "synchronous_commit", "server_version_num"].map(setting).join(", ");
  const { rows } = await pool.borrow((session) => session.run({ sql: `select ${names}`, parameters: [] }), AT_START);
  const found = rows[0] as Record<"server_encoding" | "synchronous_commit" | "server_version_num", string>;
  if (Number(found.server_version_num) < 130_000)
    throw new Unusable("the database is older than PostgreSQL 13, the oldest that this version knows");
  if (found.server_encoding !== "UTF8") throw new Unusable(`the database is encoded in ${found.server_encoding}. Make one in UTF8`);
  if (found.synchronous_commit === "off") {
    throw new Unusable(
      "synchronous_commit is off, so that a comment could be lost after it was acknowledged. Set it on for this user: alter role … set synchronous_commit = on",
    );
  }
}

/** One server after another, and wholly or not at all: PostgreSQL changes a schema within a transaction. */
async function bringUpToDate(pool: Pool, deed: () => ReturnType<typeof migrate>): Promise<void> {
  await pool.borrow(async (session) => {
    await session.exec(`begin; set local lock_timeout = 0; select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    try {
      await perform(session, deed());
      await session.exec("commit");
    } catch (error) {
      await session.exec("rollback").catch((second: unknown) => second);
      throw error;
    }
  }, AT_START);
}
