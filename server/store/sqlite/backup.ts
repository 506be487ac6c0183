import { chmodSync } from "node:fs";
import Database from "better-sqlite3";

/** Copies a database that may be in use, as of one moment, and opens the copy to check it. A plain copy of the file would miss what is in the write-ahead log. */
export async function backupSqlite(path: string, to: string): Promise<void> {
  const source = new Database(path, { readonly: true, fileMustExist: true });
  try {
    source.prepare("vacuum into ?").run(to);
  } finally {
    source.close();
  }
  chmodSync(to, 0o600);
  const copy = new Database(to, { readonly: true });
  try {
    const verdict = copy.pragma("integrity_check", { simple: true });
    if (verdict !== "ok") throw new Error(`the copy is not sound: ${String(verdict)}`);
  } finally {
    copy.close();
  }
}
