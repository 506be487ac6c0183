import { existsSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";

export interface Checkup {
  /** `ok`, or what SQLite found wrong. */
  verdict: string;
  bytes: number;
  /** What is written and not yet in the file. */
  logBytes: number;
  /** Left for us on its disk. */
  freeBytes: number;
}

/** Looks at a database that may be in use, without writing. Takes about a second a gigabyte. */
export function examineSqlite(path: string): Checkup {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    const log = `${path}-wal`;
    return {
      verdict: String(db.pragma("quick_check(1)", { simple: true })),
      bytes: statSync(path).size,
      logBytes: existsSync(log) ? statSync(log).size : 0,
      freeBytes: bavail * bsize,
    };
  } finally {
    db.close();
  }
}
