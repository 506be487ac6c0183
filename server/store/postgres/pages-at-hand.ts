/**
 * The pages that the deeds of one transaction change: read once, written once at its end, and their sites' counters
 * with them. A deed sees what those before it did; a statement that would miss it is preceded by the writing.
 */
import { sql } from "kysely";
import type { Context } from "../queries/context.ts";
import type { PageTable, Tally } from "../queries/tables.ts";
import { all, type Result, run, type Statement, type Steps, template } from "../steps.ts";

export interface PagesAtHand {
  /** Reads some ahead, by their keys. */
  read(site: number, keys: readonly string[]): Steps<void>;
  /** The deed, answered from here where that can be. */
  through<T>(deed: Steps<T>): Steps<T>;
  /** Writes what has changed and not been written. */
  write(): Steps<void>;
}

type Row = PageTable;
type Answer = (values: never) => Result | null;

const COUNTED = ["held", "approved", "spam", "trash"] as const;
const NOTHING: Result = { rows: [], changes: 1 };

export type PageWriting = ReturnType<typeof pageWriting>;

/** Statements for many pages of one site. */
export const pageWriting = ({ db }: Context["dialect"]) => ({
  pagesByKey: template(
    db,
    (_, v: { site: number; keys: readonly string[] }) =>
      sql<Row>`select * from pages where site_id = ${v.site} and key = any(${v.keys}::text[])`,
  ),
  savePages: template(
    db,
    (_, v: Record<keyof Omit<Row, "key" | "site_id">, unknown[]> & { site: number }) => sql<never>`
      update pages set title = v.title, title_fixed = v.title_fixed, open = v.open, version = v.version, crowded = v.crowded,
        held = v.held, approved = v.approved, spam = v.spam, trash = v.trash
      from unnest(${v.id}::integer[], ${v.title}::text[], ${v.title_fixed}::integer[], ${v.open}::integer[], ${v.version}::integer[], ${v.crowded}::integer[],
        ${v.held}::integer[], ${v.approved}::integer[], ${v.spam}::integer[], ${v.trash}::integer[])
        as v(id, title, title_fixed, open, version, crowded, held, approved, spam, trash)
      where pages.site_id = ${v.site} and pages.id = v.id`,
  ),
});

export function pagesAtHand({ q }: Context, writing: PageWriting): PagesAtHand {
  const known = knownPages();
  const changed = changedPages();
  const answers = answersTo(q, known, changed);
  const asksForPages = new Set([sqlOf(q.pageByKey), sqlOf(q.pageById)]);
  function* write(): Steps<void> {
    const { pages, tallies } = changed.take();
    for (const [site, rows] of pages) yield* run(writing.savePages(columnsOf(site, rows)));
    for (const [site, tally] of tallies) yield* run(q.countSite({ site, ...tally }));
  }
  function* ask(statement: Statement<unknown>): Steps<Result> {
    const answer = answers.get(statement.sql)?.(statement.values as never);
    if (answer) return answer;
    const asked = asksForPages.has(statement.sql);
    if (!asked && MISSES.test(statement.sql)) yield* write();
    const result: Result = yield statement;
    if (asked) (result.rows as Row[]).forEach(known.keep);
    return result;
  }
  return {
    *read(site, keys) {
      for (const row of yield* all(writing.pagesByKey({ site, keys: [...new Set(keys)] }))) known.keep(row);
    },
    *through(deed) {
      let step = deed.next();
      while (!step.done) step = deed.next(yield* ask(step.value));
      return step.value;
    },
    write,
  };
}

function knownPages() {
  const byKey = new Map<string, Row>();
  const byId = new Map<string, Row>();
  return {
    keep(row: Row) {
      byKey.set(`${row.site_id} ${row.key}`, row);
      byId.set(`${row.site_id} ${row.id}`, row);
    },
    byKey: (site: number, key: string) => byKey.get(`${site} ${key}`),
    byId: (site: number, id: number) => byId.get(`${site} ${id}`),
  };
}

/** What is to be written, by site. */
function changedPages() {
  let pages = new Map<number, Set<Row>>();
  let tallies = new Map<number, Tally>();
  return {
    page: (row: Row) => void pages.set(row.site_id, (pages.get(row.site_id) ?? new Set()).add(row)),
    count(site: number, more: Tally) {
      const sum = tallies.get(site) ?? { held: 0, approved: 0, spam: 0, trash: 0 };
      for (const name of COUNTED) sum[name] += more[name];
      tallies.set(site, sum);
    },
    /** All of it, once. */
    take() {
      const taken = { pages, tallies };
      pages = new Map();
      tallies = new Map();
      return taken;
    },
  };
}

type SavedPage = Partial<Row> & { site: number; id: number; titleFixed: number };

function answersTo(q: Context["q"], known: ReturnType<typeof knownPages>, changed: ReturnType<typeof changedPages>) {
  const found = (row: Row | undefined): Result | null => (row ? { rows: [row], changes: 0 } : null);
  return new Map<string, Answer>([
    [sqlOf(q.pageByKey), ({ site, key }: { site: number; key: string }) => found(known.byKey(site, key))],
    [sqlOf(q.pageById), ({ site, id }: { site: number; id: number }) => found(known.byId(site, id))],
    [
      sqlOf(q.savePage),
      ({ site, id, titleFixed, ...more }: SavedPage) => {
        const row = known.byId(site, id);
        if (!row) return null;
        changed.page(Object.assign(row, more, { title_fixed: titleFixed }));
        return NOTHING;
      },
    ],
    [
      sqlOf(q.countSite),
      ({ site, ...more }: Tally & { site: number }) => {
        changed.count(site, more);
        return NOTHING;
      },
    ],
  ]);
}

/** What reads or writes the tables of which the truth may still be here; a new page's number is in the database at once. */
const MISSES = /\b(?:pages|site_counts)\b/;

const sqlOf = (statement: (values: never) => Statement<unknown>): string => statement({} as never).sql;

function columnsOf(site: number, pages: ReadonlySet<Row>) {
  const rows = [...pages];
  const column = <Name extends keyof Row>(name: Name) => rows.map((row) => row[name]);
  const [id, title, title_fixed, open, version] = [column("id"), column("title"), column("title_fixed"), column("open"), column("version")];
  return {
    site,
    id,
    title,
    title_fixed,
    open,
    version,
    crowded: column("crowded"),
    held: column("held"),
    approved: column("approved"),
    spam: column("spam"),
    trash: column("trash"),
  };
}
