import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Claim, Slice } from "../../server/store/records.ts";
import type { Body } from "../../server/wire/body.ts";
import type { Engine } from "./engines.ts";
import { newId, newRow, PAGE, put } from "./rows.ts";
import { subject } from "./subject.ts";

/** What every engine promises of comments: to keep, claim and read them. */
export function commentsContract(engine: Engine): void {
  const on = subject(engine);

  describe("a new comment", () => {
    it("is read back as it was written, with its place and its page", async () => {
      const row = newRow(null, { body: [[0, "A ", [2, "word"]]], website: "https://ada.example/", role: "Owner", editedAt: 5 });
      const added = await on.store.add(row, []);
      expect(added).toMatchObject({ ok: true, page: { key: PAGE, title: "A page", version: 1, open: true, counts: { approved: 1 } } });
      const { pageKey, pageTitle, ...written } = row;
      const rest = { page: 1, root: row.id, depth: 0, former: null, account: null, version: 1, shown: true, replies: 0 };
      expect(await on.store.comment(1, row.id)).toEqual({ ...written, ...rest });
      expect(added.ok && added.row).toEqual(await on.store.comment(1, row.id));
      expect([pageKey, pageTitle]).toEqual([PAGE, "A page"]);
    });

    it("keeps any text whole", async () => {
      for (const source of ["", "a\nb\n\n\nc", " lead", "ünï \u{1F600} مرحبا", "'; drop table comments; --", "\t\ta\t\n\n"]) {
        const row = await put(on.store, null, { source });
        expect(await on.store.comment(1, row.id)).toMatchObject({ source });
      }
    });

    it("answers only what is approved and stands on the same page", async () => {
      const held = await put(on.store, null, { status: "held" });
      const other = await put(on.store, null, { pageKey: "blog.example/b" });
      for (const parent of [held.id, other.id, newId()]) {
        expect(await on.store.add(newRow(parent), [])).toEqual({ ok: false, taken: "parent" });
        expect(await on.store.add(newRow(parent, { pageKey: "blog.example/new" }), [])).toEqual({ ok: false, taken: "parent" });
      }
      expect(await on.store.page(1, "blog.example/new")).toBeNull();
      expect((await on.page()).version).toBe(1);
    });

    it("sorts after what it answers even when the clock was set back", async () => {
      const early = newId();
      const parent = await put(on.store);
      const reply = await put(on.store, parent.id, { id: early });
      expect(reply.id > parent.id).toBe(true);
      expect(await on.tree()).toEqual([parent.id, reply.id]);
    });

    it("is refused on a site that is gone", async () => {
      await expect(on.store.add(newRow(null, { site: 9 }), [])).rejects.toMatchObject({ code: "not_found" });
    });
  });

  describe("a claim", () => {
    const HASH = createHash("sha256").update("once").digest("hex");
    const claim = (more: Partial<Claim> = {}): Claim => ({ kind: "token", hash: HASH, expiresAt: 1_700_000_010_000, ...more });

    it("is held by one comment, and the next leaves nothing behind", async () => {
      const first = newRow();
      await on.store.add(first, [claim({ kind: "idempotency", request: "r1" }), claim()]);
      const again = newRow(null, { pageKey: "blog.example/never" });
      expect(await on.store.add(again, [claim()])).toEqual({ ok: false, taken: "token", comment: first.id, request: null });
      expect(await on.store.add(again, [claim({ kind: "idempotency", request: "r2" })])).toMatchObject({
        taken: "idempotency",
        request: "r1",
      });
      expect(await on.store.page(1, "blog.example/never")).toBeNull();
      expect(await on.store.comment(1, again.id)).toBeNull();
      expect(await on.store.claimed(1, "token", HASH)).toEqual({ comment: first.id, request: null });
    });

    it("that was free is free still when another of the same comment is held", async () => {
      const other = createHash("sha256").update("another").digest("hex");
      const first = newRow();
      await on.store.add(first, [claim()]);
      const claims = [claim({ kind: "idempotency", hash: other }), claim(), claim({ kind: "duplicate", hash: other })];
      expect(await on.store.add(newRow(), claims)).toEqual({ ok: false, taken: "token", comment: first.id, request: null });
      expect(await on.store.claimed(1, "idempotency", other)).toBeNull();
      expect(await on.store.claimed(1, "duplicate", other)).toBeNull();
    });

    it("is told before a parent that is gone, and not taken for such a comment", async () => {
      const first = newRow();
      await on.store.add(first, [claim()]);
      const orphan = newRow(newId());
      expect(await on.store.add(orphan, [claim()])).toMatchObject({ taken: "token", comment: first.id });
      const free = claim({ kind: "duplicate" });
      expect(await on.store.add(orphan, [free])).toEqual({ ok: false, taken: "parent" });
      expect(await on.store.claimed(1, "duplicate", HASH)).toBeNull();
    });

    it("is free again when it has expired, before it is swept and after", async () => {
      await on.store.add(newRow(), [claim()]);
      on.now += 10_001;
      expect(await on.store.claimed(1, "token", HASH)).toBeNull();
      const next = newRow();
      expect(await on.store.add(next, [claim({ expiresAt: on.now + 1 })])).toMatchObject({ ok: true });
      expect(await on.store.claimed(1, "token", HASH)).toMatchObject({ comment: next.id });
      on.now += 2;
      await on.store.sweep(on.now, 0);
      expect(await on.store.add(newRow(), [claim({ expiresAt: on.now + 1 })])).toMatchObject({ ok: true });
    });

    it("goes to exactly one of many that race for it", async () => {
      const all = await Promise.all(Array.from({ length: 40 }, () => on.store.add(newRow(), [claim()])));
      expect(all.filter((added) => added.ok)).toHaveLength(1);
      expect((await on.page()).counts.approved).toBe(1);
    });
  });

  describe("reading a page", () => {
    it("gives parents before children, thread by thread, in both orders", async () => {
      const a = await put(on.store);
      const b = await put(on.store);
      const a1 = await put(on.store, a.id);
      const b1 = await put(on.store, b.id);
      const a11 = await put(on.store, a1.id);
      const hidden = await put(on.store, a.id, { status: "held" });
      expect(await on.tree()).toEqual([a.id, a1.id, a11.id, b.id, b1.id]);
      expect(await on.tree({ sort: "newest" })).toEqual([b.id, b1.id, a.id, a1.id, a11.id]);
      expect(await on.tree({ threads: 1 })).toEqual([a.id, a1.id, a11.id]);
      expect(await on.tree()).not.toContain(hidden.id);
      expect(await on.store.comment(1, a.id)).toMatchObject({ replies: 2 });
    });

    it("goes on by key, and shares what fits fairly among the threads", async () => {
      const tops = [];
      for (let i = 0; i < 4; i++) tops.push(await put(on.store));
      for (let i = 0; i < 10; i++) await put(on.store, tops[0]!.id);
      for (let i = 0; i < 2; i++) await put(on.store, tops[1]!.id);
      const slice = await on.store.threads({ site: 1, page: 1, sort: "oldest", threads: 3, comments: 9 });
      const perThread = tops.map((top) => slice.rows.filter((row) => row.root === top.id).length);
      expect(perThread).toEqual([5, 3, 1, 0]);
      expect(slice.next).toBe(tops[2]!.id);
      const rest = await on.store.threads({ site: 1, page: 1, sort: "oldest", threads: 3, comments: 9, after: slice.next! });
      expect(rest).toMatchObject({ rows: [{ id: tops[3]!.id }], next: null });
      const replies = await on.store.replies({ site: 1, page: 1, root: tops[0]!.id, limit: 7 });
      const others = await on.store.replies({ site: 1, page: 1, root: tops[0]!.id, limit: 7, after: replies.next! });
      expect([replies.rows.length, others.rows.length, others.next]).toEqual([7, 3, null]);
    });

    it("comes in parts where its comments are heavy, each of them once, and no part is large", async () => {
      const tree: Body = Array.from({ length: 4_000 }, () => [2, "a"]);
      const tops: string[] = [];
      for (let n = 0; n < 12; n++) {
        const top = await put(on.store, null, { body: tree });
        for (let reply = 0; reply < n % 3; reply++) await put(on.store, top.id, { body: tree });
        tops.push(top.id);
      }
      const light = await put(on.store);
      const weighed = ({ rows, next }: Slice) => {
        expect(JSON.stringify(rows.map(({ body }) => body)).length).toBeLessThan(220_000);
        return { ids: rows.map(({ id }) => id), next };
      };
      for (const sort of ["oldest", "newest"] as const) {
        const ids: string[] = [];
        for (let after: string | undefined; ;) {
          const part = weighed(await on.store.threads({ site: 1, page: 1, sort, threads: 50, comments: 200, after }));
          ids.push(...part.ids);
          if (part.next === null) break;
          after = part.next;
        }
        const seen = ids.filter((id) => tops.includes(id));
        expect(seen).toEqual(sort === "oldest" ? tops : tops.toReversed());
        expect(ids).toContain(light.id);
        expect(new Set(ids).size).toBe(ids.length);
      }
      const [site, key, limit] = [1, PAGE, 100];
      expect(await on.store.changes({ site, key, after: 0, limit })).toMatchObject({ whole: false, rows: [] });
      const queued: string[] = [];
      for (let after: string | undefined; ;) {
        const { rows, next } = await on.store.queue({ site, sort: "newest", limit: 50, after });
        queued.push(...weighed({ rows: rows.map(({ row }) => row), next }).ids);
        if (next === null) break;
        after = next;
      }
      expect([queued.length, new Set(queued).size]).toEqual([25, 25]);
      const busy = tops[2]!;
      for (let n = 0; n < 8; n++) await put(on.store, busy, { body: tree });
      const replies: string[] = [];
      for (let after: string | undefined; ;) {
        const part = weighed(await on.store.replies({ site: 1, page: 1, root: busy, after, limit: 100 }));
        replies.push(...part.ids);
        if (part.next === null) break;
        after = part.next;
      }
      expect([replies.length, new Set(replies).size]).toEqual([10, 10]);
    });

    it("leads to a comment deep in a thread", async () => {
      const path = [await put(on.store)];
      for (let i = 0; i < 6; i++) path.push(await put(on.store, path.at(-1)!.id));
      const around = await on.store.around({ site: 1, id: path[5]!.id, ancestors: 2, limit: 1 });
      expect(around.rows.map((row) => row.id)).toEqual([0, 3, 4, 5, 6].map((i) => path[i]!.id));
      expect(around.next).toBeNull();
      const top = await on.store.around({ site: 1, id: path[0]!.id, ancestors: 2, limit: 1 });
      expect(top).toMatchObject({ rows: [{ id: path[0]!.id }, { id: path[1]!.id }], next: path[1]!.id });
      const held = await put(on.store, path[0]!.id, { status: "held" });
      expect(await on.store.around({ site: 1, id: held.id, ancestors: 2, limit: 1 })).toEqual({ rows: [], next: null });
    });

    it("counts what is approved, for the pages that there are", async () => {
      await put(on.store);
      await put(on.store, null, { status: "spam" });
      expect(await on.store.counts(1, [PAGE, "blog.example/none"])).toEqual(new Map([[PAGE, 1]]));
    });
  });
}
