/** `npm run bench`: [--json] prints JSON, [--quick] takes short rounds, [--write] puts the tables into the README, [--store] measures the store's writes alone. */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import { measureBrowser } from "./browser.ts";
import { databaseOf, type Size, SIZES } from "./databases.ts";
import { PER_PAGE } from "./fill.ts";
import { type Built, serveBuilt, startLoad } from "./processes.ts";
import { measureReads } from "./reads.ts";
import { aimsOf, type Figures, markdownOf, OURS, storeWritesOf } from "./report.ts";
import { measureRest } from "./rest.ts";
import { measurePageReads, measureSearch, type Times } from "./store.ts";
import { measureStoreWrites } from "./store-writes.ts";
import { measureWrites } from "./writes.ts";

const { values: chosen } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    store: { type: "boolean", default: false },
  },
});
const ROUNDS = chosen.quick
  ? { reads: { count: 1, seconds: 1 }, writes: 1, store: { rounds: 1, amount: 800 }, pages: 200, rest: 1, browser: 1 }
  : { reads: { count: 5, seconds: 1 }, writes: 3, store: { rounds: 5, amount: 3_200 }, pages: 1_000, rest: 3, browser: 7 };

/** To standard error, so that standard output is the result alone. */
const say = (text: string) => void process.stderr.write(`${text}\n`);

type Databases = Record<Size, string>;

async function measure(): Promise<Figures> {
  const databases: Databases = {
    small: await databaseOf("small", say),
    middle: await databaseOf("middle", say),
    large: await databaseOf("large", say),
  };
  say("at rest");
  const rest = await measureRest(databases, ROUNDS.rest);
  say("reads");
  const reads = await withServers(databases, (built, load) => measureReads(built, load, ROUNDS.reads));
  say("reads of the store");
  const pageReads = await measureUnprepared(databases);
  const search = await withStore(databases.middle, measureSearch);
  say("writes of the store");
  const storeWrites = await measureStoreWrites(databases.small, ROUNDS.store);
  say("writes over HTTP");
  const writes = await withCopies(databases, (copies) => withServers(copies, (built, load) => measureWrites(built, load, ROUNDS.writes)));
  say("browser");
  const browser = await withServer(databases.small, (served) => measureBrowser(served, ROUNDS.browser));
  return { machine: machine(), rest, reads, pageReads, search, storeWrites, writes, browser };
}

const machine = (): Figures["machine"] => ({
  cores: cpus().length,
  processor: cpus()[0]?.model.trim() ?? "unknown",
  node: process.versions.node,
  date: new Date().toISOString().slice(0, 10),
  quick: chosen.quick,
});

async function withServers<Result>(
  databases: Partial<Databases>,
  use: (built: Record<string, Built>, load: ReturnType<typeof startLoad>) => Promise<Result>,
): Promise<Result> {
  const built: Record<string, Built> = {};
  const load = startLoad();
  try {
    for (const [size, path] of Object.entries(databases) as [Size, string][]) built[OURS[size]] = await serveBuilt(path);
    return await use(built, load);
  } finally {
    await Promise.all([load.end(), ...Object.values(built).map((served) => served.end())]);
  }
}

async function withServer<Result>(database: string, use: (served: Built) => Promise<Result>): Promise<Result> {
  const served = await serveBuilt(database);
  return use(served).finally(() => served.end());
}

async function withStore<Result>(
  database: string,
  use: (store: Awaited<ReturnType<typeof openSqlite>>) => Promise<Result>,
): Promise<Result> {
  const store = await openSqlite({ path: database });
  return use(store).finally(() => store.close());
}

async function measureUnprepared(databases: Databases): Promise<Record<string, Times>> {
  const of = (size: Size) => withStore(databases[size], (store) => measurePageReads(store, SIZES[size] / PER_PAGE, ROUNDS.pages));
  return { "100,000": await of("middle"), "1,000,000": await of("large") };
}

/** Writes go to copies: what is kept for the next run stays as it was filled. */
async function withCopies<Result>({ small, large }: Databases, use: (copies: Partial<Databases>) => Promise<Result>): Promise<Result> {
  const copies = { small: `${small}.copy`, large: `${large}.copy` };
  const remove = () => Object.values(copies).forEach((copy) => ["", "-wal", "-shm"].forEach((end) => rmSync(copy + end, { force: true })));
  remove();
  copyFileSync(small, copies.small);
  copyFileSync(large, copies.large);
  return use(copies).finally(remove);
}

function writeReadme(markdown: string): void {
  const file = fileURLToPath(new URL("../../README.md", import.meta.url));
  const text = readFileSync(file, "utf8");
  const [, before, after] = /^([^]*<!-- bench -->\n)[^]*(<!-- \/bench -->[^]*)$/.exec(text) ?? [];
  if (before === undefined || after === undefined) throw new Error("The README has no place for the bench");
  writeFileSync(file, `${before}${markdown}\n${after}`);
}

async function measureStoreAlone(): Promise<void> {
  const found = await measureStoreWrites(await databaseOf("small", say), ROUNDS.store);
  process.stdout.write(chosen.json ? `${JSON.stringify(found, null, 2)}\n` : `${storeWritesOf(found)}\n`);
}

async function measureAll(): Promise<void> {
  const figures = await measure();
  const markdown = markdownOf(figures);
  process.stdout.write(chosen.json ? `${JSON.stringify({ aims: aimsOf(figures), ...figures }, null, 2)}\n` : `${markdown}\n`);
  if (chosen.write) writeReadme(markdown);
}

await (chosen.store ? measureStoreAlone() : measureAll());
