import { describe, expect, it } from "vitest";
import { Refusal } from "../../server/refusal.ts";
import type { StoreChange, Turn } from "../../server/store/records.ts";
import type { Engine } from "./engines.ts";
import { at, newId, newLog, newRow, newSite, PAGE, put } from "./rows.ts";
import { subject } from "./subject.ts";

const agree = ([one, other]: string[]) => one === other;

/** What every engine promises of imports, sites, pages, owners and what lies beside. */
export function keepingContract(engine: Engine): void {
  const on = subject(engine);

  describe("loading", () => {
    it("adds once, whatever the state, and keeps the tree", async () => {
      const a = newRow(null, { status: "held" });
      const b = newRow(a.id);
      const c = newRow(b.id, { status: "spam" });
      expect(await on.store.load([a, b, c])).toEqual({ added: 3, known: 0 });
      expect(await on.store.load([a, b, c, newRow(null, { pageKey: "blog.example/b" })])).toEqual({ added: 1, known: 3 });
      expect(await on.tree()).toEqual([a.id, b.id]);
      expect(await on.page()).toMatchObject({ version: 1, counts: { held: 1, approved: 1, spam: 1 } });
      const rows = [];
      for await (const { row, page } of on.store.exportRows(1)) rows.push([page.id, row.id]);
      expect(rows.map(([, id]) => id).slice(0, 3)).toEqual([a.id, b.id, c.id]);
      expect(rows).toHaveLength(4);
    });

    it("adds nothing where a reply does not fit", async () => {
      const early = newId();
      const a = newRow();
      const other = newRow(null, { pageKey: "blog.example/b" });
      await expect(on.store.load([a, newRow(newId())])).rejects.toThrow(/not there/);
      await expect(on.store.load([a, newRow(a.id, { id: early })])).rejects.toThrow(/sort after/);
      await expect(on.store.load([a, other, newRow(other.id)])).rejects.toThrow(/another page/);
      expect(await on.page()).toBeNull();
      expect((await on.store.queue({ sort: "oldest", limit: 9 })).rows).toEqual([]);
    });
  });

  describe("sites and pages", () => {
    it("gives each origin to one site, and takes all of a site away", async () => {
      const two = await on.store.addSite(newSite("Two", "https://two.example"), newLog("site"));
      await expect(on.store.addSite(newSite(), newLog("site"))).rejects.toEqual(new Refusal("origin_taken"));
      await expect(on.store.updateSite(two.id, { origins: ["https://blog.example"] }, newLog("site"))).rejects.toMatchObject({
        code: "origin_taken",
      });
      const changed = await on.store.updateSite(two.id, { name: "Three", aliases: { "a.example": "two.example" } }, newLog("site"));
      expect(changed).toMatchObject({ name: "Three", origins: ["https://two.example"] });
      expect((await on.store.sites())[1]).toEqual(changed);
      await put(on.store, null, { site: 2 });
      expect(await on.store.removeSite(2, newLog("site"))).toBe(true);
      expect(await on.store.removeSite(2, newLog("site"))).toBe(false);
      expect(await on.store.queueCounts()).toEqual({ held: 0, approved: 0, spam: 0, trash: 0 });
      expect((await on.store.addSite(newSite("Four", "https://two.example"), newLog("site"))).id).toBe(3);
    });

    it("makes, titles, closes and lists pages", async () => {
      expect(await on.store.setPage(1, PAGE, { open: false }, newLog("page"))).toMatchObject({ open: false, title: "", titleFixed: false });
      await put(on.store);
      expect(await on.page()).toMatchObject({ title: "A page", open: false });
      expect(await on.store.setPage(1, PAGE, { title: "50% _off" }, newLog("page"))).toMatchObject({ titleFixed: true });
      await on.store.setPage(1, "blog.example/b", { title: "500 off" }, newLog("page"));
      const keys = async (search?: string) => (await on.store.pages({ site: 1, limit: 9, search })).map((page) => page.key);
      expect(await keys()).toEqual(["blog.example/b", PAGE]);
      expect(await keys("0% _OFF")).toEqual([PAGE]);
      expect(await on.store.pages({ site: 1, limit: 9, after: 2 })).toHaveLength(1);
    });
  });

  describe("owners", () => {
    const owner = { id: "o1", name: "Ann", role: "Owner", email: "ann@blog.example", passphrase: null, createdAt: 1 };
    const passkey = { id: "k1", owner: "o1", publicKey: "pk", counter: 0, transports: ["internal"], label: "Phone", createdAt: 2 };

    it("lets only one of many be the first", async () => {
      const all = await Promise.all([1, 2, 3].map((n) => on.store.addFirstOwner({ ...owner, id: `o${n}` }, null, newLog("owner"))));
      expect(all.filter(Boolean)).toHaveLength(1);
      expect(await on.store.owners()).toHaveLength(1);
    });

    it("keeps passkeys, sessions and links", async () => {
      expect(await on.store.addFirstOwner(owner, passkey, newLog("owner"))).toBe(true);
      await on.store.updateOwner("o1", { passphrase: "scrypt$x" }, newLog("owner"));
      expect(await on.store.owners()).toEqual([{ ...owner, passphrase: "scrypt$x" }]);
      await on.store.usePasskey("k1", 5);
      await on.store.addPasskey({ ...passkey, id: "k2", createdAt: 3 }, newLog("owner"));
      expect(await on.store.passkeys("o1")).toMatchObject([{ id: "k1", counter: 5, transports: ["internal"] }, { id: "k2" }]);
      expect(await on.store.removePasskey("o1", "k1", newLog("owner"))).toBe(true);
      expect(await on.store.removePasskey("o1", "k1", newLog("owner"))).toBe(false);
      const session = { hash: "s1", owner: "o1", createdAt: 1, expiresAt: on.now + 5 };
      await on.store.addSession(session);
      await on.store.addSession({ ...session, hash: "s2" });
      expect(await on.store.session("s1")).toEqual(session);
      await on.store.removeSession("s1");
      expect(await on.store.session("s1")).toBeNull();
      await on.store.removeSessions("o1");
      expect(await on.store.session("s2")).toBeNull();
      await on.store.addLink({ hash: "l1", purpose: "setup", expiresAt: on.now + 5 });
      expect(await on.store.hasLink("l1", "login", on.now)).toBe(false);
      expect(await on.store.hasLink("l1", "setup", on.now)).toBe(true);
      expect(await on.store.hasLink("l1", "setup", on.now + 5)).toBe(false);
      expect((await Promise.all([1, 2].map(() => on.store.useLink("l1", "setup", on.now)))).filter(Boolean)).toHaveLength(1);
    });
  });

  describe("what lies beside", () => {
    it("keeps values, and forgets addresses", async () => {
      await on.store.setValue("salt", "a");
      await on.store.setValue("salt", "b");
      expect([await on.store.value("salt"), await on.store.value("none")]).toEqual(["b", null]);
      expect(await Promise.all(["c", "d"].map((value) => on.store.replaceValue("new", null, value)))).toSatisfy(agree);
      expect(await Promise.all(["e", "f"].map((value) => on.store.replaceValue("salt", "b", value)))).toSatisfy(agree);
      expect(await on.store.replaceValue("salt", "b", "g")).toMatch(/^[ef]$/);
      const a = await put(on.store);
      const b = await put(on.store);
      await on.store.sweep(on.now, Number.parseInt(b.id.slice(0, 8) + b.id.slice(9, 13), 16));
      expect([(await on.store.comment(1, a.id))?.ipHash, (await on.store.comment(1, b.id))?.ipHash]).toEqual([null, "c0ffee"]);
    });

    it("gives turns: some at once, then one after another, and all or none of several", async () => {
      const turn = { key: "ada", every: 1_000, burst: 3 };
      const take = (...turns: Turn[]) => on.store.takeTurns(1, turns.length > 0 ? turns : [turn]);
      expect((await Promise.all([1, 2, 3, 4, 5].map(() => take()))).toSorted()).toEqual([0, 0, 0, 1_000, 1_000]);
      on.now += 400;
      expect(await take()).toBe(600);
      expect(await take({ ...turn, key: "bob" })).toBe(0);
      expect(await on.store.takeTurns(0, [turn])).toBe(0);
      on.now += 600;
      expect([await take(), await take()]).toEqual([0, 1_000]);
      expect(await take({ ...turn, key: "eve", burst: 1 }, turn)).toBe(1_000);
      expect(await take({ ...turn, key: "eve", burst: 1 })).toBe(0);
      await on.store.giveTurnsBack(1, [turn]);
      expect([await take(), await take()]).toEqual([0, 1_000]);
      on.now += 60_000;
      await on.store.sweep(on.now, 0);
      expect([await take(), await take(), await take(), await take()]).toEqual([0, 0, 0, 1_000]);
    });

    it("locks nobody out when the clock is set back", async () => {
      const turn = { key: "ada", every: 1_000, burst: 1 };
      expect(await on.store.takeTurns(1, [turn])).toBe(0);
      on.now -= 86_400_000;
      expect(await on.store.takeTurns(1, [turn])).toBe(0);
      expect(await on.store.takeTurns(1, [turn])).toBe(1_000);
    });

    it("tells who listens, after each commit, which pages changed", async () => {
      const heard: StoreChange[] = [];
      const stop = on.store.onChange((change) => heard.push(change));
      const a = await put(on.store);
      expect(heard.splice(0)).toEqual([{ site: 1, key: PAGE }]);
      await on.store.setStatus(at(a.id), "trash", null, newLog());
      expect(heard.splice(0)).toEqual([{ site: 1, key: PAGE }]);
      await on.store.updateSite(1, { name: "New" }, newLog("site"));
      expect(heard.splice(0)).toEqual(["all"]);
      stop();
      await put(on.store);
      expect(heard).toEqual([]);
    });

    it("lets one of many that fail fail alone", async () => {
      const row = newRow();
      const all = await Promise.allSettled([on.store.add(row, []), on.store.add(row, []), on.store.add(newRow(), [])]);
      expect(all.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      expect((await on.page()).counts.approved).toBe(2);
      await on.store.ping();
    });
  });
}
