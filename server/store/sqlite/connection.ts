import Database from "better-sqlite3";
import type { Result, Statement, Steps } from "../steps.ts";

/** One SQLite connection that keeps each statement it has prepared. */
export interface Connection {
  run(statement: Statement<unknown>): Result;
  exec(sql: string): void;
  pragma(text: string): unknown;
  /** The first value of the first row. */
  value(sql: string): unknown;
  readonly inTransaction: boolean;
  close(): void;
}

type Prepared = { query: Database.Statement<unknown[]>; names: string[] } | { query: Database.Statement<unknown[]>; names: null };

/** Rows come as lists and get their names here: that takes half the time of having them named. */
function named(names: readonly string[], values: readonly unknown[]): unknown {
  const row: Record<string, unknown> = {};
  for (let i = 0; i < names.length; i++) row[names[i]!] = values[i];
  return row;
}

/** Statements whose shape depends on the question would otherwise pile up. */
const KEPT = 500;

export function connect(path: string, options: { readonly: boolean }): Connection {
  // A lock is waited for by timers, never inside SQLite, where it would stop the event loop.
  const db = new Database(path, { ...options, fileMustExist: true, timeout: 0 });
  const kept = new Map<string, Prepared>();
  const prepare = (sql: string) => {
    const known = kept.get(sql);
    if (known) return known;
    if (kept.size >= KEPT) kept.clear();
    const query = db.prepare<unknown[]>(sql);
    const names = query.reader ? query.columns().map((column) => column.name) : null;
    if (names) query.raw();
    const made = { query, names } as Prepared;
    kept.set(sql, made);
    return made;
  };
  return {
    run({ sql, parameters }) {
      const statement = prepare(sql);
      if (!statement.names) return { rows: [], changes: statement.query.run(...parameters).changes };
      return { rows: statement.query.all(...parameters).map((values) => named(statement.names, values as unknown[])), changes: 0 };
    },
    exec: (sql) => void prepare(sql).query.run(),
    pragma: (text) => db.pragma(text, { simple: true }),
    value: (sql) => (prepare(sql).query.get() as unknown[])[0],
    get inTransaction() {
      return db.inTransaction;
    },
    close: () => void db.close(),
  };
}

/** Runs a deed to its end in this turn of the event loop. */
export function perform<T>(connection: Connection, steps: Steps<T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next(connection.run(step.value));
  return step.value;
}

const codeOf = (error: unknown): string => (error instanceof Database.SqliteError ? error.code : "");

/** Another connection holds a lock. */
export const isLocked = (error: unknown): boolean => /^SQLITE_(?:BUSY|LOCKED)/.test(codeOf(error));

/** The disk is full or fails, or may not be written; it may pass. */
export const isDiskTrouble = (error: unknown): boolean => /^SQLITE_(?:FULL|IOERR|READONLY|CANTOPEN|NOMEM)/.test(codeOf(error));

/** What is in the file is no database, or no longer one. */
export const isDamaged = (error: unknown): boolean => /^SQLITE_(?:NOTADB|CORRUPT)/.test(codeOf(error));
