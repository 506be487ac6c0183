/** The store's writes in PostgreSQL without HTTP, beside `pg` alone. */
import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { beginOwnPostgres } from "../../demo/steps/postgres.mjs";
import { openPostgres } from "../../server/store/postgres/index.ts";
import { type BareWriter, bareWriter, watchKept } from "./bare-postgres.ts";
import { addSite } from "./fill.ts";
import type { Pace } from "./pace.ts";
import { median } from "./statistics.ts";
import { type Kind, KINDS, type Measured, write } from "./store-writes.ts";

export interface PostgresWriteRow extends Kind, Pace {
  /** Beside all the same rows, one write at a time by `pg` alone that sends each transaction in one go, in the same round. */
  share: number;
  /** Beside the same where each statement waits for the answer to the one before, as is usual. */
  shareOfPlain: number;
  /** Beside the comments' own rows alone. */
  shareOfRows: number;
  commitsPerWrite: number;
}
export interface PostgresWrites {
  rows: PostgresWriteRow[];
  /** `pg` alone, without and with three claims. */
  alone: [Pace, Pace];
  plain: [Pace, Pace];
  rowsAlone: Pace;
}

interface Found {
  kind: Kind;
  own: Measured;
  alone: Pace;
  plain: Pace;
  rowsAlone: Pace;
}

/** A PostgreSQL of its own that is durable, on a real disk: a temporary folder may lie in memory. */
export async function measurePostgresWrites({ rounds, amount }: { rounds: number; amount: number }): Promise<PostgresWrites> {
  const folder = diskFolder();
  const postgres = await beginOwnPostgres(process.env, { folder, durable: true });
  try {
    return summaryOf(await measureIn(postgres.url, { rounds, amount }));
  } finally {
    await postgres.end();
    removeFolder(folder);
  }
}

/** PostgreSQL's own user must be able to enter it, which a home folder may forbid. */
export function diskFolder(): string {
  if (process.getuid?.() === 0) return tmpdir();
  const folder = join(fileURLToPath(new URL("../..", import.meta.url)), "test/.out/bench/postgres");
  mkdirSync(folder, { recursive: true });
  return folder;
}

export function removeFolder(folder: string): void {
  if (folder !== tmpdir()) rmSync(folder, { recursive: true, force: true });
}

async function measureIn(server: string, { rounds, amount }: { rounds: number; amount: number }): Promise<Found[][]> {
  const urls = await databases(server, amount);
  const store = await openPostgres({ url: urls.store });
  const kept = await watchKept(urls.store);
  const alone = await bareWriter(urls.alone, { pipeline: true });
  const plain = await bareWriter(urls.plain, { pipeline: false });
  const bare = { alone, plain, rows: plain };
  const found: Found[][] = [];
  try {
    await kept.since();
    // The first round warms up and is not counted.
    for (let round = 0; round <= rounds; round++) {
      const row: Found[] = [];
      for (const kind of KINDS) {
        const own = await write(store, kind, amount);
        row.push({ kind, own, ...(await measureBare(bare, await kept.since())) });
      }
      found.push(row);
    }
  } finally {
    await Promise.all([kept.close(), alone.close(), plain.close(), store.close()]);
  }
  return found.slice(1);
}

async function measureBare(bare: Record<"alone" | "plain" | "rows", BareWriter>, rows: Awaited<ReturnType<Kept["since"]>>) {
  return { alone: await bare.alone.oneByOne(rows), plain: await bare.plain.oneByOne(rows), rowsAlone: await bare.rows.rowsAlone(rows) };
}
type Kept = Awaited<ReturnType<typeof watchKept>>;

/** One for the store, where its pages stand already, and two copies of it. */
async function databases(server: string, amount: number): Promise<Record<"store" | "alone" | "plain", string>> {
  const urlOf = (name: string) => Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const client = new pg.Client(server);
  await client.connect();
  await client.query("create database store template template0 encoding 'UTF8'");
  const store = await openPostgres({ url: urlOf("store") });
  await addSite(store);
  await write(store, { writers: 16, claims: false }, amount);
  await store.close();
  for (const name of ["alone", "plain"]) await client.query(`create database ${name} template store`);
  await client.end();
  return { store: urlOf("store"), alone: urlOf("alone"), plain: urlOf("plain") };
}

function summaryOf(rounds: readonly Found[][]): PostgresWrites {
  const paceIn = (of: (round: Found[]) => Pace): Pace => ({
    perSecond: median(rounds.map((round) => of(round).perSecond)),
    cpu: median(rounds.map((round) => of(round).cpu)),
  });
  const at = (writers: number, claims: boolean) => KINDS.findIndex((kind) => kind.writers === writers && kind.claims === claims);
  const both = (of: "alone" | "plain"): [Pace, Pace] => [
    paceIn((round) => round[at(16, false)]![of]),
    paceIn((round) => round[at(16, true)]![of]),
  ];
  return {
    rows: KINDS.map((kind, i) => {
      const share = (of: "alone" | "plain" | "rowsAlone") => median(rounds.map((r) => r[i]!.own.perSecond / r[i]![of].perSecond));
      return {
        ...kind,
        ...paceIn((round) => round[i]!.own),
        share: share("alone"),
        shareOfPlain: share("plain"),
        shareOfRows: share("rowsAlone"),
        commitsPerWrite: median(rounds.map((round) => round[i]!.own.commits)),
      };
    }),
    alone: both("alone"),
    plain: both("plain"),
    rowsAlone: paceIn((round) => round[at(16, false)]!.rowsAlone),
  };
}
