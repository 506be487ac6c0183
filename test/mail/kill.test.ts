import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import { startServer } from "../faults/process.ts";
import { FROM } from "./mailing.ts";
import { openSink } from "./sink.ts";

const LETTERS = 60;
const KILLS = 4;

it("a server that is killed while it sends loses no letter, and doubles none but the one in hand, under its own Message-ID (R-14)", async () => {
  const folder = mkdtempSync(join(tmpdir(), "youfigure-kill-mail-"));
  const database = join(folder, "comments.db");
  const sink = await openSink();
  const within = async <T>(use: (store: Awaited<ReturnType<typeof openSqlite>>) => Promise<T>) => {
    const store = await openSqlite({ path: database });
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  };
  const addresses = Array.from({ length: LETTERS }, (_, i) => `reader${i}@reader.example`);
  const base = { site: 0, kind: "test", lang: "en", about: {}, dueAt: Date.now(), expiresAt: Date.now() + 86_400_000 } as const;
  await within((store) => store.addLetters(addresses.map((to) => ({ ...base, key: `test ${to}`, to }))));
  for (let kill = 1; kill <= KILLS; kill++) {
    const server = await startServer({ database, env: { SMTP_URL: sink.url, MAIL_FROM: FROM } });
    await vi.waitFor(() => expect(sink.arrived.length).toBeGreaterThanOrEqual(kill * 8), { timeout: 30_000, interval: 5 });
    server.kill("SIGKILL");
    await server.ended;
    // The dead server's lease runs out by the clock; here it is ended by hand.
    await within(async (store) => {
      const { default: Database } = await import("better-sqlite3");
      const db = new Database(database);
      db.exec("delete from letter_leases");
      db.close();
      await store.ping();
    });
  }
  const waiting = await within(async (store) => {
    await store.retryLetters(null);
    const soon = await openSqlite({ path: database, now: () => Date.now() + 3_600_000 });
    const due = await soon.lettersDue(0, LETTERS);
    await soon.close();
    return due.map(({ to }) => to);
  });
  await sink.close();
  rmSync(folder, { recursive: true });
  const came = new Map<string, string[]>();
  for (const { to, raw } of sink.arrived) came.set(to[0]!, [...(came.get(to[0]!) ?? []), /^Message-ID: (.*)$/im.exec(raw)?.[1] ?? ""]);
  expect(addresses.filter((to) => !came.has(to) && !waiting.includes(to))).toEqual([]);
  const doubled = [...came].filter(([to, ids]) => ids.length > 1 || waiting.includes(to));
  expect(doubled.length).toBeLessThanOrEqual(KILLS);
  for (const [, ids] of doubled) expect(new Set(ids).size).toBe(1);
}, 120_000);
