import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Status } from "../../server/wire/comment.ts";
import type { Store } from "../../server/store/store.ts";
import { ENGINES } from "./engines.ts";
import { Model } from "./model.ts";
import { at, newId, newLog, newRow, newSite, PAGE } from "./rows.ts";

const which = fc.nat({ max: 30 });
const status = fc.constantFrom<Status>("held", "approved", "spam", "trash");
const word = fc.constantFrom("fox", "hen", "owl");
const NAMES = ["Ada", "Ben"];
const name = fc.constantFrom(...NAMES);
const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant("add" as const), below: fc.option(which), status, word, name }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant("load" as const), rows: fc.array(fc.record({ below: fc.option(which), status, word, name })) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant("move" as const),
      which: fc.array(which),
      to: fc.oneof(status, fc.constant("former" as const)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant("edit" as const), which, word, name, status: fc.option(fc.constant("held" as const)) }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("purge" as const), which: fc.array(which) }) },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** Does it to both; returns whether the page changed. */
async function perform(deed: Act, model: Model, store: Store): Promise<boolean> {
  const pick = (n: number | null) => (n === null || model.comments.length === 0 ? null : model.comments[n % model.comments.length]!);
  const keep = (row: ReturnType<typeof newRow>) =>
    model.comments.push({ id: row.id, parent: row.parent, status: row.status, former: null, source: row.source, name: row.name });
  if (deed.act === "add") {
    const parent = pick(deed.below);
    const row = newRow(parent?.id ?? null, { status: deed.status, source: deed.word, name: deed.name });
    const fits = parent === null || parent.status === "approved";
    expect((await store.add(row, [])).ok).toBe(fits);
    if (fits) keep(row);
    return fits;
  }
  if (deed.act === "load") {
    const rows = deed.rows.map(({ below, status, word, name }) => {
      const row = newRow(pick(below)?.id ?? null, { status, source: word, name });
      keep(row);
      return row;
    });
    expect(await store.load(rows)).toEqual({ added: rows.length, known: 0 });
    return rows.length > 0;
  }
  if (deed.act === "edit") {
    const comment = pick(deed.which);
    const patch = { source: deed.word, name: deed.name, editedAt: 1, ...(deed.status && { status: deed.status }) };
    const edited = await store.edit(1, comment?.id ?? newId(), patch, newLog("edit"));
    const known = comment !== null && comment.status !== "removed";
    expect(edited !== null).toBe(known);
    if (!known) return false;
    Object.assign(comment, { source: deed.word, name: deed.name });
    if (deed.status) model.move(comment.id, deed.status);
    return true;
  }
  const ids = deed.which.map((n) => pick(n)?.id ?? newId());
  if (deed.act === "move") {
    const moved = ids.map((id) => model.move(id, deed.to)).filter(Boolean).length;
    expect(await store.setStatus(at(...ids), deed.to, null, newLog())).toHaveLength(moved);
    return moved > 0;
  }
  const purged = ids.map((id) => model.purge(id)).filter(Boolean).length;
  expect(await store.purge(at(...ids), newLog("purge"))).toBe(purged);
  return purged > 0;
}

/** A reader who has a page open: what stands on the screen, and the version it is of. */
interface Screen {
  version: number;
  texts: Map<string, string>;
}

/** Tells the reader what changed, as an event would. */
async function update(screen: Screen, store: Store): Promise<void> {
  const changes = await store.changes({ site: 1, key: PAGE, after: screen.version, limit: 1_000 });
  if (!changes) return;
  expect(changes.whole).toBe(true);
  for (const { id, status, source } of changes.rows) screen.texts.set(id, status === "approved" ? source : "");
  for (const id of changes.gone) screen.texts.delete(id);
  screen.version = changes.page.version;
}

async function compare(model: Model, store: Store): Promise<void> {
  const rows = [];
  for await (const { row } of store.exportRows(1)) rows.push(row);
  expect(
    rows.map(({ id, parent, root, depth, status, former, source, name, shown, replies }) => {
      return { id, parent, root, depth, status, former, source, name, shown, replies };
    }),
  ).toEqual(
    model.all().map((comment) => ({
      ...comment,
      root: model.root(comment).id,
      depth: model.depth(comment),
      shown: model.shown(comment),
      replies: model.replies(comment),
    })),
  );
  expect(await store.queueCounts()).toEqual(model.counts());
  expect(await store.queueCounts(1, 1)).toEqual(model.counts());
  for (const name of NAMES) {
    const wrote = model.comments.some((comment) => comment.name === name && comment.status === "approved");
    expect(await store.hasApproved(1, "ada@reader.example", name)).toBe(wrote);
  }
  for (const [threads, comments] of [
    [50, 200],
    [3, 5],
  ] as const) {
    expect(await walk(store, threads, comments)).toEqual(model.thread());
  }
  for (const search of ["fox", "hen", "owl"]) {
    const found = (await store.queue({ search, sort: "oldest", limit: 100 })).rows.map(({ row }) => row.id);
    const open = model.all().filter(({ status, source }) => source === search && (status === "held" || status === "approved"));
    expect(found).toEqual(open.map(({ id }) => id));
  }
}

/** Reads a whole page as a reader does who follows every “show more”. */
async function walk(store: Store, threads: number, comments: number): Promise<string[]> {
  const byRoot = new Map<string, string[]>();
  let after: string | undefined;
  do {
    const slice = await store.threads({ site: 1, page: 1, sort: "oldest", threads, comments, after });
    expect(slice.rows.length).toBeLessThanOrEqual(comments);
    for (const row of slice.rows) byRoot.set(row.root, [...(byRoot.get(row.root) ?? []), row.id]);
    after = slice.next ?? undefined;
  } while (after !== undefined);
  for (const [root, ids] of byRoot) {
    for (let next: string | null = ids.at(-1)!; next !== null;) {
      const slice = await store.replies({ site: 1, page: 1, root, after: next, limit: 2 });
      ids.push(...slice.rows.map((row) => row.id));
      next = slice.next;
    }
  }
  return [...byRoot.values()].flat();
}

for (const engine of ENGINES) {
  describe(engine.name, () => {
    it("keeps tree, stubs, counters, versions, search and the screens of those who are told of changes as a plain list would have them", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 25 }), async (acts) => {
          const { store, drop } = await engine.make();
          try {
            await store.addSite(newSite(), newLog("site"));
            const model = new Model();
            let version = 0;
            const screens = [1, 3].map((every) => ({ every, version: 0, texts: new Map<string, string>() }));
            for (const [n, deed] of acts.entries()) {
              if (await perform(deed, model, store)) version++;
              for (const screen of screens) if (n % screen.every === 0) await update(screen, store);
              expect((await store.page(1, PAGE))?.version ?? 0).toBe(version);
            }
            await compare(model, store);
            const shown = model.all().filter(model.shown);
            const seen = new Map(shown.map(({ id, status, source }) => [id, status === "approved" ? source : ""]));
            for (const screen of screens) {
              await update(screen, store);
              expect(screen.texts).toEqual(seen);
            }
          } finally {
            await drop();
          }
        }),
        { numRuns: 50 },
      );
    }, 300_000);
  });
}
