import { expect, it, vi } from "vitest";
import { openPostgres } from "../../server/store/postgres/index.ts";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import type { Store } from "../../server/store/store.ts";
import { databaseName } from "../../server/main.ts";
import { startServer } from "../faults/process.ts";
import { place, type Placed } from "../server/place.ts";
import { FROM } from "./mailing.ts";
import { openSink } from "./sink.ts";

const LETTERS = 60;
const KILLS = 4;
/** A dead server's lease has run out by then, and whatever was put off is due. */
const LATER = 24 * 3_600_000;

function open({ engine, env }: Placed, now: () => number = Date.now): Promise<Store> {
  const url = env["DATABASE_URL"]!;
  return engine === "postgres" ? openPostgres({ url, now }) : openSqlite({ path: databaseName(url), now });
}

it("a server that is killed while it sends loses no letter, and doubles none but the one in hand, under its own Message-ID (R-14)", async () => {
  const placed = await place();
  const sink = await openSink();
  const within = async <T>(use: (store: Store) => Promise<T>, now?: () => number) => {
    const store = await open(placed, now);
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
    const server = await startServer({ database: "", env: { ...placed.env, SMTP_URL: sink.url, MAIL_FROM: FROM } });
    await vi.waitFor(() => expect(sink.arrived.length).toBeGreaterThanOrEqual(kill * 8), { timeout: 60_000, interval: 5 });
    server.kill("SIGKILL");
    await server.ended;
    // The dead server's lease runs out by the clock; here another takes it then, and gives it back.
    await within(
      async (store) => {
        expect(await store.leaseLetters(0, "the next", Date.now() + LATER)).toBe(true);
        await store.releaseLetters(0, "the next");
      },
      () => Date.now() + LATER,
    );
  }
  const waiting = await within(
    async (store) => {
      await store.retryLetters(null);
      return (await store.lettersDue(0, LETTERS)).map(({ to }) => to);
    },
    () => Date.now() + LATER,
  );
  await sink.close();
  await placed.remove();
  const came = new Map<string, string[]>();
  for (const { to, raw } of sink.arrived) came.set(to[0]!, [...(came.get(to[0]!) ?? []), /^Message-ID: (.*)$/im.exec(raw)?.[1] ?? ""]);
  expect(addresses.filter((to) => !came.has(to) && !waiting.includes(to))).toEqual([]);
  const doubled = [...came].filter(([to, ids]) => ids.length > 1 || waiting.includes(to));
  expect(doubled.length).toBeLessThanOrEqual(KILLS);
  for (const [, ids] of doubled) expect(new Set(ids).size).toBe(1);
}, 240_000);
