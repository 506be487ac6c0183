import Database from "better-sqlite3";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import type { CommentRow, Page } from "../../server/store/records.ts";
import type { Store } from "../../server/store/store.ts";
import { COMMON_WORD, numberIn } from "./blog.ts";

export interface Recount {
  /** How often each number was found. */
  times: Map<number, number>;
  ids: Set<string>;
  /** Whatever does not agree with a recount, in words; empty is well. */
  wrong: string[];
}

/** Looks at a database that no server has open: its own check, and every counter and the search against the rows. */
export async function recount(database: string, site: number): Promise<Recount> {
  const damage = checkFile(database);
  const store = await openSqlite({ path: database });
  try {
    const { wrong, ...found } = await recountStore(store, site);
    return { ...found, wrong: [...damage, ...wrong] };
  } finally {
    await store.close();
  }
}

/** The same of a store, whatever keeps it. */
export async function recountStore(store: Store, site: number): Promise<Recount> {
  const rows: CommentRow[] = [];
  const pages = new Map<number, Page>();
  for await (const { row, page } of store.exportRows(site)) {
    rows.push(row);
    pages.set(page.id, page);
  }
  const wrong = [...wrongCounters(rows, pages), ...wrongReplies(rows)];
  const { approved } = await store.queueCounts(site);
  if (approved !== rows.length) wrong.push(`the site counts ${approved} of ${rows.length}`);
  const found = await searchAll(store, site);
  if (found.length !== rows.length || new Set(found).size !== rows.length) wrong.push(`the search finds ${found.length} of ${rows.length}`);
  const times = new Map<number, number>();
  for (const { source } of rows) times.set(numberIn(source), (times.get(numberIn(source)) ?? 0) + 1);
  return { times, ids: new Set(rows.map(({ id }) => id)), wrong };
}

/** SQLite's own check, of the index of the search too. */
function checkFile(database: string): string[] {
  const db = new Database(database);
  try {
    const said = db.pragma("integrity_check", { simple: true });
    db.exec("insert into search(search) values ('integrity-check')");
    return said === "ok" ? [] : [`integrity_check says ${String(said)}`];
  } finally {
    db.close();
  }
}

function wrongCounters(rows: readonly CommentRow[], pages: ReadonlyMap<number, Page>): string[] {
  return [...pages.values()].flatMap(({ id, counts, version }) => {
    const own = rows.filter(({ page }) => page === id);
    const highest = Math.max(...own.map((row) => row.version));
    return [
      ...(counts.approved === own.length ? [] : [`page ${id} counts ${counts.approved} of ${own.length}`]),
      ...(version >= highest ? [] : [`page ${id} has version ${version}, a comment ${highest}`]),
    ];
  });
}

function wrongReplies(rows: readonly CommentRow[]): string[] {
  const ids = new Set(rows.map(({ id }) => id));
  const below = new Map<string, number>();
  for (const { id, root } of rows) if (root !== id) below.set(root, (below.get(root) ?? 0) + 1);
  return rows.flatMap((row) => {
    const expected = row.root === row.id ? (below.get(row.id) ?? 0) : 0;
    return [
      ...(row.replies === expected ? [] : [`${row.id} counts ${row.replies} replies of ${expected}`]),
      ...(row.parent === null || ids.has(row.parent) ? [] : [`${row.id} answers what is not there`]),
    ];
  });
}

async function searchAll(store: Store, site: number): Promise<string[]> {
  const found: string[] = [];
  for (let after: string | undefined; ;) {
    const { rows, next } = await store.queue({ site, search: COMMON_WORD, sort: "newest", limit: 200, after });
    found.push(...rows.map(({ row }) => row.id));
    if (next === null) return found;
    after = next;
  }
}
