/** What every engine promises. Each file of the suite takes the engine it is to hold to account. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Refusal } from "../../server/refusal.ts";
import type { Claim, Store, StoreChange } from "../../server/store/store.ts";
import type { Engine } from "./engines.ts";
import { at, newId, newLog, newRow, newSite, PAGE, put } from "./rows.ts";

export function contract(engine: Engine): void {
  let store: Store;
  let drop: () => Promise<void>;
  let now = 1_700_000_000_000;
  beforeEach(async () => {
    now = 1_700_000_000_000;
    ({ store, drop } = await engine.make(() => now));
    await store.addSite(newSite(), newLog("site"));
  });
  afterEach(() => drop());
  const page = async () => (await store.page(1, PAGE))!;
  const tree = async (query = {}) =>
    (await store.threads({ site: 1, page: 1, sort: "oldest", threads: 50, comments: 200, ...query })).rows.map((row) => row.id);

  describe("a new comment", () => {
    it("is read back as it was written, with its place and its page", async () => {
      const row = newRow(null, { body: [[0, "A ", [2, "word"]]], website: "https://ada.example/", role: "Owner", editedAt: 5 });
      const added = await store.add(row, []);
      expect(added).toMatchObject({ ok: true, page: { key: PAGE, title: "A page", version: 1, open: true, counts: { approved: 1 } } });
      const { pageKey, pageTitle, ...written } = row;
      const rest = { page: 1, root: row.id, depth: 0, former: null, version: 1, shown: true, replies: 0 };
      expect(await store.comment(1, row.id)).toEqual({ ...written, ...rest });
      expect(added.ok && added.row).toEqual(await store.comment(1, row.id));
      expect([pageKey, pageTitle]).toEqual([PAGE, "A page"]);
    });

    it("keeps any text whole", async () => {
      for (const source of ["", "a\nb\n\n\nc", " lead", "ünï \u{1F600} مرحبا", "'; drop table comments; --", "\t\ta\t\n\n"]) {
        const row = await put(store, null, { source });
        expect(await store.comment(1, row.id)).toMatchObject({ source });
      }
    });

    it("answers only what is approved and stands on the same page", async () => {
      const held = await put(store, null, { status: "held" });
      const other = await put(store, null, { pageKey: "blog.example/b" });
      for (const parent of [held.id, other.id, newId()]) {
        expect(await store.add(newRow(parent), [])).toEqual({ ok: false, taken: "parent" });
        expect(await store.add(newRow(parent, { pageKey: "blog.example/new" }), [])).toEqual({ ok: false, taken: "parent" });
      }
      expect(await store.page(1, "blog.example/new")).toBeNull();
      expect((await page()).version).toBe(1);
    });

    it("sorts after what it answers even when the clock was set back", async () => {
      const early = newId();
      const parent = await put(store);
      const reply = await put(store, parent.id, { id: early });
      expect(reply.id > parent.id).toBe(true);
      expect(await tree()).toEqual([parent.id, reply.id]);
    });

    it("is refused on a site that is gone", async () => {
      await expect(store.add(newRow(null, { site: 9 }), [])).rejects.toMatchObject({ code: "not_found" });
    });
  });

  describe("a claim", () => {
    const claim = (more: Partial<Claim> = {}): Claim => ({ kind: "token", hash: "ab", expiresAt: 1_700_000_010_000, ...more });

    it("is held by one comment, and the next leaves nothing behind", async () => {
      const first = newRow();
      await store.add(first, [claim({ kind: "idempotency", request: "r1" }), claim()]);
      const again = newRow(null, { pageKey: "blog.example/never" });
      expect(await store.add(again, [claim()])).toEqual({ ok: false, taken: "token", comment: first.id, request: null });
      expect(await store.add(again, [claim({ kind: "idempotency", request: "r2" })])).toMatchObject({
        taken: "idempotency",
        request: "r1",
      });
      expect(await store.page(1, "blog.example/never")).toBeNull();
      expect(await store.comment(1, again.id)).toBeNull();
      expect(await store.claimed(1, "token", "ab")).toEqual({ comment: first.id, request: null });
    });

    it("is free again when it has expired, before it is swept and after", async () => {
      await store.add(newRow(), [claim()]);
      now += 10_001;
      expect(await store.claimed(1, "token", "ab")).toBeNull();
      const next = newRow();
      expect(await store.add(next, [claim({ expiresAt: now + 1 })])).toMatchObject({ ok: true });
      expect(await store.claimed(1, "token", "ab")).toMatchObject({ comment: next.id });
      now += 2;
      await store.sweep(now, 0);
      expect(await store.add(newRow(), [claim({ expiresAt: now + 1 })])).toMatchObject({ ok: true });
    });

    it("goes to exactly one of many that race for it", async () => {
      const all = await Promise.all(Array.from({ length: 40 }, () => store.add(newRow(), [claim()])));
      expect(all.filter((added) => added.ok)).toHaveLength(1);
      expect((await page()).counts.approved).toBe(1);
    });
  });

  describe("reading a page", () => {
    it("gives parents before children, thread by thread, in both orders", async () => {
      const a = await put(store);
      const b = await put(store);
      const a1 = await put(store, a.id);
      const b1 = await put(store, b.id);
      const a11 = await put(store, a1.id);
      const hidden = await put(store, a.id, { status: "held" });
      expect(await tree()).toEqual([a.id, a1.id, a11.id, b.id, b1.id]);
      expect(await tree({ sort: "newest" })).toEqual([b.id, b1.id, a.id, a1.id, a11.id]);
      expect(await tree({ threads: 1 })).toEqual([a.id, a1.id, a11.id]);
      expect(await tree()).not.toContain(hidden.id);
      expect(await store.comment(1, a.id)).toMatchObject({ replies: 2 });
    });

    it("goes on by key, and shares what fits fairly among the threads", async () => {
      const tops = [];
      for (let i = 0; i < 4; i++) tops.push(await put(store));
      for (let i = 0; i < 10; i++) await put(store, tops[0]!.id);
      for (let i = 0; i < 2; i++) await put(store, tops[1]!.id);
      const slice = await store.threads({ site: 1, page: 1, sort: "oldest", threads: 3, comments: 9 });
      const perThread = tops.map((top) => slice.rows.filter((row) => row.root === top.id).length);
      expect(perThread).toEqual([5, 3, 1, 0]);
      expect(slice.next).toBe(tops[2]!.id);
      const rest = await store.threads({ site: 1, page: 1, sort: "oldest", threads: 3, comments: 9, after: slice.next! });
      expect(rest).toMatchObject({ rows: [{ id: tops[3]!.id }], next: null });
      const replies = await store.replies({ site: 1, page: 1, root: tops[0]!.id, limit: 7 });
      const others = await store.replies({ site: 1, page: 1, root: tops[0]!.id, limit: 7, after: replies.next! });
      expect([replies.rows.length, others.rows.length, others.next]).toEqual([7, 3, null]);
    });

    it("leads to a comment deep in a thread", async () => {
      const path = [await put(store)];
      for (let i = 0; i < 6; i++) path.push(await put(store, path.at(-1)!.id));
      const around = await store.around({ site: 1, id: path[5]!.id, ancestors: 2, limit: 1 });
      expect(around.rows.map((row) => row.id)).toEqual([0, 3, 4, 5, 6].map((i) => path[i]!.id));
      expect(around.next).toBeNull();
      const top = await store.around({ site: 1, id: path[0]!.id, ancestors: 2, limit: 1 });
      expect(top).toMatchObject({ rows: [{ id: path[0]!.id }, { id: path[1]!.id }], next: path[1]!.id });
      const held = await put(store, path[0]!.id, { status: "held" });
      expect(await store.around({ site: 1, id: held.id, ancestors: 2, limit: 1 })).toEqual({ rows: [], next: null });
    });

    it("counts what is approved, for the pages that there are", async () => {
      await put(store);
      await put(store, null, { status: "spam" });
      expect(await store.counts(1, [PAGE, "blog.example/none"])).toEqual(new Map([[PAGE, 1]]));
    });
  });

  describe("moderation", () => {
    it("moves comments, remembers where from, and restores them", async () => {
      const a = await put(store);
      const b = await put(store, null, { status: "spam", reason: "honeypot" });
      const log = newLog();
      expect(await store.setStatus(at(a.id, b.id, newId()), "trash", "moderator", log)).toEqual([
        { site: 1, id: a.id, from: "approved", to: "trash" },
        { site: 1, id: b.id, from: "spam", to: "trash" },
      ]);
      expect(await store.setStatus(at(a.id), "trash", "moderator", newLog())).toEqual([]);
      expect(await store.queueCounts()).toEqual({ held: 0, approved: 0, spam: 0, trash: 2 });
      expect(await store.setStatus(at(a.id, b.id), "former", null, newLog())).toMatchObject([{ to: "approved" }, { to: "held" }]);
      expect(await store.comment(1, a.id)).toMatchObject({ status: "approved", former: null, reason: null });
      expect(await store.log({ comment: a.id, limit: 10 })).toMatchObject([
        { from: "trash", to: "approved" },
        { id: log.id, from: "approved", to: "trash", site: 1, comment: a.id },
      ]);
    });

    it("keeps a stub above replies that stand", async () => {
      const a = await put(store);
      const b = await put(store, a.id);
      const c = await put(store, b.id);
      await store.setStatus(at(a.id, b.id), "trash", "moderator", newLog());
      expect(await tree()).toEqual([a.id, b.id, c.id]);
      expect(await store.comment(1, a.id)).toMatchObject({ shown: true, status: "trash", replies: 2 });
      await store.setStatus(at(c.id), "held", "moderator", newLog());
      expect(await tree()).toEqual([]);
      expect(await store.comment(1, a.id)).toMatchObject({ shown: false, replies: 0 });
    });

    it("deletes for good: leaves go, stubs stay blank and go with their last reply", async () => {
      const a = await put(store, null, { website: "https://ada.example/" });
      const b = await put(store, a.id);
      await store.edit(1, a.id, { source: "other", editedAt: 1 }, newLog("edit"));
      expect(await store.purge(at(a.id), newLog("purge"))).toBe(1);
      expect(await store.comment(1, a.id)).toMatchObject({
        status: "removed",
        name: "",
        email: "",
        website: "",
        source: "",
        body: [],
        ipHash: null,
      });
      expect(await store.revisions(1, a.id)).toEqual([]);
      expect(await tree()).toEqual([a.id, b.id]);
      expect(await store.purge(at(b.id, newId()), newLog("purge"))).toBe(1);
      expect(await store.comment(1, a.id)).toBeNull();
      expect(await store.comment(1, b.id)).toBeNull();
      expect((await page()).counts).toEqual({ held: 0, approved: 0, spam: 0, trash: 0 });
    });

    it("empties the trash of what was put there before", async () => {
      const [a, b, c] = [await put(store), await put(store), await put(store)];
      await store.setStatus(at(a.id), "trash", null, newLog());
      now += 1000;
      await store.setStatus(at(b.id), "trash", null, newLog());
      expect(await store.purgeTrash(1, now, newLog("purge"))).toBe(1);
      expect(await store.comment(1, a.id)).toBeNull();
      expect(await tree()).toEqual([c.id]);
      expect(await store.queueCounts(1, 1)).toEqual({ held: 0, approved: 1, spam: 0, trash: 1 });
    });

    it("edits, keeps the former text, and refuses what has changed meanwhile", async () => {
      const a = await put(store, null, { source: "one" });
      const edited = await store.edit(1, a.id, { source: "two", body: [[0, "two"]], editedAt: 7 }, newLog("edit"), a.version);
      expect(edited).toMatchObject({ source: "two", body: [[0, "two"]], editedAt: 7, version: 2 });
      expect(await store.edit(1, a.id, { source: "three", editedAt: 8 }, newLog("edit"), a.version)).toBe("changed");
      expect(await store.edit(1, newId(), { source: "three", editedAt: 8 }, newLog("edit"))).toBeNull();
      expect(await store.revisions(1, a.id)).toMatchObject([{ source: "one", by: "owner", format: "markdown", name: "Ada" }]);
      const held = await store.edit(1, a.id, { source: "four", status: "held", reason: "edited", editedAt: null }, newLog("edit"));
      expect(held).toMatchObject({ status: "held", reason: "edited", editedAt: 7, shown: false });
      expect((await page()).counts).toMatchObject({ held: 1, approved: 0 });
    });

    it("does not take a reply for a change of what is answered", async () => {
      const a = await put(store);
      await put(store, a.id);
      expect(await store.edit(1, a.id, { source: "two", editedAt: 7 }, newLog("edit"), a.version)).toMatchObject({ source: "two" });
    });

    it("knows who was approved before, whatever the case", async () => {
      const a = await put(store, null, { email: "Ada@Reader.example", name: "Ada Ä" });
      expect(await store.hasApproved(1, "ada@reader.EXAMPLE", "ada ä")).toBe(true);
      expect(await store.hasApproved(1, "ada@reader.example", "bob")).toBe(false);
      await store.setStatus(at(a.id), "held", null, newLog());
      expect(await store.hasApproved(1, "ada@reader.example", "ada ä")).toBe(false);
    });
  });

  describe("the queue", () => {
    it("lists by key across sites, with the page and whom it answers", async () => {
      await store.addSite(newSite("Two", "https://two.example"), newLog("site"));
      const a = await put(store);
      const b = await put(store, null, { site: 2, id: a.id });
      const c = await put(store, a.id, { status: "held", name: "Bob" });
      const spam = await put(store, null, { status: "spam" });
      const first = await store.queue({ sort: "newest", limit: 2 });
      expect(first.rows.map(({ row, page, to }) => [row.site, row.id, page.key, to])).toEqual([
        [1, c.id, PAGE, "Ada"],
        [1, a.id, PAGE, null],
        [2, b.id, PAGE, null],
      ]);
      expect(first.next).toBeNull();
      expect((await store.queue({ status: "spam", sort: "oldest", limit: 5 })).rows.map(({ row }) => row.id)).toEqual([spam.id]);
      const oldest = await store.queue({ site: 1, page: 1, sort: "oldest", limit: 1 });
      expect(oldest).toMatchObject({ rows: [{ row: { id: a.id } }], next: a.id });
      expect(await store.queue({ site: 1, sort: "oldest", limit: 1, after: oldest.next! })).toMatchObject({
        rows: [{ row: { id: c.id } }],
      });
    });

    it("finds words in text, name and e-mail, the last as a beginning", async () => {
      const a = await put(store, null, { source: "The quick brown fox", name: "Zoë Müller", email: "zoe@fox.example" });
      const b = await put(store, null, { source: "A slow fox", status: "held" });
      await put(store, null, { source: "A fox in spam", status: "spam" });
      const found = async (search: string, more = {}) =>
        (await store.queue({ search, sort: "oldest", limit: 10, ...more })).rows.map(({ row }) => row.id);
      expect(await found("fox")).toEqual([a.id, b.id]);
      expect(await found("fox", { sort: "newest" })).toEqual([b.id, a.id]);
      expect(await found("fox", { status: "held" })).toEqual([b.id]);
      expect(await found("fox", { site: 1, page: 1, after: a.id })).toEqual([b.id]);
      expect(await found("fox", { site: 2 })).toEqual([]);
      expect(await found("zoe mull")).toEqual([a.id]);
      expect(await found("zoe@fox.exam")).toEqual([a.id]);
      expect(await found("isheld")).toEqual([]);
      for (const odd of ['"', "'", "*", "NEAR(fox", "fox OR slow", "%", "a:b", "(", "-", "{facet}", "\\", "\0"]) await found(odd);
      expect(await found("fox OR slow")).toEqual([]);
      await store.edit(1, a.id, { source: "gone", editedAt: 1 }, newLog("edit"));
      await store.purge(at(b.id), newLog("purge"));
      expect(await found("quick")).toEqual([]);
      expect(await found("slow")).toEqual([]);
    });
  });

  describe("loading", () => {
    it("adds once, whatever the state, and keeps the tree", async () => {
      const a = newRow(null, { status: "held" });
      const b = newRow(a.id);
      const c = newRow(b.id, { status: "spam" });
      expect(await store.load([a, b, c])).toEqual({ added: 3, known: 0 });
      expect(await store.load([a, b, c, newRow(null, { pageKey: "blog.example/b" })])).toEqual({ added: 1, known: 3 });
      expect(await tree()).toEqual([a.id, b.id]);
      expect(await page()).toMatchObject({ version: 1, counts: { held: 1, approved: 1, spam: 1 } });
      const rows = [];
      for await (const { row, page } of store.exportRows(1)) rows.push([page.id, row.id]);
      expect(rows.map(([, id]) => id).slice(0, 3)).toEqual([a.id, b.id, c.id]);
      expect(rows).toHaveLength(4);
    });

    it("adds nothing where a reply does not fit", async () => {
      const early = newId();
      const a = newRow();
      const other = newRow(null, { pageKey: "blog.example/b" });
      await expect(store.load([a, newRow(newId())])).rejects.toThrow(/not there/);
      await expect(store.load([a, newRow(a.id, { id: early })])).rejects.toThrow(/sort after/);
      await expect(store.load([a, other, newRow(other.id)])).rejects.toThrow(/another page/);
      expect(await page()).toBeNull();
      expect((await store.queue({ sort: "oldest", limit: 9 })).rows).toEqual([]);
    });
  });

  describe("sites and pages", () => {
    it("gives each origin to one site, and takes all of a site away", async () => {
      const two = await store.addSite(newSite("Two", "https://two.example"), newLog("site"));
      await expect(store.addSite(newSite(), newLog("site"))).rejects.toEqual(new Refusal("origin_taken"));
      await expect(store.updateSite(two.id, { origins: ["https://blog.example"] }, newLog("site"))).rejects.toMatchObject({
        code: "origin_taken",
      });
      const changed = await store.updateSite(two.id, { name: "Three", aliases: { "a.example": "two.example" } }, newLog("site"));
      expect(changed).toMatchObject({ name: "Three", origins: ["https://two.example"] });
      expect((await store.sites())[1]).toEqual(changed);
      await put(store, null, { site: 2 });
      expect(await store.removeSite(2, newLog("site"))).toBe(true);
      expect(await store.removeSite(2, newLog("site"))).toBe(false);
      expect(await store.queueCounts()).toEqual({ held: 0, approved: 0, spam: 0, trash: 0 });
      expect((await store.addSite(newSite("Four", "https://two.example"), newLog("site"))).id).toBe(3);
    });

    it("makes, titles, closes and lists pages", async () => {
      expect(await store.setPage(1, PAGE, { open: false }, newLog("page"))).toMatchObject({ open: false, title: "", titleFixed: false });
      await put(store);
      expect(await page()).toMatchObject({ title: "A page", open: false });
      expect(await store.setPage(1, PAGE, { title: "50% _off" }, newLog("page"))).toMatchObject({ titleFixed: true });
      await store.setPage(1, "blog.example/b", { title: "500 off" }, newLog("page"));
      const keys = async (search?: string) => (await store.pages({ site: 1, limit: 9, search })).map((page) => page.key);
      expect(await keys()).toEqual(["blog.example/b", PAGE]);
      expect(await keys("0% _OFF")).toEqual([PAGE]);
      expect(await store.pages({ site: 1, limit: 9, after: 2 })).toHaveLength(1);
    });
  });

  describe("owners", () => {
    const owner = { id: "o1", name: "Ann", role: "Owner", email: "ann@blog.example", passphrase: null, createdAt: 1 };
    const passkey = { id: "k1", owner: "o1", publicKey: "pk", counter: 0, transports: ["internal"], label: "Phone", createdAt: 2 };

    it("lets only one of many be the first", async () => {
      const all = await Promise.all([1, 2, 3].map((n) => store.addFirstOwner({ ...owner, id: `o${n}` }, null, newLog("owner"))));
      expect(all.filter(Boolean)).toHaveLength(1);
      expect(await store.owners()).toHaveLength(1);
    });

    it("keeps passkeys, sessions and links", async () => {
      expect(await store.addFirstOwner(owner, passkey, newLog("owner"))).toBe(true);
      await store.updateOwner("o1", { passphrase: "scrypt$x" }, newLog("owner"));
      expect(await store.owners()).toEqual([{ ...owner, passphrase: "scrypt$x" }]);
      await store.usePasskey("k1", 5);
      await store.addPasskey({ ...passkey, id: "k2", createdAt: 3 }, newLog("owner"));
      expect(await store.passkeys("o1")).toMatchObject([{ id: "k1", counter: 5, transports: ["internal"] }, { id: "k2" }]);
      expect(await store.removePasskey("o1", "k1", newLog("owner"))).toBe(true);
      expect(await store.removePasskey("o1", "k1", newLog("owner"))).toBe(false);
      const session = { hash: "s1", owner: "o1", createdAt: 1, expiresAt: now + 5 };
      await store.addSession(session);
      await store.addSession({ ...session, hash: "s2" });
      expect(await store.session("s1")).toEqual(session);
      await store.removeSession("s1");
      expect(await store.session("s1")).toBeNull();
      await store.removeSessions("o1");
      expect(await store.session("s2")).toBeNull();
      await store.addLink({ hash: "l1", purpose: "setup", expiresAt: now + 5 });
      expect(await store.hasLink("l1", "login", now)).toBe(false);
      expect(await store.hasLink("l1", "setup", now)).toBe(true);
      expect(await store.hasLink("l1", "setup", now + 5)).toBe(false);
      expect((await Promise.all([1, 2].map(() => store.useLink("l1", "setup", now)))).filter(Boolean)).toHaveLength(1);
    });
  });

  describe("what lies beside", () => {
    it("keeps values, and forgets addresses", async () => {
      await store.setValue("salt", "a");
      await store.setValue("salt", "b");
      expect([await store.value("salt"), await store.value("none")]).toEqual(["b", null]);
      const a = await put(store);
      const b = await put(store);
      await store.sweep(now, Number.parseInt(b.id.slice(0, 8) + b.id.slice(9, 13), 16));
      expect([(await store.comment(1, a.id))?.ipHash, (await store.comment(1, b.id))?.ipHash]).toEqual([null, "c0ffee"]);
    });

    it("tells who listens, after each commit, which pages changed", async () => {
      const heard: StoreChange[] = [];
      const stop = store.onChange((change) => heard.push(change));
      const a = await put(store);
      expect(heard.splice(0)).toEqual([{ site: 1, key: PAGE }]);
      await store.setStatus(at(a.id), "trash", null, newLog());
      expect(heard.splice(0)).toEqual([{ site: 1, key: PAGE }]);
      await store.updateSite(1, { name: "New" }, newLog("site"));
      expect(heard.splice(0)).toEqual(["all"]);
      stop();
      await put(store);
      expect(heard).toEqual([]);
    });

    it("lets one of many that fail fail alone", async () => {
      const row = newRow();
      const all = await Promise.allSettled([store.add(row, []), store.add(row, []), store.add(newRow(), [])]);
      expect(all.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      expect((await page()).counts.approved).toBe(2);
      await store.ping();
    });
  });
}
