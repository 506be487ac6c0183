/**
 * Full-text search by FTS5. The index holds no text of its own (contentless), and its rowids sort by time, so that
 * matches come in order without being sorted. Status, site and page are words of the index too: filtering costs no
 * look at each match.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";
import type { Search, SearchQuery, Words } from "../dialect.ts";
import type { Tables } from "../queries/tables.ts";
import { all, run, type Statement, type Steps } from "../steps.ts";
import { toBytes, toText } from "./ids.ts";

/** Bits below the time within a rowid: 12 of the id's own counter, 3 for ids that share these. */
const LOW_BITS = 15n;
/** Ids of one millisecond take the places up to the next; beyond these it would be another's. */
const PLACES = 1n << LOW_BITS;

export function ftsSearch(db: Kysely<Tables>): Search {
  const statement = <Row>(query: ReturnType<typeof sql<Row>>): Statement<Row> => query.compile(db);
  const place = (site: number, id: string) =>
    sql<{ place: number }>`select doc - ${rowidOf(id)} as place from search_rows
      where doc >= ${rowidOf(id)} and doc < ${rowidOf(id) + PLACES} and site_id = ${site} and id = ${toBytes(id)} limit 1`;
  const placeOf = function* (site: number, id: string): Steps<bigint | null> {
    const [found] = yield* all(statement(place(site, id)));
    return found ? BigInt(found.place) : null;
  };
  const removeRow = function* (doc: bigint): Steps<void> {
    yield* run(statement(sql`delete from search where rowid = ${doc}`));
  };
  return {
    create: [
      statement(sql`create table search_rows (doc integer primary key, site_id integer not null, id blob not null)`),
      statement(
        sql`create virtual table search using fts5(source, name, email, facet, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2')`,
      ),
    ],
    *put(words) {
      const base = rowidOf(words.id);
      const known = yield* placeOf(words.site, words.id);
      if (known === null) yield* run(statement(takePlace(words, base)));
      else yield* removeRow(base + known);
      const doc = base + (known ?? (yield* placeOf(words.site, words.id))!);
      yield* run(
        statement(sql`insert into search (rowid, source, name, email, facet)
          values (${doc}, ${words.source}, ${words.name}, ${words.email}, ${facetsOf(words).join(" ")})`),
      );
    },
    *remove(site, id) {
      const known = yield* placeOf(site, id);
      if (known === null) return;
      yield* removeRow(rowidOf(id) + known);
      yield* run(statement(sql`delete from search_rows where doc = ${rowidOf(id) + known}`));
    },
    *removeSite(site) {
      yield* run(statement(sql`delete from search where rowid in (select doc from search_rows where site_id = ${site})`));
      yield* run(statement(sql`delete from search_rows where site_id = ${site}`));
    },
    *find(query) {
      const match = matchOf(query);
      if (match === null) return [];
      const rows = yield* all(statement(findRows(query, match)));
      return rows.map((row) => ({ site: row.site_id, id: toText(row.id) }));
    },
  };
}

/** The time and counter of a UUIDv7 in the order of the ids themselves. */
function rowidOf(id: string): bigint {
  const time = BigInt(`0x${id.slice(0, 8)}${id.slice(9, 13)}`) & ((1n << 48n) - 1n);
  return (time << LOW_BITS) | (BigInt(`0x${id.slice(15, 18)}`) << 3n);
}

/** The first free place from there on. */
const takePlace = ({ site, id }: Words, base: bigint) =>
  sql`insert into search_rows (doc, site_id, id)
    select doc, ${site}, ${toBytes(id)} from (
      select ${base} as doc where not exists (select 1 from search_rows where doc = ${base})
      union all
      select doc + 1 from search_rows taken where doc >= ${base} and not exists (select 1 from search_rows where doc = taken.doc + 1)
    ) limit 1`;

const facetsOf = ({ site, page, status }: Pick<Words, "site" | "page" | "status">) => [
  `site${site}`,
  `page${site}x${page}`,
  `is${status}`,
  ...(status === "held" || status === "approved" ? ["isopen"] : []),
];

/** An FTS5 query in which no character of the reader's is syntax; null where nothing is left to look for. */
function matchOf({ text, status, site, page }: SearchQuery): string | null {
  const words = text
    .split(/\s+/)
    .map((word) => word.replace(/["\0]/g, ""))
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  if (words.length === 0) return null;
  const facets = [status === undefined ? "isopen" : `is${status}`];
  if (site !== undefined) facets.push(page === undefined ? `site${site}` : `page${site}x${page}`);
  return `{source name email} : (${words.map((word) => `"${word}"`).join(" AND ")}*) AND facet : (${facets.join(" AND ")})`;
}

type Found = { site_id: number; id: ReturnType<typeof toBytes> };

function findRows({ sort, after, limit }: SearchQuery, match: string) {
  const from = after === undefined ? null : rowidOf(after);
  if (sort === "oldest") {
    return sql<Found>`select r.site_id, r.id from search join search_rows r on r.doc = search.rowid
      where search match ${match} and search.rowid > ${from === null ? 0n : from} order by search.rowid limit ${limit}`;
  }
  return sql<Found>`select r.site_id, r.id from search join search_rows r on r.doc = search.rowid
    where search match ${match} and search.rowid < ${from === null ? (1n << 63n) - 1n : from} order by search.rowid desc limit ${limit}`;
}
