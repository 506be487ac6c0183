import { sql } from "kysely";
import type { Dialect } from "../dialect.ts";
import { CROWD } from "../queries/crowds.ts";
import { digestOf } from "../queries/writers.ts";
import { all, once, run, type Steps } from "../steps.ts";

/** Writers counted at a time. */
const AT_ONCE = 500;

/**
 * Who has approved comments was asked of an index of all comments; now each writer has one row. The indexes of threads,
 * replies and changes held every comment of every page; now only those of pages too long to be walked.
 */
export function* countWriters(dialect: Dialect): Steps<void> {
  yield* run(
    once(
      dialect.keyed(
        dialect.db.schema
          .createTable("writers")
          .addColumn("site_id", "integer", (c) => c.notNull())
          .addColumn("digest", dialect.id.column, (c) => c.notNull())
          .addColumn("approved", "integer", (c) => c.notNull())
          .addPrimaryKeyConstraint("writers_key", ["site_id", "digest"]),
      ),
    ),
  );
  yield* countApproved(dialect);
  for (const index of ["by_author", "threads", "replies", "by_version"]) yield* run(once(dialect.db.schema.dropIndex(`comments_${index}`)));
  yield* run(once(dialect.db.schema.alterTable("comments").dropColumn("author")));
  yield* markCrowds(dialect);
  yield* indexCrowds(dialect);
}

interface Writer {
  site_id: number;
  author: string;
  approved: number;
  email: string;
  name: string;
}

function* countApproved({ db, id }: Dialect): Steps<void> {
  let last = { site_id: 0, author: "" };
  for (;;) {
    // All of one author are alike but for their case.
    const writers: Writer[] = yield* all(
      sql<Writer>`select site_id, author, count(*) as approved, min(email) as email, min(name) as name from comments
        where status = 1 and author is not null and (site_id, author) > (${last.site_id}, ${last.author})
        group by site_id, author order by site_id, author limit ${AT_ONCE}`.compile(db),
    );
    for (const { site_id, email, name, approved } of writers) {
      if (email === "") continue;
      yield* run(once(db.insertInto("writers").values({ site_id, digest: id.toDb(digestOf(email, name)), approved: Number(approved) })));
    }
    if (writers.length < AT_ONCE) return;
    last = writers.at(-1)!;
  }
}

function* markCrowds({ db }: Dialect): Steps<void> {
  for (const table of ["pages", "comments"] as const) {
    yield* run(once(db.schema.alterTable(table).addColumn("crowded", "integer", (c) => c.notNull().defaultTo(0))));
  }
  yield* run(sql`update pages set crowded = 1 where held + approved + spam + trash > ${sql.lit(CROWD)}`.compile(db));
  yield* run(
    sql`update comments set crowded = 1 where (site_id, page_id) in (select site_id, id from pages where crowded = 1)`.compile(db),
  );
}

function* indexCrowds({ db: { schema } }: Dialect): Steps<void> {
  yield* run(
    once(
      schema
        .createIndex("comments_threads")
        .on("comments")
        // By an expression, for SQLite would choose the primary key, along which all the replies stand in between.
        .expression(sql`site_id, (page_id + 0), id`)
        .where(sql<boolean>`crowded = 1 and shown = 1 and parent_id is null`),
    ),
  );
  yield* run(
    once(
      schema
        .createIndex("comments_replies")
        .on("comments")
        .columns(["site_id", "root_id", "id"])
        .where(sql<boolean>`crowded = 1 and shown = 1 and root_id is not null`),
    ),
  );
  yield* run(
    once(
      schema
        .createIndex("comments_by_version")
        .on("comments")
        .columns(["site_id", "page_id", "version"])
        .where(sql<boolean>`crowded = 1 and shown = 1`),
    ),
  );
}
