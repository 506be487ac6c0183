import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { statementsFor } from "../../server/store/queries/context.ts";
import type { Statement } from "../../server/store/steps.ts";
import type { Store } from "../../server/store/store.ts";
import { type Engine, ENGINES, type Made } from "./engines.ts";
import { type Filling, fill } from "./fill.ts";
import { newId, newLog, newSite } from "./rows.ts";

/** A page of so many comments must cost a reader what one of 200 costs. */
const MANY = 10_000;
const SHAPES: Record<string, Pick<Filling, "below">> = {
  "threads side by side": { below: () => null },
  "one thread": { below: (i) => (i === 0 ? null : 0) },
  "one chain, each answering the last": { below: (i) => (i === 0 ? null : i - 1) },
};

let made: Made;
let store: Store;

/** Fills a store with a site of each shape. */
async function open(engine: Engine): Promise<void> {
  made = await engine.make();
  ({ store } = made);
  for (const [i, shape] of Object.values(SHAPES).entries()) {
    await store.addSite(newSite(`Site ${i}`, `https://site${i}.example`), newLog("site"));
    await fill(store, { site: i + 1, comments: MANY, perPage: MANY, status: () => "approved", ...shape });
  }
}

describe.each(ENGINES)("$name", (engine) => {
  beforeAll(() => open(engine));
  afterAll(() => made.drop());

  it("walks an index for every query that readers and moderators wait for, scanning and sorting nothing", async () => {
    const { dialect, explain } = made;
    const q = statementsFor(dialect);
    const id = dialect.id.toDb(newId());
    const at = { site: 1, id };
    const statements: Record<string, [Statement<unknown>, RegExp]> = {
      pageByKey: [q.pageByKey({ site: 1, key: "a" }), /pages_by_key/],
      comment: [q.comment(at), /comments_by_id/],
      knot: [q.knot(at), /comments_by_id/],
      wholePage: [q.wholePage({ site: 1, page: 1, limit: 9 }), /PRIMARY KEY|comments_key/],
      topsOldest: [q.topsOldest({ site: 1, page: 1, after: id, limit: 9 }), /comments_threads/],
      topsNewest: [q.topsNewest({ site: 1, page: 1, after: id, limit: 9 }), /comments_threads/],
      replies: [q.repliesAfter({ site: 1, root: id, after: id, limit: 9 }), /comments_replies/],
      changes: [q.changedSince({ site: 1, page: 1, after: 9_000, limit: 9 }), /comments_by_version/],
      gone: [q.goneSince({ site: 1, page: 1, after: 9, limit: 9 }), /PRIMARY KEY|gone_key/],
      author: [q.approvedAuthor({ site: 1, author: "a" }), /comments_by_author/],
      claim: [q.claim({ site: 1, kind: 0, hash: id, now: 0 }), /PRIMARY KEY|claims_narrow_key/],
      queueOldest: [q.queueOfSite.oldest({ site: 1, status: 0, after: id, limit: 9 }), /comments_by_status/],
      queueNewest: [q.queueOfSite.newest({ site: 1, status: 0, after: id, limit: 9 }), /comments_by_status/],
      queueOfPage: [q.queueOfPage.newest({ site: 1, page: 1, status: 0, after: id, limit: 9 }), /PRIMARY KEY|comments_key/],
    };
    for (const [name, [statement, index]] of Object.entries(statements)) {
      const plan = await explain(statement);
      expect(plan, name).toMatch(index);
      expect(plan, name).not.toMatch(/\bSCAN|TEMP B-TREE|Seq Scan|Sort/);
    }
  });

  for (const [i, name] of Object.keys(SHAPES).entries()) {
    it(`answers 50 threads and 200 comments at most of a page of ${MANY}: ${name}`, async () => {
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
