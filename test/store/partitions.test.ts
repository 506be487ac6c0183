import { afterAll, describe, expect, it } from "vitest";
import { statementsFor } from "../../server/store/queries/context.ts";
import { postgresDialect } from "../../server/store/postgres/dialect.ts";
import { CROWD } from "../../server/store/queries/crowds.ts";
import type { Statement } from "../../server/store/steps.ts";
import type { Store } from "../../server/store/store.ts";
import { changesContract } from "./changes-contract.ts";
import { commentsContract } from "./comments-contract.ts";
import { keepingContract } from "./keeping-contract.ts";
import { mailContract } from "./mail-contract.ts";
import { moderationContract } from "./moderation-contract.ts";
import { ownThingsContract } from "./own-things-contract.ts";
import { readersContract } from "./readers-contract.ts";
import { waysContract } from "./ways-contract.ts";
import { within } from "./databases.ts";
import { fill } from "./fill.ts";
import { recordingEngine } from "./partitions.ts";
import { newLog, newSite, put } from "./rows.ts";

const recorded = await recordingEngine();
const { engine, statements, verbs, touched } = recorded;
afterAll(() => recorded.end());

/** What looks into the parts of all sites, and why it may: nobody who reads or writes a comment waits for it. */
const OF_ALL_SITES: Record<string, RegExp> = {
  "the operator's totals": /^select \* from "site_counts"$/,
  "the operator's search in all sites": /^select site_id, comment_id from search where (?!.*\bsite_id =)/,
  "the operator's log of all sites": /^select \* from "log" (?!where "site_id" =)/,
  "the number of a new site, which no removed one had": /^select max\("site_id"\) as "id" from "log"$/,
  "which sites have letters due": /^select distinct "site_id" from "letters"/,
  "the operator's letters given up, and how many wait": /^select (?!distinct).* from "letters" where "state"/,
  "taking up all letters given up": /^update "letters" set .* where "state" = \$\d+$/,
  "the sweep of what has expired":
    /^delete from "(?:claims|turns|letters|reader_sessions|sign_ins|reader_links|pictures)" where "expires_at" <= \$1$/,
};
const reasonFor = (sql: string) => Object.keys(OF_ALL_SITES).find((name) => OF_ALL_SITES[name]!.test(sql));

// Apart, for they share one database and each begins with an empty one.
describe.each([
  commentsContract,
  changesContract,
  moderationContract,
  keepingContract,
  mailContract,
  readersContract,
  ownThingsContract,
  waysContract,
])("a store cut up by sites keeps the %o", (contract) => {
  contract(engine);
});

/** What is asked otherwise of a page that is too long to be walked. */
async function askAboutCrowd(store: Store, site: number): Promise<void> {
  await fill(store, { site, comments: CROWD + 1, perPage: CROWD + 1, status: () => "approved", below: (i) => (i === 1 ? 0 : null) });
  const page = 2;
  for (const sort of ["oldest", "newest"] as const) {
    const { rows } = await store.threads({ site, page, sort, threads: 1, comments: 1 });
    await store.threads({ site, page, sort, after: rows[0]!.id, threads: 1, comments: 1 });
    await store.replies({ site, page, root: rows[0]!.id, limit: 1 });
  }
  await store.changes({ site, key: "fill.example/0", after: 0, limit: 1 });
}

describe("all that the product asks its tables", () => {
  it("needs no sequence or trigger, which would not be one site's own", async () => {
    const { url } = recorded;
    const found = await within(url, async (client) => [
      ...(await client.query("select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S'")).rows,
      ...(await client.query("select tgname from pg_trigger where not tgisinternal")).rows,
    ]);
    expect(found).toEqual([]);
  });

  it("was asked above, or is asked now", async () => {
    const { store, drop } = await engine.make();
    await store.addSite(newSite(), newLog("site"));
    await store.addSite(newSite("Two", "https://two.example"), newLog("site"));
    const [one, two] = [await put(store), await put(store, null, { site: 2 })];
    const both = [one, two].map(({ site, id }) => ({ site, id }));
    expect(await store.setStatus(both, "trash", null, newLog())).toHaveLength(2);
    await store.log({ limit: 1 });
    await store.log({ site: 1, limit: 1 });
    await store.log({ site: 1, comment: one.id, after: newLog().id, limit: 5 });
    for (const sort of ["oldest", "newest"] as const) {
      for (const where of [{}, { site: 1 }, { site: 1, page: 1 }, { site: 1, page: 1, status: "spam" as const }]) {
        await store.queue({ ...where, sort, limit: 1 });
        await store.queue({ ...where, search: "word", sort, limit: 1 });
        await store.queue({ ...where, search: "word", after: one.id, sort, limit: 1 });
      }
    }
    for (const sort of ["oldest", "newest"] as const)
      await store.threads({ site: 1, page: 1, sort, after: one.id, threads: 1, comments: 1 });
    await askAboutCrowd(store, 2);
    await store.queueCounts(1);
    await store.extendSession("none", 1);
    expect(await store.pageById(1, 1)).toMatchObject({ id: 1 });
    await store.sweep(0, 1);
    expect(await store.purge(both, newLog("purge"))).toBe(2);
    await drop();
    const never = new Set(["stats", "onChange", "close"]);
    expect(Object.keys(store).filter((verb) => !verbs.has(verb) && !never.has(verb))).toEqual([]);
    const groups: Record<string, object> = statementsFor(postgresDialect());
    const kept = Object.values(groups).flatMap((q) => (typeof q === "function" ? [q] : (Object.values(q) as unknown[])));
    const unasked = kept.map((q) => (q as (values: object) => Statement<unknown>)({}).sql).filter((sql) => !statements.has(sql));
    expect(unasked).toEqual([]);
  });

  it("looks into one part of each table, the same of all, but for a few things", async () => {
    expect(statements.size).toBeGreaterThan(80);
    const wrong = [];
    const met = new Set<string>();
    for (const sql of statements.keys()) {
      const reason = reasonFor(sql);
      if (reason) met.add(reason);
      for (const parts of await touched(sql)) {
        const all = new Set(Object.values(parts).flatMap((set) => [...set]));
        if (all.size > 1 && !reason)
          wrong.push(`${sql}: ${JSON.stringify(Object.entries(parts).map(([table, set]) => [table, set.size]))}`);
        if (all.size <= 1 && reason) wrong.push(`${sql}: looks into ${all.size}, and is named as ${reason}`);
      }
    }
    expect(wrong).toEqual([]);
    expect([...met].toSorted()).toEqual(Object.keys(OF_ALL_SITES).toSorted());
  });

  it("is nothing that Citus is known to refuse", () => {
    // "subqueries are not supported within INSERT queries": they must be written as INSERT ... SELECT.
    const inserts = [...statements.keys()].filter((sql) => /^insert into .*\bvalues \(.*\(select /i.test(sql));
    expect(inserts).toEqual([]);
    // Neither the order nor the number of what is updated or deleted may be limited, and locks are taken in one part.
    expect([...statements.keys()].filter((sql) => /^(?:update|delete) .*\blimit\b/i.test(sql))).toEqual([]);
  });
});
