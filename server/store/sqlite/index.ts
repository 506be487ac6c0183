/** The store in one SQLite file: one connection writes, one reads. */
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import { sql } from "kysely";
import type { Dialect } from "../dialect.ts";
import { eachOnce } from "../each-once.ts";
import { migrate } from "../migrations/index.ts";
import { storeOver } from "../over.ts";
import { statementsFor } from "../queries/context.ts";
import type { Tables } from "../queries/tables.ts";
import type { StoreChange } from "../records.ts";
import type { Store } from "../store.ts";
import type { Steps } from "../steps.ts";
import { type Connection, connect, perform } from "./connection.ts";
import { openFile } from "./file.ts";
import { readDigits, toBytes, toText } from "./ids.ts";
import { ftsSearch } from "./search.ts";
import { foreignWrites } from "./watch.ts";
import { asRefusal, writeQueue } from "./write-queue.ts";

export interface SqliteOptions {
  path: string;
  /** Milliseconds since 1970 UTC. */
  now?: () => number;
  /** Milliseconds that a lock of another process is waited for. */
  patience?: number;
}

/** Opens or makes it. Throws Unusable, with what to do, for a file that is damaged, newer, or no database of ours. */
export async function openSqlite({ path, now = Date.now, patience = 5_000 }: SqliteOptions): Promise<Store> {
  const dialect = sqliteDialect();
  const writer = openFile(path);
  const queue = writeQueue(writer, {
    patience,
    began: () => watch.check(),
    committed: (changes) => tell(changes),
  });
  const listeners = new Set<(change: StoreChange) => void>();
  const tell = (changes: readonly StoreChange[]) => {
    for (const change of eachOnce(changes)) for (const listener of listeners) listener(change);
  };
  const watch = foreignWrites(writer, () => tell(["all"]));
  const reader = await openReader(path, () => queue.write(() => migrate(dialect, now())), writer);
  return storeOver(
    { dialect, q: statementsFor(dialect), now },
    {
      look: (deed) => readApart(reader, deed),
      read: (deed) => readApart(reader, deed),
      write: (deed) => queue.write(deed),
      commits: () => queue.commits(),
      listen: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      async close() {
        await queue.close();
        watch.stop();
        reader.close();
        writer.close();
      },
    },
  );
}

async function openReader(path: string, prepare: () => Promise<void>, writer: Connection): Promise<Connection> {
  try {
    await prepare();
    const reader = connect(path, { readonly: true });
    reader.pragma("trusted_schema = off");
    reader.pragma("cache_size = -16000");
    return reader;
  } catch (error) {
    writer.close();
    throw error;
  }
}

/** One snapshot for all that a deed reads. */
async function readApart<T>(reader: Connection, deed: () => Steps<T>): Promise<T> {
  try {
    reader.exec("begin");
    return perform(reader, deed());
  } catch (error) {
    throw asRefusal(error);
  } finally {
    if (reader.inTransaction) reader.exec("commit");
  }
}

/** Exported for the tests that look at what SQLite makes of each query. */
export function sqliteDialect(): Dialect {
  const db = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
  return {
    db,
    id: { toDb: toBytes, toText, column: "blob", read: readDigits },
    bytes: "blob",
    keyed: (table) => table.modifyEnd(sql`without rowid`),
    fleeting: (table) => table,
    search: ftsSearch(db),
  };
}
