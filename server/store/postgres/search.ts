/**
 * Search by tsvector in a table of its own, written in the comment's own transaction: a comment that only counts another
 * reply is not indexed again. The words are cut by us (words.ts), not by a text search configuration.
 */
import { type Kysely, sql } from "kysely";
import type { Search, SearchQuery } from "../dialect.ts";
import { statusCode } from "../queries/codes.ts";
import type { CommentTable, DbId, Tables } from "../queries/tables.ts";
import { all, first, run, type Steps, template } from "../steps.ts";
import { toUuid } from "./ids.ts";
import { tsqueryOf, vectorOf } from "./words.ts";

export function vectorSearch(db: Kysely<Tables>): Search {
  const q = searchStatements(db);
  return {
    create: [
      sql`create table search (site_id integer not null, comment_id uuid not null, page_id integer not null,
        status integer not null, words tsvector not null, primary key (site_id, comment_id))`,
      sql`create index search_words on search using gin (words)`,
      sql`create index search_in_time on search (comment_id)`,
    ].map((statement) => statement.compile(db)),
    *add(row) {
      if (row.status !== REMOVED) yield* run(q.keep(entryOf(row)));
    },
    *mark(site, id) {
      const row = yield* first(q.words({ site, id }));
      yield* run(row && row.status !== REMOVED ? q.keep(entryOf({ ...row, site_id: site, id })) : q.forget({ site, id }));
    },
    // The index is never behind, and what is deleted is deleted there too.
    *outdate() {
      yield* [];
    },
    catchUp: () => never(),
    isBehind: () => never(),
    forget: () => never(),
    *removeSite(site) {
      yield* run(sql`delete from search where site_id = ${site}`.compile(db));
    },
    *find(query) {
      const words = tsqueryOf(query);
      return words === null ? [] : yield* find(db, words, query);
    },
  };
}

const REMOVED = statusCode("removed");

type Told = Pick<CommentTable, "site_id" | "id" | "page_id" | "status" | "source" | "name" | "email">;

const entryOf = ({ site_id, id, page_id, status, source, name, email }: Told) => ({
  site: site_id,
  id,
  page: page_id,
  status,
  words: vectorOf(site_id, [source, name, email]),
});

function* never(): Steps<false> {
  yield* [];
  return false;
}

/** Its shape depends on what is asked, so that each shape has the plan that fits it. */
function* find(db: Kysely<Tables>, words: string, query: SearchQuery): Steps<{ site: number; id: string }[]> {
  const { status, site, page, after, sort, limit } = query;
  const statuses = status === undefined ? [statusCode("held"), statusCode("approved")] : [statusCode(status)];
  const conditions = [sql`words @@ ${words}::tsquery`, sql`status in (${sql.join(statuses)})`];
  if (site !== undefined) conditions.push(sql`site_id = ${site}`);
  if (page !== undefined) conditions.push(sql`page_id = ${page}`);
  const past = sort === "oldest" ? sql`>` : sql`<`;
  if (after !== undefined) conditions.push(sql`comment_id ${past} ${toUuid(after)}`);
  const direction = sort === "oldest" ? sql`asc` : sql`desc`;
  const rows: Found[] = yield* all(
    sql<Found>`select site_id, comment_id from search where ${sql.join(conditions, sql` and `)}
      order by comment_id ${direction} limit ${limit}`.compile(db),
  );
  return rows.map((row) => ({ site: row.site_id, id: row.comment_id }));
}

interface Found {
  site_id: number;
  comment_id: string;
}
interface At {
  site: number;
  id: DbId;
}

const searchStatements = (db: Kysely<Tables>) => ({
  words: template(db, (db, v: At) =>
    db.selectFrom("comments").select(["page_id", "status", "source", "name", "email"]).where("site_id", "=", v.site).where("id", "=", v.id),
  ),
  keep: template(
    db,
    (_, v: At & { page: number; status: number; words: string }) =>
      sql<never>`insert into search (site_id, comment_id, page_id, status, words) values (${v.site}, ${v.id}, ${v.page}, ${v.status}, ${v.words}::tsvector)
        on conflict (site_id, comment_id) do update set status = excluded.status, words = excluded.words`,
  ),
  forget: template(db, (_, v: At) => sql<never>`delete from search where site_id = ${v.site} and comment_id = ${v.id}`),
});
