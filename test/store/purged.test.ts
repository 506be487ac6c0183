import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import { at, newLog, newRow, newSite, put } from "./rows.ts";

test("what was deleted for good stands nowhere in the file any more, not a word of it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "youfigure-purged-"));
  const path = join(folder, "comments.db");
  const store = await openSqlite({ path });
  const indexed = () => store.queue({ search: "zznothingzz", sort: "oldest", limit: 1 });
  for (const [name, origin] of [
    ["Blog", "https://blog.example"],
    ["Gone", "https://gone.example"],
  ] as const)
    await store.addSite(newSite(name, origin), newLog("site"));
  const kept = await put(store, null, { source: "zzkeptzz" });
  const marked = { source: "zzsecretone", name: "zzsecrettwo", email: "zzsecretthree@reader.example", pageTitle: "A page" };
  const alone = await put(store, null, marked);
  const answered = await put(store, null, { ...marked, name: "zzsecretfour" });
  await put(store, answered.id);
  await put(store, null, { ...marked, site: 2 });
  await indexed();
  await store.load(Array.from({ length: 3_000 }, (_, i) => newRow(null, { source: `Another ${i} ${"word ".repeat(i % 50)}` })));
  await store.edit(1, alone.id, { source: "zzsecretfive", editedAt: 1 }, newLog("edit"));
  await indexed();

  expect(await store.purge(at(alone.id, answered.id), newLog("purge"))).toBe(2);
  await store.removeSite(2, newLog("site"));
  await store.sweep(Date.now(), 0);
  const { rows } = await store.queue({ search: "zzkeptzz", sort: "oldest", limit: 1 });
  await store.close();
  const file = readFileSync(path).toString("latin1");
  rmSync(folder, { recursive: true });
  expect(rows.map(({ row }) => row.id)).toEqual([kept.id]);
  expect(file).toContain("zzkept");
  expect(file.match(/zzsecret\w*|secret(?:one|two|three|four|five)/g)).toBeNull();
});
