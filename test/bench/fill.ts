/** Databases to measure: pages with 1, 100, 200 and 1,000 comments, one with 50,000 where asked for, and as many more as asked for on pages of 100. */
import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import * as v from "valibot";
import { idMaker, idOf } from "../../server/new-id.ts";
import { plainBody } from "../../server/store/plain-body.ts";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import type { NewRow } from "../../server/store/records.ts";
import type { Store } from "../../server/store/store.ts";
import { Settings } from "../../server/wire/settings.ts";

export const ORIGIN = "https://blog.example";
export const SITE = 1;
export const PAGE_1 = `${ORIGIN}/one`;
export const PAGE_100 = `${ORIGIN}/one-hundred`;
export const PAGE_200 = `${ORIGIN}/two-hundred`;
export const PAGE_1000 = `${ORIGIN}/one-thousand`;
export const PAGE_50000 = `${ORIGIN}/fifty-thousand`;
/** Comments of the pages that every database has. */
export const ALWAYS = 1 + 100 + 200 + 1_000;
/** Comments of each other page. */
export const PER_PAGE = 100;
export const pageUrl = (page: number) => `${ORIGIN}/page-${page}`;
export const keyOf = (url: string) => url.replace("https://", "");

/** Pages are visited so many times, so that comments come between others as in life and not at the end of the file. */
const VISITS = 5;
/** Rows of one transaction. */
const BATCH = 2_000;
const BEGAN = Date.UTC(2020, 0, 1);

/** Makes the database with `more` comments beside the pages that all have, unless it is there. Returns how long it took, in ms. */
export async function fill(path: string, { more, large }: { more: number; large: boolean }): Promise<number> {
  if (existsSync(path)) return 0;
  const fresh = `${path}.filling`;
  for (const end of ["", "-wal", "-shm"]) rmSync(fresh + end, { force: true });
  const began = performance.now();
  const store = await openSqlite({ path: fresh });
  await fillStore(store, { more, large });
  await store.close();
  renameSync(fresh, path);
  return performance.now() - began;
}

/** The same comments into any store that is empty. */
export async function fillStore(store: Store, { more, large }: { more: number; large: boolean }): Promise<void> {
  await addSite(store);
  await load(store, commentsOf(PAGE_100, 100, 1));
  await load(store, commentsOf(PAGE_1000, 1_000, 2));
  await load(store, commentsOf(PAGE_1, 1, -1));
  await load(store, commentsOf(PAGE_200, 200, -2));
  if (large) await load(store, commentsOf(PAGE_50000, 50_000, -3));
  const pages = Array.from({ length: Math.ceil(more / PER_PAGE) }, (_, page) => commentsOf(pageUrl(page), PER_PAGE, page + 3));
  for (let visit = 0; visit < VISITS; visit++) await load(store, take(pages, PER_PAGE / VISITS));
  // The search index catches up before it is asked.
  await store.queue({ site: SITE, search: "youfigure", sort: "newest", limit: 1 });
}

/** Comments of 95 bytes each, a hundred on a page, by their names alone: what a file takes at least for each. */
export async function fillShort(store: Store, count: number): Promise<void> {
  await addSite(store);
  const random = randomFrom(5);
  const rows = Array.from({ length: count }, (_, n): NewRow => {
    const createdAt = BEGAN + n * 60_000;
    const url = pageUrl(Math.floor(n / PER_PAGE));
    const text = `${textOf(random)} ${textOf(random)} ${textOf(random)}`.replaceAll("\n", " ").padEnd(95, ".").slice(0, 95);
    return { ...rowOf({ id: idOf(createdAt, `short ${n}`), createdAt, url, parent: null, source: text, by: n }), email: "", website: "" };
  });
  await load(store, rows);
  await store.queue({ site: SITE, search: "youfigure", sort: "newest", limit: 1 });
}

/** Bytes of the file once nothing is left in the log beside it. */
export const sizeOf = (path: string): number => statSync(path).size;

/** The site that all rows are for, without limits on speed and without holding. */
export async function addSite(store: Store): Promise<void> {
  const settings = { ...v.parse(Settings, {}), minAge: 0, floor: 0, burst: 0, holdFirst: false, localhost: true };
  await store.addSite(
    { name: "Blog", origins: [ORIGIN], aliases: {}, settings, createdAt: BEGAN },
    { id: idMaker(Date.now)(), at: Date.now(), by: "bench", action: "site" },
  );
}

async function load(store: Store, rows: Iterable<NewRow>): Promise<void> {
  let batch: NewRow[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    await store.load(batch);
    batch = [];
  }
  if (batch.length > 0) await store.load(batch);
}

function* take(pages: Generator<NewRow>[], each: number): Generator<NewRow> {
  for (const page of pages) {
    for (let n = 0; n < each; n++) {
      const { value, done } = page.next();
      if (done) return;
      yield value;
    }
  }
}

/** The same for the same page: two comments in five begin a thread, the others answer one of the last five. */
function* commentsOf(url: string, count: number, seed: number): Generator<NewRow> {
  const random = randomFrom(seed);
  const recent: string[] = [];
  for (let n = 0; n < count; n++) {
    const createdAt = BEGAN + n * 600_000 + seed;
    const id = idOf(createdAt, `${url} ${n}`);
    const parent = n % 5 < 3 && recent.length > 0 ? recent[Math.floor(random() * recent.length)]! : null;
    recent.push(id);
    if (recent.length > 5) recent.shift();
    yield rowOf({ id, createdAt, url, parent, source: textOf(random), by: Math.floor(random() * 20_000) });
  }
}

function rowOf(given: { id: string; createdAt: number; url: string; parent: string | null; source: string; by: number }): NewRow {
  const { id, createdAt, url, parent, source, by } = given;
  return {
    site: SITE,
    pageKey: keyOf(url),
    pageTitle: "A post that people answer",
    id,
    parent,
    status: "approved",
    reason: null,
    name: `${NAMES[by % NAMES.length]} ${by}`,
    email: `reader${by}@mail.example`,
    website: by % 5 === 0 ? `https://reader${by}.example/` : "",
    role: null,
    source,
    format: "markdown",
    body: plainBody(source),
    renderVersion: 1,
    createdAt,
    ipHash: null,
  };
}

const NAMES = ["Ada", "Ben", "Chidi", "Dunya", "Elif", "Femi", "Goro", "Hana", "Ines", "Jonas"];
const WORDS =
  "the a of to and in that it is was for on with as this but they have from not or by one all were when there can more if out so about what up who would which their time way could than first been now people my made over did down only find use may water long little very after words called just where most know get through back much before go good new write our used me man too any day same right look think also around another came come work three word must because does part even place well such here take why things help put years different away again off went old number great tell men say small every found still between name should home big give air line set own under read last never us left end along while might next sound below saw something thought both few those always looked show large often together asked house world going want school important until form food keep children feet land side without boy once animals life enough took sometimes four head above kind began almost live page got earth need far hand high year mother light parts country father let night following picture being study second eyes soon times story boys since white days ever paper hard near sentence better best across during today others however sure means knew try told young miles sun ways thing whole hear example heard several change answer room sea against top turned learn point city play toward five using himself usually".split(
    " ",
  );

/** About 200 characters on average, as comments on real blogs have; every third has a second paragraph. */
export function textOf(random: () => number): string {
  const words = (count: number) => Array.from({ length: count }, () => WORDS[Math.floor(random() ** 2 * WORDS.length)]!).join(" ");
  const sentence = () => {
    const text = words(6 + Math.floor(random() * 10));
    return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
  };
  const paragraph = () => Array.from({ length: 1 + Math.floor(random() * 5) }, sentence).join(" ");
  return random() < 1 / 3 ? `${paragraph()}\n\n${paragraph()}` : paragraph();
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
