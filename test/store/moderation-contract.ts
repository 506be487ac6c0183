import { describe, expect, it } from "vitest";
import type { Engine } from "./engines.ts";
import { at, newId, newLog, newSite, PAGE, put } from "./rows.ts";
import { subject } from "./subject.ts";

/** What every engine promises to moderators. */
export function moderationContract(engine: Engine): void {
  const on = subject(engine);

  describe("moderation", () => {
    it("moves comments, remembers where from, and restores them", async () => {
      const a = await put(on.store);
      const b = await put(on.store, null, { status: "spam", reason: "honeypot" });
      const log = newLog();
      expect(await on.store.setStatus(at(a.id, b.id, newId()), "trash", "moderator", log)).toEqual([
        { site: 1, id: a.id, from: "approved", to: "trash" },
        { site: 1, id: b.id, from: "spam", to: "trash" },
      ]);
      expect(await on.store.setStatus(at(a.id), "trash", "moderator", newLog())).toEqual([]);
      expect(await on.store.queueCounts()).toEqual({ held: 0, approved: 0, spam: 0, trash: 2 });
      expect(await on.store.setStatus(at(a.id, b.id), "former", null, newLog())).toMatchObject([{ to: "approved" }, { to: "held" }]);
      expect(await on.store.comment(1, a.id)).toMatchObject({ status: "approved", former: null, reason: null });
      expect(await on.store.log({ comment: a.id, limit: 10 })).toMatchObject([
        { from: "trash", to: "approved" },
        { id: log.id, from: "approved", to: "trash", site: 1, comment: a.id },
      ]);
    });

    it("keeps a stub above replies that stand", async () => {
      const a = await put(on.store);
      const b = await put(on.store, a.id);
      const c = await put(on.store, b.id);
      await on.store.setStatus(at(a.id, b.id), "trash", "moderator", newLog());
      expect(await on.tree()).toEqual([a.id, b.id, c.id]);
      expect(await on.store.comment(1, a.id)).toMatchObject({ shown: true, status: "trash", replies: 2 });
      await on.store.setStatus(at(c.id), "held", "moderator", newLog());
      expect(await on.tree()).toEqual([]);
      expect(await on.store.comment(1, a.id)).toMatchObject({ shown: false, replies: 0 });
    });

    it("deletes for good: leaves go, stubs stay blank and go with their last reply", async () => {
      const a = await put(on.store, null, { website: "https://ada.example/" });
      const b = await put(on.store, a.id);
      await on.store.edit(1, a.id, { source: "other", editedAt: 1 }, newLog("edit"));
      expect(await on.store.purge(at(a.id), newLog("purge"))).toBe(1);
      expect(await on.store.comment(1, a.id)).toMatchObject({
        status: "removed",
        name: "",
        email: "",
        website: "",
        source: "",
        body: [],
        ipHash: null,
      });
      expect(await on.store.revisions(1, a.id)).toEqual([]);
      expect(await on.tree()).toEqual([a.id, b.id]);
      expect(await on.store.purge(at(b.id, newId()), newLog("purge"))).toBe(1);
      expect(await on.store.comment(1, a.id)).toBeNull();
      expect(await on.store.comment(1, b.id)).toBeNull();
      expect((await on.page()).counts).toEqual({ held: 0, approved: 0, spam: 0, trash: 0 });
    });

    it("empties the trash of what was put there before", async () => {
      const [a, b, c] = [await put(on.store), await put(on.store), await put(on.store)];
      await on.store.setStatus(at(a.id), "trash", null, newLog());
      on.now += 1000;
      await on.store.setStatus(at(b.id), "trash", null, newLog());
      expect(await on.store.purgeTrash(1, on.now, newLog("purge"))).toBe(1);
      expect(await on.store.comment(1, a.id)).toBeNull();
      expect(await on.tree()).toEqual([c.id]);
      expect(await on.store.queueCounts(1, 1)).toEqual({ held: 0, approved: 1, spam: 0, trash: 1 });
    });

    it("edits, keeps the former text, and refuses what has changed meanwhile", async () => {
      const a = await put(on.store, null, { source: "one" });
      const edited = await on.store.edit(1, a.id, { source: "two", body: [[0, "two"]], editedAt: 7 }, newLog("edit"), a.version);
      expect(edited).toMatchObject({ source: "two", body: [[0, "two"]], editedAt: 7, version: 2 });
      expect(await on.store.edit(1, a.id, { source: "three", editedAt: 8 }, newLog("edit"), a.version)).toBe("changed");
      expect(await on.store.edit(1, newId(), { source: "three", editedAt: 8 }, newLog("edit"))).toBeNull();
      expect(await on.store.revisions(1, a.id)).toMatchObject([{ source: "one", by: "owner", format: "markdown", name: "Ada" }]);
      const held = await on.store.edit(1, a.id, { source: "four", status: "held", reason: "edited", editedAt: null }, newLog("edit"));
      expect(held).toMatchObject({ status: "held", reason: "edited", editedAt: 7, shown: false });
      expect((await on.page()).counts).toMatchObject({ held: 1, approved: 0 });
    });

    it("does not take a reply for a change of what is answered", async () => {
      const a = await put(on.store);
      await put(on.store, a.id);
      expect(await on.store.edit(1, a.id, { source: "two", editedAt: 7 }, newLog("edit"), a.version)).toMatchObject({ source: "two" });
    });

    it("knows who was approved before, whatever the case", async () => {
      const a = await put(on.store, null, { email: "Ada@Reader.example", name: "Ada Ä" });
      expect(await on.store.hasApproved(1, "ada@reader.EXAMPLE", "ada ä")).toBe(true);
      expect(await on.store.hasApproved(1, "ada@reader.example", "bob")).toBe(false);
      await on.store.setStatus(at(a.id), "held", null, newLog());
      expect(await on.store.hasApproved(1, "ada@reader.example", "ada ä")).toBe(false);
    });
  });

  describe("the queue", () => {
    it("lists by key across sites, with the page and whom it answers", async () => {
      await on.store.addSite(newSite("Two", "https://two.example"), newLog("site"));
      const a = await put(on.store);
      const b = await put(on.store, null, { site: 2, id: a.id });
      const c = await put(on.store, a.id, { status: "held", name: "Bob" });
      const spam = await put(on.store, null, { status: "spam" });
      const first = await on.store.queue({ sort: "newest", limit: 2 });
      expect(first.rows.map(({ row, page, to }) => [row.site, row.id, page.key, to])).toEqual([
        [1, c.id, PAGE, "Ada"],
        [1, a.id, PAGE, null],
        [2, b.id, PAGE, null],
      ]);
      expect(first.next).toBeNull();
      expect((await on.store.queue({ status: "spam", sort: "oldest", limit: 5 })).rows.map(({ row }) => row.id)).toEqual([spam.id]);
      const oldest = await on.store.queue({ site: 1, page: 1, sort: "oldest", limit: 1 });
      expect(oldest).toMatchObject({ rows: [{ row: { id: a.id } }], next: a.id });
      expect(await on.store.queue({ site: 1, sort: "oldest", limit: 1, after: oldest.next! })).toMatchObject({
        rows: [{ row: { id: c.id } }],
      });
    });

    it("finds words in text, name and e-mail, the last as a beginning", async () => {
      const a = await put(on.store, null, { source: "The quick brown fox", name: "Zoë Müller", email: "zoe@fox.example" });
      const b = await put(on.store, null, { source: "A slow fox", status: "held" });
      await put(on.store, null, { source: "A fox in spam", status: "spam" });
      const found = async (search: string, more = {}) =>
        (await on.store.queue({ search, sort: "oldest", limit: 10, ...more })).rows.map(({ row }) => row.id);
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
      await on.store.edit(1, a.id, { source: "gone", editedAt: 1 }, newLog("edit"));
      await on.store.purge(at(b.id), newLog("purge"));
      expect(await found("quick")).toEqual([]);
      expect(await found("slow")).toEqual([]);
    });
  });
}
