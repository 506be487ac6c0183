import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPostgres } from "../../server/store/postgres/index.ts";
import { CROWD } from "../../server/store/queries/crowds.ts";
import type { NewRow, StoreChange } from "../../server/store/records.ts";
import type { Store } from "../../server/store/store.ts";
import { cuttingProxy } from "./cutting-proxy.ts";
import { type TestDatabase, testDatabase, within } from "./databases.ts";
import { at, newId, newLog, newRow, newSite, PAGE, put } from "./rows.ts";

let database: TestDatabase;
let store: Store;
beforeEach(async () => {
  database = await testDatabase();
  store = await openPostgres({ url: database.url });
  await store.addSite(newSite(), newLog("site"));
});
afterEach(async () => {
  await store.close();
  await database.drop();
});

const many = <T>(n: number, act: (i: number) => T) => Array.from({ length: n }, (_, i) => act(i));
const approved = async (site: number) => (await store.queueCounts(site)).approved;

describe("writes of one site that come together", () => {
  it("share commits, and each change has a version of its own", async () => {
    const { commits } = store.stats();
    const rows = await Promise.all(many(64, (i) => put(store, null, { pageKey: `blog.example/${i % 4}` })));
    expect(store.stats().commits - commits).toBeLessThanOrEqual(4);
    for (const page of await store.pages({ site: 1, limit: 10 })) {
      const versions = rows.filter((row) => row.page === page.id).map(({ version }) => version);
      expect(versions.toSorted((a, b) => a - b)).toEqual(many(16, (i) => i + 1));
      expect(page).toMatchObject({ version: 16, counts: { approved: 16 } });
    }
    expect(await approved(1)).toBe(64);
  });

  it("see what those before them did: replies, moves, edits and a page that is closed", async () => {
    const top = newRow();
    const doings = [
      store.add(top, []),
      store.add(newRow(top.id), []),
      store.setStatus(at(top.id), "trash", null, newLog()),
      store.setPage(1, PAGE, { open: false }, newLog("page")),
      store.add(newRow(null), []),
      store.edit(1, top.id, { source: "Other words.", editedAt: 1 }, newLog("edit")),
      store.setStatus(at(top.id), "approved", null, newLog()),
    ];
    await Promise.all(doings);
    expect(await store.page(1, PAGE)).toMatchObject({ open: false, version: 7, counts: { approved: 3, trash: 0 } });
    expect(await store.comment(1, top.id)).toMatchObject({ source: "Other words.", replies: 1, version: 7 });
    expect(await approved(1)).toBe(3);
  });

  it("carry a page over into the crowd, and keep it and all of its comments there", async () => {
    for (let i = 0; i <= CROWD; i += 50) await Promise.all(many(50, () => put(store)));
    const crowds = await within(database.url, async (client) => [
      ...(await client.query<{ crowded: number }>("select crowded from pages")).rows,
      ...(await client.query<{ crowded: number }>("select distinct crowded from comments")).rows,
    ]);
    expect(crowds).toEqual([{ crowded: 1 }, { crowded: 1 }]);
  });

  it("count together with those of another server, and each version is given once", async () => {
    const other = await openPostgres({ url: database.url });
    const versions = new Set<number>();
    const write = async (server: Store) => {
      for (let i = 0; i < 20; i++) versions.add((await put(server)).version);
    };
    await Promise.all([store, other].flatMap((server) => many(8, () => write(server))));
    expect(versions.size).toBe(320);
    expect(await store.page(1, PAGE)).toMatchObject({ version: 320, counts: { approved: 320 } });
    expect(await approved(1)).toBe(320);
    await other.close();
  });

  it("take a claim once, though all of them want it and are taken on trust", async () => {
    const claim = (i: number) => ({ kind: "token" as const, hash: String(i % 4).repeat(64), expiresAt: Date.now() + 60_000 });
    const all = await Promise.all(many(40, (i) => store.add(newRow(), [claim(i)])));
    expect(all.map(({ ok }, i) => (ok ? i % 4 : -1)).filter((i) => i >= 0)).toEqual([0, 1, 2, 3]);
    expect(await store.page(1, PAGE)).toMatchObject({ version: 4, counts: { approved: 4 } });
  });

  it("are told of once a page", async () => {
    const heard: StoreChange[] = [];
    await put(store);
    store.onChange((change) => heard.push(change));
    await Promise.all(many(20, () => put(store)));
    expect(heard.length).toBeLessThanOrEqual(2);
    expect(heard[0]).toEqual({ site: 1, key: PAGE });
  });

  it("fail alone, whether the product or the database refuses", async () => {
    await put(store);
    const orphan: NewRow = newRow(newId());
    // PostgreSQL's limit for what one vector of words holds is a megabyte.
    const tooMany = many(200_000, (i) => `w${i}`).join(" ");
    const all = await Promise.allSettled([
      put(store),
      store.load([orphan]),
      put(store, null, { pageKey: "blog.example/b" }),
      store.add(newRow(null, { source: tooMany }), []),
      put(store),
    ]);
    expect(all.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "rejected", "fulfilled"]);
    expect(await store.page(1, PAGE)).toMatchObject({ version: 3, counts: { approved: 3 } });
    expect(await approved(1)).toBe(4);
  });

  it("keep nobody waiting who writes elsewhere", async () => {
    await store.addSite(newSite("Two", "https://two.example"), newLog("site"));
    await within(database.url, async (client) => {
      await client.query("begin; select 1 from site_counts where site_id = 1 for update");
      const held = many(40, () => put(store));
      await Promise.all(many(40, () => put(store, null, { site: 2 })));
      expect(await approved(2)).toBe(40);
      await client.query("rollback");
      await Promise.all(held);
    });
    expect(await approved(1)).toBe(40);
  });

  it("are all in doubt when the answer to their commit is lost, and none is done again", async () => {
    const proxy = await cuttingProxy(database.url);
    const far = await openPostgres({ url: proxy.url });
    const rows = many(20, () => newRow());
    const claim = (row: NewRow) => ({
      kind: "idempotency" as const,
      hash: row.id.replaceAll("-", "").repeat(2),
      expiresAt: Date.now() + 60_000,
    });
    proxy.loseAnswerTo("; commit");
    const first = await Promise.allSettled(rows.map((row) => far.add(row, [claim(row)])));
    for (const one of first) if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "busy", status: 503 });
    expect(first.filter(({ status }) => status === "rejected").length).toBeGreaterThan(0);
    await Promise.all(rows.map((row) => far.add({ ...row, id: newId() }, [claim(row)])));
    expect(await approved(1)).toBe(20);
    await far.close();
    await proxy.close();
  });

  it("are refused when they could not be done in time, and later ones are not", async () => {
    const hasty = await openPostgres({ url: database.url, patience: 400 });
    await within(database.url, async (client) => {
      await client.query("begin; select 1 from site_counts for update");
      const all = await Promise.allSettled(many(10, () => put(hasty)));
      for (const one of all) expect(one).toMatchObject({ status: "rejected", reason: { code: "busy", status: 503 } });
      await client.query("rollback");
    });
    await Promise.all(many(10, () => put(hasty)));
    expect(await approved(1)).toBe(10);
    await hasty.close();
  });

  it("are all done before the store is closed", async () => {
    const other = await openPostgres({ url: database.url });
    const writes = many(150, () => put(other));
    await other.close();
    await Promise.all(writes);
    expect(await approved(1)).toBe(150);
    await expect(put(other)).rejects.toThrow("closed");
  });
});
