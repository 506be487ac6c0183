import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { statementsFor } from "../../server/store/queries/context.ts";
import type { Statement } from "../../server/store/steps.ts";
import type { Store } from "../../server/store/store.ts";
import { type Engine, ENGINES, type Made } from "./engines.ts";
import { type Filling, fill } from "./fill.ts";
import { newId, newLog, newRow, newSite } from "./rows.ts";

/** A page of so many comments must cost a reader what one of 200 costs. Fewer where each statement is a message to another process. */
const MANY: Record<string, number> = { sqlite: 10_000, postgres: 2_000 };
const SHAPES: Record<string, Pick<Filling, "below">> = {
  "threads side by side": { below: () => null },
  "one thread": { below: (i) => (i === 0 ? null : 0) },
  "one chain, each answering the last": { below: (i) => (i === 0 ? null : i - 1) },
};

const SITE = Object.keys(SHAPES).length + 1;
/** A chain that a test takes apart. */
const CHAIN = { site: SITE + 1, comments: 1_000 };

const digits = (text: string) => createHash("sha256").update(text).digest("hex");

let made: Made;
let store: Store;

/** Fills a store with a site of each shape, and one of many pages, on which a plan has to choose. */
async function open(engine: Engine, many: number): Promise<void> {
  made = await engine.make();
  ({ store } = made);
  for (const [i, shape] of Object.values(SHAPES).entries()) {
    await store.addSite(newSite(`Site ${i}`, `https://site${i}.example`), newLog("site"));
    await fill(store, { site: i + 1, comments: many, perPage: many, status: () => "approved", ...shape });
  }
  await store.addSite(newSite("Pages", "https://pages.example"), newLog("site"));
  await fill(store, { site: SITE, comments: 2_000, perPage: 20 });
  await store.addSite(newSite("Chain", "https://chain.example"), newLog("site"));
  await fill(store, { ...CHAIN, perPage: CHAIN.comments, status: () => "approved", below: (i) => (i === 0 ? null : i - 1) });
  const claimed = Array.from({ length: 200 }, () => newRow(null, { site: SITE }));
  await Promise.all(claimed.map((row) => store.add(row, [{ kind: "token", hash: digits(row.id), expiresAt: Date.now() + 60_000 }])));
}

describe.each(ENGINES)("$name", (engine) => {
  const many = MANY[engine.name]!;
  beforeAll(() => open(engine, many));
  afterAll(() => made.drop());

  it("walks an index for every query that readers and moderators wait for, scanning and sorting nothing", async () => {
    const { dialect, explain } = made;
    const q = statementsFor(dialect);
    const id = dialect.id.toDb(newId());
    const at = { site: SITE, id };
    const statements: Record<string, [Statement<unknown>, RegExp]> = {
      pageByKey: [q.pageByKey({ site: SITE, key: "a" }), /pages_by_key/],
      comment: [q.comment(at), /comments_by_id/],
      knot: [q.knot(at), /comments_by_id/],
      wholePage: [q.wholePage({ site: SITE, page: 50, limit: 9 }), /PRIMARY KEY|comments_key/],
      topsOldest: [q.topsOldest({ site: SITE, page: 50, after: id, limit: 9 }), /comments_threads/],
      topsNewest: [q.topsNewest({ site: SITE, page: 50, after: id, limit: 9 }), /comments_threads/],
      replies: [q.replies({ site: SITE, page: 50, root: id, after: id, limit: 9 }), /comments_replies/],
      fewOldest: [q.fewOldest({ site: SITE, page: 50, after: id, limit: 9 }), /PRIMARY KEY|comments_key/],
      fewNewest: [q.fewNewest({ site: SITE, page: 50, after: id, limit: 9 }), /PRIMARY KEY|comments_key/],
      fewReplies: [q.fewReplies({ site: SITE, page: 50, root: id, after: id, limit: 9 }), /PRIMARY KEY|comments_key/],
      changes: [q.changedSince({ site: SITE, page: 50, after: 9, limit: 9 }), /comments_by_version/],
      gone: [q.goneSince({ site: SITE, page: 50, after: 9, limit: 9 }), /PRIMARY KEY|gone_key/],
      verifiedEmail: [q.verifiedEmail({ site: SITE, email: "a@b.example" }), /accounts_by_verified_email[^]*accounts_by_confirmed_email/],
      writer: [q.writer({ site: SITE, digest: id }), /PRIMARY KEY|writers_key/],
      claim: [q.claim({ site: SITE, kind: 0, hash: id, now: 0 }), /PRIMARY KEY|claims_narrow_key/],
      queueOldest: [q.queueOfSite.oldest({ site: SITE, status: 0, after: id, limit: 9 }), /comments_by_status/],
      queueNewest: [q.queueOfSite.newest({ site: SITE, status: 0, after: id, limit: 9 }), /comments_by_status/],
      commentsOfAccount: [q.commentsOfAccount({ site: SITE, account: id, after: id, limit: 9 }), /comments_by_account/],
      queueOfPage: [q.queueOfPage.newest({ site: SITE, page: 50, status: 0, after: id, limit: 9 }), /PRIMARY KEY|comments_key/],
    };
    for (const [name, [statement, index]] of Object.entries(statements)) {
      const plan = await explain(statement);
      expect(plan, name).toMatch(index);
      expect(plan, name).not.toMatch(/\bSCAN|TEMP B-TREE|Seq Scan|Sort/);
    }
  });

  for (const [i, name] of Object.keys(SHAPES).entries()) {
    it(`answers 50 threads and 200 comments at most of a page of ${many}: ${name}`, async () => {
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
        expect(root.replies).toBe(i === 0 ? 0 : many - 1);
        const last = slice.rows.at(-1)!.id;
        const more = await store.replies({ site, page: 1, root: root.id, after: last, limit: 100 });
        expect(more.rows).toHaveLength(i === 0 ? 0 : 100);
        expect((await store.around({ site, id: last, ancestors: 5, limit: 100 })).rows.length).toBeLessThanOrEqual(107);
      }
    });
  }

  it("gives back a chain whose end is hidden, and whose middle is deleted for good", async () => {
    const { site, comments } = CHAIN;
    const rows = [];
    for await (const { row } of store.exportRows(site)) rows.push(row.id);
    const at = (...ids: string[]) => ids.map((id) => ({ site, id }));
    await store.purge(at(...rows.slice(comments / 2, comments / 2 + 100)), newLog("purge"));
    const [top] = (await store.threads({ site, page: 1, sort: "oldest", threads: 1, comments: 1 })).rows;
    expect(top?.replies).toBe(comments - 1);
    await store.setStatus(at(rows.at(-1)!), "trash", "moderator", newLog());
    expect((await store.comment(site, rows[0]!))?.replies).toBe(comments - 2);
    expect((await store.queueCounts(site, 1)).approved).toBe(comments - 101);
  });
});
