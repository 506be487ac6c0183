import { closeSync, fsyncSync, existsSync, linkSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { migrate } from "../migrations/index.ts";
import { Unusable } from "../unusable.ts";
import { backupSqlite } from "./backup.ts";
import { type Connection, connect, isDamaged, isLocked, perform } from "./connection.ts";
import { inspectFile, openFile } from "./file.ts";
import { sqliteDialect } from "./index.ts";

export interface Restored {
  /** Where what was there before is kept; null when there was nothing. */
  kept: string | null;
}

/**
 * Puts a copy in the place of a database that no server uses. The copy is itself copied, looked through and brought to
 * this version's schema first, so that what cannot be served never takes the place of anything; then it gets the name
 * in one step. `at` (ISO 8601) names the file that keeps what was there before. Throws Unusable with what to do.
 */
export async function restoreSqlite(copy: string, path: string, at: string): Promise<Restored> {
  const fresh = `${path}.${process.pid}.restored`;
  try {
    await makeReady(copy, fresh);
    return takePlace(fresh, path, `${path}.before-${at.replaceAll(/[:.]/g, "-")}`);
  } finally {
    for (const end of ["", ...BESIDE]) rmSync(fresh + end, { force: true });
  }
}

const BESIDE = ["-wal", "-shm"];

/** Makes a whole copy of the copy, whatever lies in a log beside it, and opens it as the server would. */
async function makeReady(copy: string, fresh: string): Promise<void> {
  inspectFile(copy);
  try {
    await backupSqlite(copy, fresh);
  } catch (error) {
    throw isDamaged(error) ? new Unusable(`${copy} is damaged: it was not restored. Take an older copy`) : error;
  }
  const connection = openFile(fresh);
  try {
    connection.exec("begin immediate");
    perform(connection, migrate(sqliteDialect(), Date.now()));
    connection.exec("commit");
    // Complete in one file, which can be moved.
    connection.pragma("journal_mode = delete");
  } finally {
    connection.close();
  }
  sync(fresh);
}

function takePlace(fresh: string, path: string, aside: string): Restored {
  if (!existsSync(path)) {
    renameSync(fresh, path);
    sync(dirname(path));
    return { kept: null };
  }
  const held = takeAlone(path);
  try {
    // What could not be copied back into a damaged file stays beside it.
    for (const end of BESIDE) if (existsSync(path + end)) renameSync(path + end, aside + end);
    linkSync(path, aside);
    // At every moment one of the two has the name.
    renameSync(fresh, path);
    sync(dirname(path));
    return { kept: aside };
  } finally {
    held.close();
  }
}

/** Holds the file so that no server can open it, or has it open; its log is copied back into it where that can be done. */
function takeAlone(path: string): Connection {
  const connection = connect(path, { readonly: false });
  try {
    // With it, the first look at a file that has a log asks for a lock that nobody gets while another has it open.
    connection.pragma("locking_mode = exclusive");
    connection.exec("begin exclusive");
    connection.exec("commit");
    connection.pragma("journal_mode = delete");
    connection.exec("begin exclusive");
    return connection;
  } catch (error) {
    if (isDamaged(error)) return connection;
    connection.close();
    if (isLocked(error)) throw new Unusable(`${path} is in use. Stop the server, then restore`);
    throw error;
  }
}

/** A file, or the names in a folder. */
function sync(path: string): void {
  const descriptor = openSync(path, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}
