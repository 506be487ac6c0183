import { closeSync, existsSync, linkSync, mkdirSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { Unusable } from "../unusable.ts";
import { type Connection, connect, isDamaged } from "./connection.ts";

/** In the header of each file of ours: "yfig". */
export const APPLICATION_ID = 0x79_66_69_67;
/** Bytes up to which a file is looked through at each start: about 60 ms. `youfigure doctor` looks through larger ones. */
const CHECKED = 64 * 1024 * 1024;
const HEADER = "SQLite format 3\0";

/** Opens the writing connection. A file that is not ours, or damaged, is refused before a byte of it is written. */
export function openFile(path: string): Connection {
  if (!existsSync(path)) makeFile(path);
  inspectFile(path);
  const connection = connect(path, { readonly: false });
  try {
    if (connection.pragma("application_id") !== APPLICATION_ID) {
      throw new Unusable(`${path} is a database of something else. Name another file`);
    }
    connection.run({ sql: "select count(*) from sqlite_schema", parameters: [] });
    if (statSync(path).size <= CHECKED && connection.pragma("quick_check(1)") !== "ok") throw damaged(path);
    prepare(connection);
    return connection;
  } catch (error) {
    connection.close();
    throw isDamaged(error) ? damaged(path) : error;
  }
}

function prepare(connection: Connection): void {
  connection.pragma("journal_mode = wal");
  // A 2xx means that the comment is on disk; the default of this build is NORMAL.
  connection.pragma("synchronous = full");
  connection.pragma("foreign_keys = on");
  connection.pragma("trusted_schema = off");
  // What is deleted for good is overwritten.
  connection.pragma("secure_delete = on");
  connection.pragma("cache_size = -16000");
  // In pages: a page that is written again and again is copied back once, and the log stays below some 40 MB.
  connection.pragma("wal_autocheckpoint = 10000");
}

/** Complete before it has its name, so that an empty file always is a damaged one; readable by its owner alone. */
function makeFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.${process.pid}.new`;
  rmSync(fresh, { force: true });
  closeSync(openSync(fresh, "wx", 0o600));
  try {
    const connection = connect(fresh, { readonly: false });
    connection.pragma(`application_id = ${APPLICATION_ID}`);
    connection.close();
    if (!existsSync(path)) linkSync(fresh, path);
  } finally {
    rmSync(fresh, { force: true });
  }
}

/** Throws Unusable for what is no database, or was cut off. */
export function inspectFile(path: string): void {
  const header = Buffer.alloc(100);
  const file = openSync(path, "r");
  const read = readSync(file, header, 0, 100, 0);
  closeSync(file);
  if (read < 100 || header.toString("latin1", 0, 16) !== HEADER) {
    throw new Unusable(`${path} is no SQLite database. It was left as it is: restore a copy, or name another file`);
  }
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  // https://www.sqlite.org/fileformat.html 1.3.7: the size counts where the two change counters agree. With a log beside it, the file may still grow.
  const counted = header.readUInt32BE(24) === header.readUInt32BE(92);
  if (counted && !existsSync(`${path}-wal`) && statSync(path).size < header.readUInt32BE(28) * pageSize) throw damaged(path);
}

const damaged = (path: string) =>
  new Unusable(`${path} is damaged. It was left as it is: restore a copy (the file with those beside it that end in -wal and -shm)`);
