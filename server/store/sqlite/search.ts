/**
 * Full-text search by FTS5. The index holds no text of its own (contentless), and its rowids sort by time, so that
 * matches come in order without being sorted. Status, site and page are words of the index too: filtering costs no
 * look at each match. A write only notes the comment in its transaction; the index catches up some hundred at once,
 * before a search at the latest, since FTS5 writes a segment of its own for each savepoint.
 */
import { type Kysely, sql } from "kysely";
import type { Search, SearchQuery } from "../dialect.ts";
import { statusName } from "../queries/codes.ts";
import type { DbId, Tables } from "../queries/tables.ts";
import { all, first, run, type Steps, template } from "../steps.ts";
import { toBytes, toText } from "./ids.ts";
import { matchOf } from "./match.ts";

/** Bits below the time within a rowid: 12 of the id's own counter, 3 for ids that share these. */
const LOW_BITS = 15n;
/** Ids of one millisecond take the places up to the next; beyond these it would be another's. */
const PLACES = 1 << 15;
const LAST = (1n << 63n) - 1n;
/** Pages merged in one transaction: about 20 ms. */
const MERGED = 64;
/** Set when something was deleted: the words of it stay in the index until all of it was merged. */
const TRACES = "search_traces";
/** Comments indexed in one transaction: about 20 ms. */
const AT_ONCE = 500;

export function ftsSearch(db: Kysely<Tables>): Search {
  const q = searchStatements(db);
  return {
    create: [
      sql`create table search_rows (doc integer primary key, site_id integer not null, id blob not null)`,
      sql`create table search_marks (site_id integer not null, id blob not null, primary key (site_id, id)) without rowid`,
      sql`create virtual table search using fts5(source, name, email, facet, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2')`,
    ].map((statement) => statement.compile(db)),
    *add({ site_id: site, id }) {
      yield* run(q.mark({ site, id }));
    },
    *mark(site, id) {
      yield* run(q.mark({ site, id }));
    },
    *outdate() {
      yield* run(q.keepTraces({ state: "new" }));
    },
    *catchUp() {
      const marks = yield* all(q.marks({}));
      for (const mark of marks) yield* index(q, { site: mark.site_id, id: mark.id });
      return marks.length === AT_ONCE;
    },
    *isBehind() {
      return (yield* first(q.anyMark({}))) !== undefined;
    },
    *removeSite(site) {
      yield* run(sql`delete from search where rowid in (select doc from search_rows where site_id = ${site})`.compile(db));
      yield* run(sql`delete from search_rows where site_id = ${site}`.compile(db));
      yield* run(sql`delete from search_marks where site_id = ${site}`.compile(db));
      yield* run(q.keepTraces({ state: "new" }));
    },
    *forget() {
      const traces = (yield* first(q.traces({})))?.value;
      if (traces === undefined) return false;
      // https://www.sqlite.org/fts5.html 6.9: a negative number begins, and fewer than two changes mean that it is done.
      const before = (yield* first(q.changes({})))!.n;
      yield* run(q.merge({ pages: traces === "new" ? -MERGED : MERGED }));
      const isDone = traces !== "new" && (yield* first(q.changes({})))!.n - before < 2;
      yield* run(isDone ? q.dropTraces({}) : q.keepTraces({ state: "begun" }));
      return !isDone;
    },
    *find(query) {
      const match = matchOf(query);
      if (match === null) return [];
      const from = yield* startOf(q, query);
      const rows = yield* all(q[query.sort]({ match, from, limit: query.limit }));
      return rows.map((row) => ({ site: row.site_id, id: toText(row.id) }));
    },
  };
}

/** Puts a comment into the index as it is now, or takes it out when it is gone or blanked. */
function* index(q: Statements, { site, id }: { site: number; id: DbId }): Steps<void> {
  const base = rowidOf(toText(id));
  const found = yield* first(q.place({ base, site, id }));
  const known = found && base + BigInt(found.place);
  const row = yield* first(q.words({ site, id }));
  const name = row && statusName(row.status);
  if (known !== undefined) yield* run(q.remove({ doc: known }));
  if (row && name && name !== "removed") {
    const doc = known ?? (yield* takePlace(q, base, { site, id }));
    const facet = `site${site} page${site}x${row.page_id} is${name}${name === "held" || name === "approved" ? " isopen" : ""}`;
    yield* run(q.add({ doc, source: row.source, name: row.name, email: row.email, facet }));
  } else if (known !== undefined) {
    yield* run(q.leavePlace({ doc: known }));
    yield* run(q.keepTraces({ state: "new" }));
  }
  yield* run(q.unmark({ site, id }));
}

/** The first free one from `base` on. */
function* takePlace(q: Statements, base: bigint, owner: { site: number; id: DbId }): Steps<bigint> {
  for (let from = base; ;) {
    const taken = yield* all(q.placesFrom({ from }));
    const free = taken.findIndex(({ place }, i) => place !== i);
    if (free < 0 && taken.length === 16) {
      from += 16n;
      continue;
    }
    const doc = from + BigInt(free < 0 ? taken.length : free);
    yield* run(q.takePlace({ doc, ...owner }));
    return doc;
  }
}

type Statements = ReturnType<typeof searchStatements>;
interface Place {
  base: bigint;
  site: number;
  id: DbId;
}
interface Document {
  doc: bigint;
  source: string;
  name: string;
  email: string;
  facet: string;
}
interface Find {
  match: string;
  from: bigint;
  limit: number;
}
interface Found {
  site_id: number;
  id: DbId;
}

// Rowids do not fit into a JavaScript number: what is answered is their distance from where the search for a place begins.
const searchStatements = (db: Kysely<Tables>) => ({
  place: template(
    db,
    (_, v: Place) => sql<{ place: number }>`select doc - ${v.base} as place from search_rows
      where doc >= ${v.base} and doc < ${v.base} + ${sql.lit(PLACES)} and site_id = ${v.site} and id = ${v.id} limit 1`,
  ),
  edges: template(
    db,
    (_, v: Omit<Place, "site">) => sql<{
      low: number | null;
      high: number | null;
    }>`select min(doc) - ${v.base} as low, max(doc) - ${v.base} as high
      from search_rows where doc >= ${v.base} and doc < ${v.base} + ${sql.lit(PLACES)} and id = ${v.id}`,
  ),
  placesFrom: template(
    db,
    (_, v: { from: bigint }) =>
      sql<{ place: number }>`select doc - ${v.from} as place from search_rows where doc >= ${v.from} order by doc limit 16`,
  ),
  takePlace: template(
    db,
    (_, v: { doc: bigint; site: number; id: DbId }) =>
      sql<never>`insert into search_rows (doc, site_id, id) values (${v.doc}, ${v.site}, ${v.id})`,
  ),
  mark: template(
    db,
    (_, v: { site: number; id: DbId }) =>
      sql<never>`insert into search_marks (site_id, id) values (${v.site}, ${v.id}) on conflict do nothing`,
  ),
  unmark: template(
    db,
    (_, v: { site: number; id: DbId }) => sql<never>`delete from search_marks where site_id = ${v.site} and id = ${v.id}`,
  ),
  marks: template(db, () => sql<Found>`select site_id, id from search_marks limit ${sql.lit(AT_ONCE)}`),
  anyMark: template(db, () => sql<Found>`select site_id, id from search_marks limit 1`),
  words: template(db, (db, v: { site: number; id: DbId }) =>
    db.selectFrom("comments").select(["page_id", "status", "source", "name", "email"]).where("site_id", "=", v.site).where("id", "=", v.id),
  ),
  leavePlace: template(db, (_, v: { doc: bigint }) => sql<never>`delete from search_rows where doc = ${v.doc}`),
  add: template(
    db,
    (_, v: Document) => sql<never>`insert into search (rowid, source, name, email, facet)
      values (${v.doc}, ${v.source}, ${v.name}, ${v.email}, ${v.facet})`,
  ),
  remove: template(db, (_, v: { doc: bigint }) => sql<never>`delete from search where rowid = ${v.doc}`),
  merge: template(db, (_, v: { pages: number }) => sql<never>`insert into search (search, rank) values ('merge', ${v.pages})`),
  changes: template(db, () => sql<{ n: number }>`select total_changes() as n`),
  traces: template(db, () => sql<{ value: string }>`select value from kept_values where name = ${sql.lit(TRACES)}`),
  keepTraces: template(
    db,
    (_, v: { state: "new" | "begun" }) =>
      sql<never>`insert into kept_values (name, value) values (${sql.lit(TRACES)}, ${v.state}) on conflict (name) do update set value = excluded.value`,
  ),
  dropTraces: template(db, () => sql<never>`delete from kept_values where name = ${sql.lit(TRACES)}`),
  oldest: template(
    db,
    (_, v: Find) => sql<Found>`select r.site_id, r.id from search join search_rows r on r.doc = search.rowid
      where search match ${v.match} and search.rowid > ${v.from} order by search.rowid limit ${v.limit}`,
  ),
  newest: template(
    db,
    (_, v: Find) => sql<Found>`select r.site_id, r.id from search join search_rows r on r.doc = search.rowid
      where search match ${v.match} and search.rowid < ${v.from} order by search.rowid desc limit ${v.limit}`,
  ),
});

/** The time and counter of a UUIDv7, in the order of the ids themselves. */
function rowidOf(id: string): bigint {
  return (BigInt(`0x${id.slice(0, 8)}${id.slice(9, 13)}`) << LOW_BITS) | (BigInt(`0x${id.slice(15, 18)}`) << 3n);
}

/** The rowid after or before which to go on; several sites may have a comment of that id. */
function* startOf(q: Statements, { after, sort }: SearchQuery): Steps<bigint> {
  if (after === undefined) return sort === "oldest" ? -1n : LAST;
  const base = rowidOf(after);
  const edges = yield* first(q.edges({ base, id: toBytes(after) }));
  return base + BigInt((sort === "oldest" ? edges?.high : edges?.low) ?? 0);
}
