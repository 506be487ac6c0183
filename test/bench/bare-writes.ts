/** What the store's writes are measured beside: better-sqlite3 alone, one durable transaction after the other. */
import { copyFileSync, rmSync } from "node:fs";
import Database from "better-sqlite3";
import { digestOf } from "../../server/store/queries/writers.ts";
import { type Pace, paceOf } from "./pace.ts";

export const ENDS = ["", "-wal", "-shm"] as const;

/** A comment's row as it is stored, its claims, and which comment of which site and page it is. */
export interface Kept {
  comment: unknown[];
  claims: unknown[][];
  site: number;
  page: number;
  id: Buffer;
  writer: Buffer;
}

/** Durable as the store is; all else as better-sqlite3 opens it, but that no foreign key is looked at. */
function open(path: string): Database.Database {
  const db = new Database(path);
  db.pragma("journal_mode = wal");
  db.pragma("synchronous = full");
  db.pragma("foreign_keys = off");
  return db;
}

const insertInto = (db: Database.Database, table: string) => {
  const columns = db.pragma(`table_info(${table})`) as unknown[];
  return db.prepare(`insert into ${table} values (${columns.map(() => "?").join(", ")})`);
};

/** Reads what the store has put on disk since it was last asked, in the order of writing. */
export function watchKept(path: string): { since(): Kept[]; pages(): unknown[][]; close(): void } {
  const db = new Database(path, { readonly: true });
  const names = (db.pragma("table_info(comments)") as { name: string }[]).map(({ name }) => name);
  const [site, page, id] = ["site_id", "page_id", "id"].map((name) => names.indexOf(name)) as [number, number, number];
  const [email, name] = [names.indexOf("email"), names.indexOf("name")];
  const comments = db.prepare("select * from comments where id > ? order by id").raw();
  const claims = db.prepare("select comment_id, * from claims where comment_id > ?").raw();
  let last = db.prepare("select max(id) from comments").pluck().get() as Buffer;
  return {
    since() {
      const taken = new Map<string, unknown[][]>();
      for (const [comment, ...claim] of claims.all(last) as [Buffer, ...unknown[]][]) {
        const key = comment.toString("hex");
        taken.set(key, [...(taken.get(key) ?? []), claim]);
      }
      const kept = (comments.all(last) as unknown[][]).map((comment) => ({
        comment,
        claims: taken.get((comment[id] as Buffer).toString("hex")) ?? [],
        site: comment[site] as number,
        page: comment[page] as number,
        id: comment[id] as Buffer,
        writer: Buffer.from(digestOf(comment[email] as string, comment[name] as string), "hex"),
      }));
      last = kept.at(-1)?.id ?? last;
      return kept;
    },
    pages: () => db.prepare("select * from pages").raw().all() as unknown[][],
    close: () => void db.close(),
  };
}

export interface Mirror {
  /** Timed: each by itself, all that it puts on disk in one transaction. */
  oneByOne(kept: readonly Kept[]): Pace;
  /** Not timed: all at once, so that this file grows as the store's does. */
  together(kept: readonly Kept[]): void;
  /** Pages that came meanwhile. */
  know(pages: readonly unknown[][]): void;
  close(): void;
}

/** A copy of the store's own file, schema and indexes, written by a handful of prepared statements. */
export function mirrorOf(from: string): Mirror {
  const path = `${from}.alone`;
  copyFileSync(from, path);
  const db = open(path);
  const begin = db.prepare("begin immediate");
  const commit = db.prepare("commit");
  const comment = insertInto(db, "comments");
  const claim = insertInto(db, "claims");
  const page = db.prepare("update pages set version = version + 1, approved = approved + 1 where site_id = ? and id = ?");
  const site = db.prepare("update site_counts set approved = approved + 1 where site_id = ?");
  const writer = db.prepare(
    "insert into writers (site_id, digest, approved) values (?, ?, 1) on conflict do update set approved = approved + 1",
  );
  const mark = db.prepare("insert into search_marks (site_id, id) values (?, ?)");
  const write = (kept: Kept) => {
    comment.run(kept.comment);
    page.run(kept.site, kept.page);
    site.run(kept.site);
    writer.run(kept.site, kept.writer);
    mark.run(kept.site, kept.id);
    for (const each of kept.claims) claim.run(each);
  };
  return {
    oneByOne: (rows) =>
      paceOf(rows.length, () => {
        for (const kept of rows) {
          begin.run();
          write(kept);
          commit.run();
        }
      }),
    together: (rows) => db.transaction(() => rows.forEach(write))(),
    know(pages) {
      const add = db.prepare(`insert or ignore into pages values (${pages[0]!.map(() => "?").join(", ")})`);
      db.transaction(() => pages.forEach((row) => add.run(row)))();
      // The store's index has looked at these.
      db.exec("delete from search_marks");
    },
    close() {
      db.close();
      for (const end of ENDS) rmSync(path + end, { force: true });
    },
  };
}

/** No more than the comments' own rows, into a new file's one table that has no further index. */
export function insertRowsAlone(from: string, kept: readonly Kept[]): Pace {
  const path = `${from}.row`;
  const source = new Database(from, { readonly: true });
  const schema = source.prepare("select sql from sqlite_schema where name = 'comments'").pluck().get() as string;
  source.close();
  const db = open(path);
  try {
    db.exec(schema);
    const insert = insertInto(db, "comments");
    return paceOf(kept.length, () => {
      for (const { comment } of kept) insert.run(comment);
    });
  } finally {
    db.close();
    for (const end of ENDS) rmSync(path + end, { force: true });
  }
}
