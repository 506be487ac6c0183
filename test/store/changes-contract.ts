import { describe, expect, it } from "vitest";
import type { Engine } from "./engines.ts";
import { at, newLog, newRow, PAGE, put } from "./rows.ts";
import { subject } from "./subject.ts";

/** What every engine tells those who have a version of a page. */
export function changesContract(engine: Engine): void {
  const on = subject(engine);
  const since = (after: number, limit = 100) => on.store.changes({ site: 1, key: PAGE, after, limit });
  const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

  describe("changes since a version", () => {
    it("are none of a page that does not exist, and none since now", async () => {
      expect(await since(0)).toBeNull();
      await put(on.store);
      expect(await since(1)).toMatchObject({ page: { version: 1 }, rows: [], gone: [], whole: true });
    });

    it("are what was added, edited, approved and answered, in order, each as it is now", async () => {
      const a = await put(on.store);
      const held = await put(on.store, null, { status: "held" });
      const b = await put(on.store, a.id, { name: "Bo" });
      await on.store.edit(1, a.id, { source: "new", editedAt: 1 }, newLog("edit"));
      expect(ids((await since(0))!.rows)).toEqual([b.id, a.id]);
      await on.store.setStatus(at(held.id), "approved", null, newLog());
      const changes = (await since(2))!;
      expect(ids(changes.rows)).toEqual([b.id, a.id, held.id]);
      expect(changes.rows[1]).toMatchObject({ source: "new", replies: 1 });
      expect(changes.replies).toEqual(new Map([[a.id, 1]]));
      expect(changes.names).toEqual(new Map([[a.id, "Ada"]]));
    });

    it("tell what readers no longer see, whether hidden or deleted for good, with the stubs that stood for its sake", async () => {
      const a = await put(on.store);
      const b = await put(on.store, a.id);
      const c = await put(on.store, b.id);
      await on.store.setStatus(at(b.id), "trash", "moderator", newLog());
      expect((await since(3))!).toMatchObject({ rows: [{ id: b.id, status: "trash", shown: true }], gone: [] });
      await on.store.setStatus(at(c.id), "spam", "moderator", newLog());
      expect((await since(4))!).toMatchObject({ rows: [], gone: expect.toSatisfy((gone: string[]) => new Set(gone).size === 2) });
      await on.store.purge(at(b.id, c.id), newLog("purge"));
      const { gone, replies, rows } = (await since(3))!;
      expect([rows, new Set(gone), replies]).toEqual([[], new Set([b.id, c.id]), new Map([[a.id, 0]])]);
      await on.store.purge(at(a.id), newLog("purge"));
      expect(new Set((await since(3))!.gone)).toEqual(new Set([a.id, b.id, c.id]));
    });

    it("name nothing that readers never saw", async () => {
      await put(on.store);
      const held = await put(on.store, null, { status: "held" });
      await on.store.setStatus(at(held.id), "spam", "moderator", newLog());
      await on.store.purge(at(held.id), newLog("purge"));
      expect(await since(1)).toMatchObject({ rows: [], gone: [], whole: true });
    });

    it("bring back what was hidden meanwhile and is shown again", async () => {
      const a = await put(on.store);
      await on.store.setStatus(at(a.id), "trash", "moderator", newLog());
      await on.store.setStatus(at(a.id), "former", null, newLog());
      expect(await since(1)).toMatchObject({ rows: [{ id: a.id }], gone: [] });
    });

    it("are withheld where they would be too many, or the version was never this page's", async () => {
      await on.store.load([newRow(), newRow(), newRow()]);
      expect(await since(0, 3)).toMatchObject({ rows: [{}, {}, {}], whole: true });
      expect(await since(0, 2)).toMatchObject({ page: { version: 1 }, rows: [], gone: [], whole: false });
      expect(await since(2)).toMatchObject({ rows: [], whole: false });
    });

    it("end with the site", async () => {
      const a = await put(on.store);
      await on.store.setStatus(at(a.id), "trash", null, newLog());
      expect(await on.store.removeSite(1, newLog("site"))).toBe(true);
      expect(await since(0)).toBeNull();
    });
  });
}
