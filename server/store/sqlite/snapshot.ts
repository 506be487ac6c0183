import { existsSync } from "node:fs";
import Database from "better-sqlite3";
import { Unusable } from "../unusable.ts";
import { APPLICATION_ID, inspectFile } from "./file.ts";

/** A database of ours as of one moment, opened for reading alone, whoever writes to it meanwhile. */
export interface Snapshot {
  /** Of its schema. */
  version: number;
  /** Names of its tables, but for those of SQLite and of the search. */
  tables: string[];
  columns(table: string): string[];
  count(table: string): number;
  /** In the order of `key`; values as SQLite keeps them. */
  rows(table: string, columns: readonly string[], key: readonly string[]): IterableIterator<unknown[]>;
  /** Whether another process seems to have had it open at the beginning. */
  inUse: boolean;
  /** Whether anyone has written since. */
  isBehind(): boolean;
  close(): void;
}

/** Throws Unusable for what is no database of ours. */
export function openSnapshot(path: string): Snapshot {
  if (!existsSync(path)) throw new Unusable(`${path} is not there. Name the file of the SQLite database`);
  inspectFile(path);
  // The last who closes it takes its log away, but for those who only read: rather warned too often than too rarely.
  const inUse = existsSync(`${path}-wal`);
  const open = () => new Database(path, { readonly: true, fileMustExist: true });
  const [db, watch] = [open(), open()];
  const close = () => {
    watch.close();
    db.close();
  };
  try {
    if (db.pragma("application_id", { simple: true }) !== APPLICATION_ID) {
      throw new Unusable(`${path} is a database of something else. Name another file`);
    }
    // It changes on a connection whenever another one has written.
    const writes = () => watch.pragma("data_version", { simple: true });
    const before = writes();
    db.exec("begin");
    const names = db.prepare<[], string>("select name from sqlite_schema where type = 'table' order by name").pluck().all();
    return {
      version: db.prepare<[], number>("select max(version) from schema_versions").pluck().get() ?? 0,
      tables: names.filter((name) => !/^(?:sqlite_|search(?:_|$))/.test(name)),
      columns: (table) => (db.pragma(`table_info(${quoted(table)})`) as { name: string }[]).map(({ name }) => name),
      count: (table) =>
        db
          .prepare<[], number>(`select count(*) from ${quoted(table)}`)
          .pluck()
          .get() ?? 0,
      rows: (table, columns, key) => {
        const list = (names: readonly string[]) => names.map(quoted).join(", ");
        return db
          .prepare<[], unknown[]>(`select ${list(columns)} from ${quoted(table)} order by ${list(key)}`)
          .raw()
          .iterate();
      },
      inUse,
      isBehind: () => writes() !== before,
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

const quoted = (name: string) => `"${name}"`;
