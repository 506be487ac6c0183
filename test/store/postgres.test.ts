import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPostgres, type PostgresOptions } from "../../server/store/postgres/index.ts";
import type { StoreChange } from "../../server/store/records.ts";
import type { Store } from "../../server/store/store.ts";
import { bareDatabase, type TestDatabase, testDatabase, within } from "./databases.ts";
import { cuttingProxy } from "./cutting-proxy.ts";
import { at, newId, newLog, newRow, newSite, PAGE, put } from "./rows.ts";

let database: TestDatabase;
const opened: Store[] = [];
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  await database.drop();
});

async function open(options: Partial<PostgresOptions> = {}): Promise<Store> {
  const store = await openPostgres({ url: database.url, ...options });
  opened.push(store);
  return store;
}

/** As two servers have them open; a site stands there already. */
async function openTwice(): Promise<[Store, Store]> {
  const first = await open();
  await first.addSite(newSite(), newLog("site"));
  return [first, await open()];
}

const times = <T>(n: number, act: (i: number) => Promise<T>) => Promise.all(Array.from({ length: n }, (_, i) => act(i)));

/** Ends every other connection to the database, as its restart would. */
const cutAll = () =>
  within(database.url, (client) =>
    client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"),
  );

describe("servers on one database", () => {
  it("count every comment that they add to one page at once, and give each change a version of its own", async () => {
    const stores = await openTwice();
    const rows = await times(40, (i) => put(stores[i % 2]!));
    const page = (await stores[0].page(1, PAGE))!;
    expect(page).toMatchObject({ id: 1, version: 40, counts: { approved: 40 } });
    expect(new Set(rows.map(({ version }) => version)).size).toBe(40);
    expect((await stores[1].queueCounts()).approved).toBe(40);
  });

  it("count every reply to one comment", async () => {
    const stores = await openTwice();
    const top = await put(stores[0]);
    await times(20, (i) => put(stores[i % 2]!, top.id));
    expect(await stores[0].comment(1, top.id)).toMatchObject({ replies: 20 });
  });

  it("give one claim to one comment", async () => {
    const stores = await openTwice();
    const claim = { kind: "token" as const, hash: "ab".repeat(32), expiresAt: Date.now() + 10_000 };
    const all = await times(20, (i) => stores[i % 2]!.add(newRow(null, { pageKey: `blog.example/${i}` }), [claim]));
    expect(all.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await stores[0].pages({ site: 1, limit: 50 })).map(({ counts }) => counts.approved)).toEqual([1]);
  });

  it("give each new page and site its own number", async () => {
    const stores = await openTwice();
    await times(20, (i) => put(stores[i % 2]!, null, { pageKey: `blog.example/${i % 10}` }));
    const pages = await stores[0].pages({ site: 1, limit: 50 });
    expect(pages.map(({ id }) => id)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(new Set(pages.map(({ key }) => key)).size).toBe(10);
    await times(6, (i) => stores[i % 2]!.addSite(newSite(`Site ${i}`, `https://site${i}.example`), newLog("site")));
    expect((await stores[0].sites()).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it("let one owner be the first, one site have an origin, and one link be used once", async () => {
    const stores = await openTwice();
    const owner = (i: number) => ({ id: `o${i}`, name: "Ann", role: "Owner", email: "", passphrase: null, createdAt: 1 });
    expect((await times(6, (i) => stores[i % 2]!.addFirstOwner(owner(i), null, newLog("owner")))).filter(Boolean)).toHaveLength(1);
    const sites = await Promise.allSettled(stores.map((store) => store.addSite(newSite("Two", "https://two.example"), newLog("site"))));
    expect(sites.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    await stores[0].addLink({ hash: "l1", purpose: "login", expiresAt: Date.now() + 10_000 });
    expect((await times(6, (i) => stores[i % 2]!.useLink("l1", "login", Date.now()))).filter(Boolean)).toHaveLength(1);
  });

  it("moderate the same comments at once, in any order, each change once", async () => {
    const stores = await openTwice();
    await stores[0].addSite(newSite("Two", "https://two.example"), newLog("site"));
    const ids: { site: number; id: string }[] = [];
    for (const site of [1, 2, 1, 2]) ids.push({ site, id: (await put(stores[0], null, { site })).id });
    const moved = await times(10, (i) => stores[i % 2]!.setStatus(i < 5 ? ids : ids.toReversed(), "trash", null, newLog()));
    expect(moved.flat()).toHaveLength(4);
    expect(await stores[1].queueCounts()).toEqual({ held: 0, approved: 0, spam: 0, trash: 4 });
    const purged = await times(6, (i) => stores[i % 2]!.purge(i < 3 ? ids : ids.toReversed(), newLog("purge")));
    expect(purged.reduce((sum, n) => sum + n)).toBe(4);
  });

  it("edit the same comment one after another: who saw an older one is told", async () => {
    const stores = await openTwice();
    const row = await put(stores[0]);
    const edits = await times(6, (i) => stores[i % 2]!.edit(1, row.id, { source: `text ${i}`, editedAt: 1 }, newLog("edit"), row.version));
    expect(edits.filter((edited) => edited === "changed")).toHaveLength(5);
    expect(await stores[0].revisions(1, row.id)).toHaveLength(1);
  });

  it("lose nothing when a site is taken away under those who write to it", async () => {
    const stores = await openTwice();
    const all = await Promise.allSettled([
      ...Array.from({ length: 10 }, (_, i) => put(stores[i % 2]!)),
      stores[1].removeSite(1, newLog("site")),
    ]);
    for (const one of all) if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "not_found" });
    expect(await stores[0].queueCounts()).toEqual({ held: 0, approved: 0, spam: 0, trash: 0 });
    expect(await stores[0].pages({ site: 1, limit: 5 })).toEqual([]);
  });

  it("bring a new database to today's schema once, though all start at once", async () => {
    const bare = await bareDatabase();
    const stores = await times(3, () => openPostgres({ url: bare.url }));
    await stores[0]!.addSite(newSite(), newLog("site"));
    expect(await stores[1]!.sites()).toHaveLength(1);
    await Promise.all(stores.map((store) => store.close()));
    await bare.drop();
  });
});

describe("what another server changed", () => {
  /** Resolves with what it hears, once it has heard so much. */
  const hear = (store: Store, count: number) =>
    new Promise<StoreChange[]>((resolve) => {
      const heard: StoreChange[] = [];
      const stop = store.onChange((change) => {
        heard.push(change);
        if (heard.length < count) return;
        stop();
        resolve(heard);
      });
    });

  it("is heard of by page, and one's own only once", async () => {
    const [one, other] = await openTwice();
    const own: StoreChange[] = [];
    one.onChange((change) => own.push(change));
    const heard = hear(other, 3);
    const row = await put(one);
    await one.setStatus(at(row.id), "trash", null, newLog());
    await one.updateSite(1, { name: "New" }, newLog("site"));
    expect(await heard).toEqual([{ site: 1, key: PAGE }, { site: 1, key: PAGE }, "all"]);
    const back = hear(one, 1);
    await other.updateSite(1, { name: "Newer" }, newLog("site"));
    await back;
    expect(own).toEqual([{ site: 1, key: PAGE }, { site: 1, key: PAGE }, "all", "all"]);
  });

  it("is taken to be everything where the message would be too long", async () => {
    const [one, other] = await openTwice();
    const heard = hear(other, 1);
    await one.load(Array.from({ length: 80 }, (_, i) => newRow(null, { pageKey: `blog.example/${"long".repeat(30)}/${i}` })));
    expect(await heard).toEqual(["all"]);
  });

  it("is taken to be everything by who could not listen for a moment", async () => {
    const [one, other] = await openTwice();
    const heard = hear(other, 1);
    await cutAll();
    expect(await heard).toEqual(["all"]);
    const again = hear(other, 1);
    await put(one);
    expect(await again).toEqual([{ site: 1, key: PAGE }]);
  });
});

describe("connections that break", () => {
  it("lose nothing acknowledged and double nothing, however often", async () => {
    const stores = await openTwice();
    const acknowledged: string[] = [];
    let refused = 0;
    const stop = new AbortController();
    const write = async (store: Store) => {
      while (!stop.signal.aborted) {
        const row = newRow(null, { id: newId() });
        try {
          if (
            (await store.add(row, [{ kind: "idempotency", hash: row.id.replaceAll("-", "").repeat(2), expiresAt: Date.now() + 60_000 }])).ok
          )
            acknowledged.push(row.id);
        } catch (error) {
          expect(error).toMatchObject({ code: "busy", status: 503, details: { retryAfter: 5 } });
          refused++;
        }
      }
    };
    const writers = Array.from({ length: 8 }, (_, i) => write(stores[i % 2]!));
    for (let cut = 1; cut <= 10; cut++) {
      const before = acknowledged.length;
      await cutAll();
      // Between two cuts the writers get on.
      while (acknowledged.length < before + 8) await stores[0].ping();
    }
    stop.abort();
    await Promise.all(writers);
    const found = new Map<string, number>();
    for await (const { row } of stores[0].exportRows(1)) found.set(row.id, (found.get(row.id) ?? 0) + 1);
    expect(acknowledged.filter((id) => found.get(id) !== 1)).toEqual([]);
    // What was cut off while it was committed may be there unacknowledged; nothing else may.
    expect(found.size - acknowledged.length).toBeLessThanOrEqual(refused);
    expect((await stores[0].queueCounts()).approved).toBe(found.size);
  });

  it("after the commit was sent leave the caller in doubt, who asks again and finds it there", async () => {
    const proxy = await cuttingProxy(database.url);
    const store = await openPostgres({ url: proxy.url });
    await store.addSite(newSite(), newLog("site"));
    const row = newRow();
    const claim = { kind: "idempotency" as const, hash: "ab".repeat(32), request: "r", expiresAt: Date.now() + 60_000 };
    proxy.loseAnswerTo("; commit");
    await expect(store.add(row, [claim])).rejects.toMatchObject({ code: "busy", status: 503 });
    expect(await store.add(newRow(), [claim])).toEqual({ ok: false, taken: "idempotency", comment: row.id, request: "r" });
    expect(await store.queueCounts()).toMatchObject({ approved: 1 });
    await store.close();
    await proxy.close();
  });

  it("before the commit was sent are not noticed", async () => {
    const proxy = await cuttingProxy(database.url);
    const store = await openPostgres({ url: proxy.url });
    await store.addSite(newSite(), newLog("site"));
    proxy.loseAnswerTo("for no key update");
    expect((await store.add(newRow(), [])).ok).toBe(true);
    proxy.loseAnswerTo("repeatable read");
    expect((await store.threads({ site: 1, page: 1, sort: "oldest", threads: 50, comments: 200 })).rows).toHaveLength(1);
    expect(await store.queueCounts()).toMatchObject({ approved: 1 });
    await store.close();
    await proxy.close();
  });

  it("are waited for by readers", async () => {
    const store = await open();
    await store.addSite(newSite(), newLog("site"));
    await put(store);
    for (let i = 0; i < 5; i++) {
      await cutAll();
      const slice = await store.threads({ site: 1, page: 1, sort: "oldest", threads: 50, comments: 200 });
      expect(slice.rows).toHaveLength(1);
      expect(await store.page(1, PAGE)).not.toBeNull();
    }
  });

  it("refuse as busy what could not be done in time, and go on afterwards", async () => {
    const store = await open({ patience: 300 });
    await store.addSite(newSite(), newLog("site"));
    await within(database.url, async (client) => {
      await client.query("begin; select * from site_counts for update");
      await expect(store.add(newRow(), [])).rejects.toMatchObject({ code: "busy", status: 503 });
      expect(await store.page(1, PAGE)).toBeNull();
      await client.query("rollback");
    });
    expect((await store.add(newRow(), [])).ok).toBe(true);
  });
});

describe("a database that is not fit", () => {
  const refusal = async (url: string) => {
    const error = await openPostgres({ url, patience: 300 }).then(
      () => new Error("it was opened"),
      (error: unknown) => error as Error,
    );
    expect(error.message).not.toContain(new URL(url).password || "no password");
    return `${error.name}: ${error.message}`;
  };

  it("is refused when a newer version wrote it", async () => {
    await within(database.url, (client) => client.query("insert into schema_versions (version, at) values (99, 0)"));
    expect(await refusal(database.url)).toMatch(/^Unusable: .*newer version of Youfigure \(schema 99/);
    await within(database.url, (client) => client.query("delete from schema_versions where version = 99"));
  });

  it("is refused when it isn't there, does not let us in, or is of another encoding", async () => {
    const wrong = (change: (url: URL) => void) => {
      const url = new URL(database.url);
      change(url);
      return url.href;
    };
    expect(await refusal(wrong((url) => (url.port = "1")))).toMatch(/^Unusable: .*ECONNREFUSED/);
    expect(await refusal(wrong((url) => (url.pathname = "/nowhere")))).toMatch(/^Unusable: .*does not exist/);
    expect(await refusal(wrong((url) => (url.password = "mistaken")))).toMatch(/^Unusable: .*password/);
    const latin = await bareDatabase("encoding 'LATIN1' locale 'C'");
    expect(await refusal(latin.url)).toMatch(/^Unusable: .*LATIN1.*UTF8/);
    await latin.drop();
  });

  it("is refused when it acknowledges what it may still lose", async () => {
    const bare = await bareDatabase();
    await within(bare.url, (client) => client.query(`alter database ${new URL(bare.url).pathname.slice(1)} set synchronous_commit = off`));
    expect(await refusal(bare.url)).toMatch(/^Unusable: .*synchronous_commit/);
    await bare.drop();
  });
});
