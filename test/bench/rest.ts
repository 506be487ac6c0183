/** What a server at rest costs: memory, its start, its file, and what is kept ready. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import { FOLDER, type Size, storedIn } from "./databases.ts";
import { fillShort, pageUrl, PER_PAGE, sizeOf } from "./fill.ts";
import { type Built, serveBuilt } from "./processes.ts";
import { fetchThread } from "./reads.ts";
import { median } from "./statistics.ts";

export interface RestRow {
  stored: number;
  /** Milliseconds from the start of the process until /readyz answers. */
  start: number;
  /** Bytes of resident memory then. */
  memory: number | null;
  bytesPerComment: number;
}
export interface Rest {
  rows: RestRow[];
  /** Bytes of resident memory for 1,000 comments more that are kept ready. */
  ready: number | null;
  /** Bytes of file for a comment of 95 bytes, without what the search keeps and with it. */
  short: { without: number; with: number };
}

export async function measureRest(databases: Partial<Record<Size, string>>, rounds: number): Promise<Rest> {
  const rows: RestRow[] = [];
  for (const [size, path] of Object.entries(databases) as [Size, string][]) rows.push(await restOf(size, path, rounds));
  return { rows, ready: await measureReady(databases.middle!), short: await measureShort() };
}

async function restOf(size: Size, path: string, rounds: number): Promise<RestRow> {
  const starts: number[] = [];
  const memory: (number | null)[] = [];
  for (let round = 0; round < rounds; round++) {
    const served = await serveBuilt(path, {}, false);
    starts.push(served.startedIn);
    memory.push(served.rss());
    await served.end();
  }
  const stored = storedIn(size);
  const known = memory.filter((bytes) => bytes !== null);
  return { stored, start: median(starts), memory: known.length > 0 ? median(known) : null, bytesPerComment: sizeOf(path) / stored };
}

/** The first pages grow the heap to its working size and are not counted. */
const FIRST = 200;
const UNTIL = 1_000;

async function measureReady(database: string): Promise<number | null> {
  const served = await serveBuilt(database, {}, false);
  try {
    const before = await readPages(served, 0, FIRST);
    const after = await readPages(served, FIRST, UNTIL);
    return before === null || after === null ? null : (after - before) / (((UNTIL - FIRST) * PER_PAGE) / 1_000);
  } finally {
    await served.end();
  }
}

async function readPages(served: Built, from: number, to: number): Promise<number | null> {
  for (let page = from; page < to; page++) await fetchThread(served, pageUrl(page));
  return served.rss();
}

const SHORT = 20_000;

/** By SQLite's own count of pages (dbstat), so that one file tells both. */
async function measureShort(): Promise<Rest["short"]> {
  const path = join(FOLDER, `short-${process.pid}.db`);
  const store = await openSqlite({ path });
  try {
    await fillShort(store, SHORT);
  } finally {
    await store.close();
  }
  const db = new Database(path, { readonly: true });
  const all = db.prepare("select sum(pgsize) from dbstat").pluck().get() as number;
  const search = db.prepare("select sum(pgsize) from dbstat where name like '%search%'").pluck().get() as number;
  db.close();
  for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
  return { without: (all - search) / SHORT, with: all / SHORT };
}
