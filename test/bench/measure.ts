/** The sections of the bench, one after the other. */
import { copyFileSync, rmSync } from "node:fs";
import { cpus } from "node:os";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import type { Store } from "../../server/store/store.ts";
import { ENDS } from "./bare-writes.ts";
import { type BrowserRow, measureBrowser } from "./browser.ts";
import { databaseOf, type Size, SIZES } from "./databases.ts";
import { PER_PAGE } from "./fill.ts";
import { type ListenerFigures, measureListeners } from "./listeners.ts";
import { beginPostgresServer, type PostgresServer } from "./postgres-server.ts";
import { measurePostgresWrites, type PostgresWrites } from "./postgres-writes.ts";
import { type Built, serveBuilt, startLoad } from "./processes.ts";
import { measureReads, type ReadRow } from "./reads.ts";
import { measureRest, type Rest } from "./rest.ts";
import { measurePageReads, measureSearch, type Times } from "./store.ts";
import { measureStoreWrites, type StoreWrites } from "./store-writes.ts";
import { COMPARED, type HttpWrites, measureWrites } from "./writes.ts";

export const SECTIONS = ["rest", "reads", "pages", "store", "postgres", "writes", "listeners", "browser"] as const;
export type Section = (typeof SECTIONS)[number];

/** What was asked for; the others are absent. */
export interface Figures {
  machine: { cores: number; processor: string; node: string; date: string; quick: boolean };
  /** Sections that came to no figure, and why. */
  failed: { section: Section; why: string }[];
  rest?: Rest;
  reads?: ReadRow[];
  /** By engine and comments stored. */
  pageReads?: Record<string, Times>;
  search?: Record<string, { median: number; worst: number }>;
  storeWrites?: StoreWrites;
  postgresWrites?: PostgresWrites;
  writes?: HttpWrites;
  listeners?: ListenerFigures[];
  browser?: BrowserRow[];
}

export const OURS = {
  small: COMPARED,
  middle: `${COMPARED}, 100,000 stored`,
  large: `${COMPARED}, 1,000,000 stored`,
  huge: `${COMPARED}, 10,000,000 stored`,
  postgres: `${COMPARED}, PostgreSQL`,
} as const;

interface Given {
  sections: readonly Section[];
  quick: boolean;
  tenMillion: boolean;
  say: (text: string) => void;
}
/** Those that a section asked for needs. */
type Databases = Partial<Record<Size, string>> & Record<"small" | "middle", string>;

const QUICK = { reads: { count: 1, seconds: 1 }, writes: 1, store: { rounds: 1, amount: 800 }, pages: 200, rest: 1, browser: 1 };
const WHOLE = { reads: { count: 5, seconds: 1 }, writes: 3, store: { rounds: 5, amount: 3_200 }, pages: 1_000, rest: 3, browser: 5 };
const LISTENERS = [100, 1_000, 10_000];

export async function measure({ sections, quick, tenMillion, say }: Given): Promise<Figures> {
  const rounds = quick ? QUICK : WHOLE;
  const databases: Databases = {
    small: await databaseOf("small", say),
    middle: await databaseOf("middle", say),
    ...(!quick && needsMillion(sections) ? { large: await databaseOf("large", say) } : {}),
    ...(tenMillion ? { huge: await databaseOf("huge", say) } : {}),
  };
  const inPostgres = quick ? 10_000 : SIZES.middle;
  const postgres = needsPostgres(sections) ? await beginPostgresServer(inPostgres, say) : null;
  const figures: Figures = { machine: machine(quick), failed: [] };
  const steps: Record<Section, () => Promise<Partial<Figures>>> = {
    rest: async () => ({ rest: await measureRest(databases, rounds.rest) }),
    reads: async () => ({ reads: await readsOf(databases, postgres!, rounds.reads) }),
    pages: () => unprepared(databases, { server: postgres!, stored: inPostgres }, rounds.pages),
    store: async () => ({ storeWrites: await measureStoreWrites(databases.small, rounds.store) }),
    postgres: async () => ({ postgresWrites: await measurePostgresWrites({ ...rounds.store, rounds: Math.min(3, rounds.store.rounds) }) }),
    writes: async () => ({ writes: await writesOf(databases, postgres!, rounds.writes) }),
    listeners: async () => ({ listeners: await listenersOf(quick ? LISTENERS.slice(0, 2) : LISTENERS) }),
    browser: async () => ({ browser: await withServer(databases.middle, (served) => measureBrowser(served, rounds.browser)) }),
  };
  try {
    for (const section of sections) {
      say(section);
      // What was measured before and comes after is worth as much without it.
      const found = await within(MINUTES, steps[section]).catch((error: Error) => ({ why: error.stack ?? error.message }));
      if (!("why" in found)) Object.assign(figures, found);
      else figures.failed.push({ section, why: found.why });
      if ("why" in found) say(found.why);
    }
    say("done");
  } finally {
    await postgres?.end();
  }
  return figures;
}

/** A section that takes longer has met something that it was not made for. */
const MINUTES = 8;

async function within<Result>(minutes: number, work: () => Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took more than ${minutes} minutes`)), minutes * 60_000);
  });
  return Promise.race([work(), over]).finally(() => clearTimeout(timer));
}

const needsPostgres = (sections: readonly Section[]) => sections.some((name) => name === "reads" || name === "pages" || name === "writes");

const needsMillion = (sections: readonly Section[]) => needsPostgres(sections) || sections.includes("rest");

const machine = (quick: boolean): Figures["machine"] => ({
  cores: cpus().length,
  processor: cpus()[0]?.model.trim() ?? "unknown",
  node: process.versions.node,
  date: new Date().toISOString().slice(0, 10),
  quick,
});

async function readsOf(databases: Databases, postgres: PostgresServer, rounds: { count: number; seconds: number }): Promise<ReadRow[]> {
  return withServers({ ...databases, postgres: postgres.url }, async (built) => {
    const load = startLoad();
    return measureReads(built, load, { ...rounds, large: OURS.middle }).finally(() => load.end());
  });
}

/** Writes go to copies: what is kept for the next run stays as it was filled. */
async function writesOf({ small, large }: Databases, postgres: PostgresServer, rounds: number): Promise<HttpWrites> {
  const copy = large === undefined ? null : `${large}.copy`;
  const remove = () => copy !== null && ENDS.forEach((end) => rmSync(copy + end, { force: true }));
  remove();
  if (copy !== null) copyFileSync(large!, copy);
  const others = { ...(copy === null ? {} : { large: copy }), postgres: postgres.url };
  return withServers(others, (built) => measureWrites(small, built, rounds)).finally(remove);
}

async function unprepared(
  databases: Databases,
  postgres: { server: PostgresServer; stored: number },
  count: number,
): Promise<Partial<Figures>> {
  const pageReads: Record<string, Times> = {};
  const search: NonNullable<Figures["search"]> = {};
  const of = async (engine: string, store: Store, stored: number) => {
    const name = `${engine}, ${stored.toLocaleString("en")}`;
    pageReads[name] = await measurePageReads(store, stored / PER_PAGE, count);
    search[name] = await measureSearch(store);
  };
  for (const size of ["middle", "large", "huge"] as const) {
    if (databases[size]) await withStore(databases[size], (store) => of("SQLite", store, SIZES[size]));
  }
  await postgres.server.within((store) => of("PostgreSQL", store, postgres.stored));
  return { pageReads, search };
}

async function listenersOf(counts: readonly number[]): Promise<ListenerFigures[]> {
  const found: ListenerFigures[] = [];
  for (const count of counts) found.push(await measureListeners(count));
  return found;
}

async function withServers<Result>(
  databases: Partial<Record<keyof typeof OURS, string>>,
  use: (built: Record<string, Built>) => Promise<Result>,
): Promise<Result> {
  const built: Record<string, Built> = {};
  try {
    for (const [name, database] of Object.entries(databases)) built[OURS[name as keyof typeof OURS]] = await serveBuilt(database);
    return await use(built);
  } finally {
    await Promise.all(Object.values(built).map((served) => served.end()));
  }
}

async function withServer<Result>(database: string, use: (served: Built) => Promise<Result>): Promise<Result> {
  const served = await serveBuilt(database);
  return use(served).finally(() => served.end());
}

async function withStore<Result>(database: string, use: (store: Store) => Promise<Result>): Promise<Result> {
  const store = await openSqlite({ path: database });
  return use(store).finally(() => store.close());
}
