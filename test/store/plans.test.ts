import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSqlite, sqliteDialect } from "../../server/store/sqlite/index.ts";
import { statementsFor } from "../../server/store/queries/context.ts";
import type { Statement } from "../../server/store/steps.ts";
import type { Store } from "../../server/store/store.ts";
import { type Filling, fill } from "./fill.ts";
import { newId, newLog, newSite } from "./rows.ts";

/** A page of so many comments must cost a reader what one of 200 costs. */
const MANY = 10_000;
const SHAPES: Record<string, Pick<Filling, "below">> = {
  "threads side by side": { below: () => null },
  "one thread": { below: (i) => (i === 0 ? null : 0) },
  "one chain, each answering the last": { below: (i) => (i === 0 ? null : i - 1) },
};

let folder: string;
let path: string;
let store: Store;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "youfigure-plans-"));
  path = join(folder, "comments.db");
  store = await openSqlite({ path });
  for (const [i, shape] of Object.values(SHAPES).entries()) {
    await store.addSite(newSite(`Site ${i}`, `https://site${i}.example`), newLog("site"));
    await fill(store, { site: i + 1, comments: MANY, perPage: MANY, status: () => "approved", ...shape });
  }
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

describe("every query that readers and moderators wait for", () => {
  it("walks an index, scanning and sorting nothing", async () => {
    const db = new Database(path, { readonly: true });
    const q = statementsFor(sqliteDialect());
    const id = sqliteDialect().id.toDb(newId());
    const at = { site: 1, id };
    const statements: Record<string, [Statement<unknown>, RegExp]> = {
      pageByKey: [q.pageByKey({ site: 1, key: "a" }), /INDEX pages_by_key/],
      comment: [q.comment(at), /INDEX comments_by_id/],
      knot: [q.knot(at), /INDEX comments_by_id/],
      wholePage: [q.wholePage({ site: 1, page: 1, limit: 9 }), /PRIMARY KEY/],
      topsOldest: [q.topsOldest({ site: 1, page: 1, after: id, limit: 9 }), /INDEX comments_threads/],
      topsNewest: [q.topsNewest({ site: 1, page: 1, after: id, limit: 9 }), /INDEX comments_threads/],
      replies: [q.repliesAfter({ site: 1, root: id, after: id, limit: 9 }), /INDEX comments_replies/],
      author: [q.approvedAuthor({ site: 1, author: "a" }), /INDEX comments_by_author/],
      claim: [q.claim({ site: 1, kind: 0, hash: id, now: 0 }), /PRIMARY KEY/],
      queueOldest: [q.queueOfSite.oldest({ site: 1, status: 0, after: id, limit: 9 }), /INDEX comments_by_status/],
      queueNewest: [q.queueOfSite.newest({ site: 1, status: 0, after: id, limit: 9 }), /INDEX comments_by_status/],
      queueOfPage: [q.queueOfPage.newest({ site: 1, page: 1, status: 0, after: id, limit: 9 }), /PRIMARY KEY/],
    };
    for (const [name, [{ sql, parameters }, index]] of Object.entries(statements)) {
      const plan = db.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[];
      const text = plan.map(({ detail }) => detail).join("; ");
      expect(text, name).toMatch(index);
      expect(text, name).not.toMatch(/SCAN|TEMP B-TREE/);
    }
    db.close();
  });
});

describe(`a page of ${MANY} comments`, () => {
  for (const [i, name] of Object.keys(SHAPES).entries()) {
    it(`answers 50 threads and 200 comments at most: ${name}`, async () => {
      const site = i + 1;
      for (const sort of ["oldest", "newest"] as const) {
        const slice = await store.threads({ site, page: 1, sort, threads: 50, comments: 200 });
        expect(slice.rows).toHaveLength(i === 0 ? 50 : 200);
        expect(slice.next === null).toBe(i > 0);
        const seen = new Set<string | null>([null]);
        for (const row of slice.rows) {
          expect(seen.has(row.parent)).toBe(true);
          seen.add(row.id);
        }
        const root = slice.rows[0]!;
        expect(root.replies).toBe(i === 0 ? 0 : MANY - 1);
        const last = slice.rows.at(-1)!.id;
        const more = await store.replies({ site, page: 1, root: root.id, after: last, limit: 100 });
        expect(more.rows).toHaveLength(i === 0 ? 0 : 100);
        expect((await store.around({ site, id: last, ancestors: 5, limit: 100 })).rows.length).toBeLessThanOrEqual(107);
      }
    });
  }

  it("gives back a chain whose end is hidden, and whose middle is deleted for good", async () => {
    const rows = [];
    for await (const { row } of store.exportRows(3)) rows.push(row.id);
    const at = (...ids: string[]) => ids.map((id) => ({ site: 3, id }));
    await store.purge(at(...rows.slice(5_000, 5_100)), newLog("purge"));
    const [top] = (await store.threads({ site: 3, page: 1, sort: "oldest", threads: 1, comments: 1 })).rows;
    expect(top?.replies).toBe(MANY - 1);
    await store.setStatus(at(rows.at(-1)!), "trash", "moderator", newLog());
    expect((await store.comment(3, rows[0]!))?.replies).toBe(MANY - 2);
    expect((await store.queueCounts(3, 1)).approved).toBe(MANY - 101);
  });
});
