/** The store without HTTP: writers beside bare better-sqlite3, reads that nothing prepared, the moderators' search. */
import { randomBytes } from "node:crypto";
import { copyFileSync, rmSync } from "node:fs";
import Database from "better-sqlite3";
import { idMaker } from "../../server/new-id.ts";
import { plainBody } from "../../server/store/plain-body.ts";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import type { Claim, NewRow, Store } from "../../server/store/store.ts";
import { LIMITS } from "../../server/wire/limits.ts";
import { keyOf, ORIGIN, pageUrl, randomFrom, SITE, textOf } from "./fill.ts";
import { median, percentile } from "./statistics.ts";

export interface StoreWriteRow {
  writers: number;
  /** With the three claims that a comment over HTTP takes: its Idempotency-Key, form token and text. */
  claims: boolean;
  perSecond: number;
  /** Beside the bare inserts of the same round. */
  share: number;
  commitsPerWrite: number;
}
export interface StoreWrites {
  /** Bare inserts a second. */
  bare: number;
  rows: StoreWriteRow[];
}

const newId = idMaker(Date.now);
const KINDS = [1, 16, 64].flatMap((writers) => [false, true].map((claims) => ({ writers, claims })));

export async function measureStoreWrites(database: string, { rounds, amount }: { rounds: number; amount: number }): Promise<StoreWrites> {
  const copy = `${database}.written`;
  copyFileSync(database, copy);
  const store = await openSqlite({ path: copy });
  const bare: number[] = [];
  const found = KINDS.map((): { perSecond: number; commits: number }[] => []);
  try {
    await write(store, { writers: 16, claims: false, amount });
    // The first round warms up and is not counted.
    for (let round = 0; round <= rounds; round++) {
      const alone = insertBare(copy, amount);
      if (round > 0) bare.push(alone);
      for (const [i, kind] of KINDS.entries()) {
        const measured = await write(store, { ...kind, amount: kind.writers === 1 ? amount / 2 : amount });
        if (round > 0) found[i]!.push(measured);
      }
    }
  } finally {
    await store.close();
    for (const end of ["", "-wal", "-shm"]) rmSync(copy + end, { force: true });
  }
  const rows = KINDS.map((kind, i) => ({
    ...kind,
    perSecond: median(found[i]!.map(({ perSecond }) => perSecond)),
    share: median(found[i]!.map(({ perSecond }, round) => perSecond / bare[round]!)),
    commitsPerWrite: median(found[i]!.map(({ commits }) => commits)),
  }));
  return { bare: median(bare), rows };
}

async function write(store: Store, { writers, claims, amount }: { writers: number; claims: boolean; amount: number }) {
  const random = randomFrom(Date.now());
  const rows = Array.from({ length: amount }, (_, n) => ({ row: rowOf(n, random), claims: claims ? claimsOf() : [] }));
  const before = store.stats();
  const began = performance.now();
  const writer = async () => {
    for (let next = rows.pop(); next; next = rows.pop()) {
      const added = await store.add(next.row, next.claims);
      if (!added.ok) throw new Error(`Not stored: ${added.taken}`);
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  const took = performance.now() - began;
  return { perSecond: amount / (took / 1_000), commits: (store.stats().commits - before.commits) / amount };
}

function rowOf(n: number, random: () => number): NewRow {
  const source = textOf(random);
  return {
    site: SITE,
    pageKey: keyOf(`${ORIGIN}/written-${n % 100}`),
    pageTitle: "A post that people answer",
    id: newId(),
    parent: null,
    status: "approved",
    reason: null,
    name: `Reader ${n}`,
    email: `reader${n}@mail.example`,
    website: "",
    role: null,
    source,
    format: "markdown",
    body: plainBody(source),
    renderVersion: 1,
    createdAt: Date.now(),
    ipHash: "0123456789abcdef",
  };
}

const claimsOf = (): Claim[] =>
  (["idempotency", "token", "duplicate"] as const).map((kind) => ({
    kind,
    hash: randomBytes(32).toString("hex"),
    expiresAt: Date.now() + 3_600_000,
  }));

/** The same rows into the same table of a new file, one durable insert after the other. Returns how many a second. */
function insertBare(from: string, amount: number): number {
  const path = `${from}.bare`;
  const source = new Database(from, { readonly: true });
  const { sql } = source.prepare("select sql from sqlite_schema where name = 'comments'").get() as { sql: string };
  const rows = source.prepare("select * from comments order by created_at desc limit ?").raw().all(amount) as unknown[][];
  source.close();
  const bare = new Database(path);
  try {
    bare.pragma("journal_mode = wal");
    bare.pragma("synchronous = full");
    bare.pragma("foreign_keys = off");
    bare.exec(sql);
    const insert = bare.prepare(`insert into comments values (${rows[0]!.map(() => "?").join(", ")})`);
    const began = performance.now();
    for (const row of rows) insert.run(...row);
    return rows.length / ((performance.now() - began) / 1_000);
  } finally {
    bare.close();
    for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
  }
}

export interface Times {
  p50: number;
  p99: number;
}

/** The first answer of pages taken at random: milliseconds. */
export async function measurePageReads(store: Store, pages: number, count: number): Promise<Times> {
  const random = randomFrom(7);
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const key = keyOf(pageUrl(Math.floor(random() * pages)));
    const began = performance.now();
    const page = await store.page(SITE, key);
    const slice = await store.threads({ site: SITE, page: page!.id, sort: "oldest", threads: LIMITS.threads, comments: LIMITS.comments });
    times.push(performance.now() - began);
    if (slice.rows.length === 0) throw new Error(`${key} is empty`);
  }
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

/** What an owner may look for: rare and frequent words, several, a name, an address. */
const SEARCHES = ["youfigure", "sentence", "the", "the and", "people water thing", "Hana 1234", "reader777@mail.example", "w"];

/** Each question three times, in milliseconds. */
export async function measureSearch(store: Store): Promise<{ median: number; worst: number }> {
  const times: number[] = [];
  for (const search of SEARCHES) {
    for (const sort of ["newest", "oldest", "newest"] as const) {
      const began = performance.now();
      await store.queue({ search, sort, limit: LIMITS.queue });
      times.push(performance.now() - began);
    }
  }
  return { median: median(times), worst: Math.max(...times) };
}
