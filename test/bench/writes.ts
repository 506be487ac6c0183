/** Comments over HTTP, beside a Hono that only parses the same JSON and better-sqlite3 alone writing the same rows; and reads meanwhile. */
import { PAGE_100 } from "./fill.ts";
import { ENDS, mirrorOf, watchKept } from "./bare-writes.ts";
import { copyFileSync, rmSync } from "node:fs";
import { type Built, type Load, SECRET, serveBuilt, serveControl, type Served, startLoad } from "./processes.ts";
import { fetchThread, threadPath } from "./reads.ts";
import { median } from "./statistics.ts";

export interface WriteRow {
  server: string;
  connections: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** Counted in the server's own SQLite; null where there is none. */
  commitsPerWrite: number | null;
  /** Microseconds of the server's processor a comment. */
  cpu: number | null;
  /** Beside the rows of the same round, all that these comments left on disk, by better-sqlite3 alone, one durable transaction after the other. */
  share: number | null;
}
export interface HttpWrites {
  rows: WriteRow[];
  /** better-sqlite3 alone: rows a second. */
  alone: number;
  /** Milliseconds of prepared reads by 16 connections, without and with 64 that write, and how many times the p99 is. */
  reads: { without: { p50: number; p99: number }; with: { p50: number; p99: number }; times: number };
}
type Found = Omit<WriteRow, "server" | "connections">;

/** Comments of one round, by connections. Of one site the server lets in at most 128 writes at once and refuses the others (overload.ts). */
const AMOUNT = { 1: 300, 16: 1_600, 64: 3_200, 96: 3_200 } as const;
type Connections = keyof typeof AMOUNT;
/** Whose writes are compared with better-sqlite3 alone. */
export const COMPARED = "Youfigure";

/** `database` becomes the compared server's; `others` run already. */
export async function measureWrites(database: string, others: Record<string, Built>, rounds: number): Promise<HttpWrites> {
  const copy = `${database}.http`;
  copyFileSync(database, copy);
  const mirror = mirrorOf(copy);
  const built = await serveBuilt(copy);
  const kept = watchKept(copy);
  const load = startLoad();
  const control = await serveControl({ kind: "hono-post", bodies: {}, headers: {} });
  const alone: number[] = [];
  const oneByOne = () => {
    mirror.know(kept.pages());
    alone.push(mirror.oneByOne(kept.since()).perSecond);
    return alone.at(-1)!;
  };
  const subjects: Subject[] = [
    { name: "Hono that parses the same JSON", served: control },
    { name: COMPARED, served: built, oneByOne },
    ...Object.entries(others).map(([name, served]) => ({ name, served })),
  ];
  try {
    const rows: WriteRow[] = [];
    for (const connections of [1, 16, 64, 96] as const) rows.push(...(await compare(subjects, { load, connections, rounds })));
    return { rows, alone: median(alone), reads: await readWhileWriting(built, load, rounds) };
  } finally {
    kept.close();
    mirror.close();
    await Promise.all([load.end(), control.end(), built.end()]);
    for (const end of ENDS) rmSync(copy + end, { force: true });
  }
}

interface Subject {
  name: string;
  served: Served | Built;
  /** Writes again what the server wrote since: rows a second. */
  oneByOne?: () => number;
}

async function compare(subjects: Subject[], given: { load: Load; connections: Connections; rounds: number }): Promise<WriteRow[]> {
  const found = subjects.map((): Found[] => []);
  // The first round warms up and is not counted.
  for (let round = 0; round <= given.rounds; round++) {
    for (const [i, subject] of subjects.entries()) {
      const measured = await once(subject, given);
      if (round > 0) found[i]!.push(measured);
    }
  }
  return subjects.map(({ name }, i) => ({ server: name, connections: given.connections, ...middle(found[i]!) }));
}

async function once({ served, oneByOne }: Subject, { load, connections }: { load: Load; connections: Connections }): Promise<Found> {
  const amount = AMOUNT[connections];
  const counts = "commits" in served;
  const [commits, spent] = [counts ? await served.commits() : 0, served.cpu()];
  const { perSecond, p50, p99 } = await load.run({ kind: "write", url: served.url, connections, amount, secret: SECRET });
  const cpu = spent === null ? null : (served.cpu()! - spent) / amount;
  const commitsPerWrite = counts ? ((await served.commits()) - commits) / amount : null;
  return { perSecond, p50, p99, cpu, commitsPerWrite, share: oneByOne ? perSecond / oneByOne() : null };
}

function middle(own: Found[]): Found {
  const known = (of: (found: Found) => number | null) => (of(own[0]!) === null ? null : median(own.map((found) => of(found)!)));
  return {
    perSecond: median(own.map(({ perSecond }) => perSecond)),
    p50: median(own.map(({ p50 }) => p50)),
    p99: median(own.map(({ p99 }) => p99)),
    cpu: known(({ cpu }) => cpu),
    commitsPerWrite: known(({ commitsPerWrite }) => commitsPerWrite),
    share: known(({ share }) => share),
  };
}

/** More than are written while reads are measured, so that writing never pauses. */
const MEANWHILE = 6_000;
const SECONDS = 2;

/** The same load of reads with and without writers on other pages, in turns; each load a process of its own. */
async function readWhileWriting(built: Built, readers: Load, rounds: number): Promise<HttpWrites["reads"]> {
  const writers = startLoad();
  await fetchThread(built, PAGE_100);
  const read = () => readers.run({ kind: "read", url: built.url + threadPath(PAGE_100), connections: 16, seconds: SECONDS });
  const found: Record<"without" | "with", { p50: number; p99: number }>[] = [];
  try {
    for (let round = 0; round <= rounds; round++) {
      const without = await read();
      const writing = writers.run({ kind: "write", url: built.url, connections: 64, amount: MEANWHILE, secret: SECRET });
      const reading = await read();
      await writing;
      if (round > 0) found.push({ without, with: reading });
    }
  } finally {
    await writers.end();
  }
  const of = (which: "without" | "with") => ({
    p50: median(found.map((round) => round[which].p50)),
    p99: median(found.map((round) => round[which].p99)),
  });
  return { without: of("without"), with: of("with"), times: median(found.map((round) => round.with.p99 / round.without.p99)) };
}
