/** Comments over HTTP, beside a Hono that only parses the same JSON. */
import { type Built, type Load, SECRET, serveControl, type Served } from "./processes.ts";
import { median } from "./statistics.ts";

export interface WriteRow {
  server: string;
  connections: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** Counted in the server's own SQLite; null for the control. */
  commitsPerWrite: number | null;
}

/** Comments of one round, by connections. */
const AMOUNT = { 1: 300, 16: 1_600 } as const;

export async function measureWrites(built: Record<string, Built>, load: Load, rounds: number): Promise<WriteRow[]> {
  const control = await serveControl({ kind: "hono-post", bodies: {}, headers: {} });
  const rows: WriteRow[] = [];
  try {
    for (const connections of [1, 16] as const) {
      const found = new Map<string, Omit<WriteRow, "server" | "connections">[]>();
      // The first round warms up and is not counted.
      for (let round = 0; round <= rounds; round++) {
        for (const [name, served] of [["Hono that parses the same JSON", control] as const, ...Object.entries(built)]) {
          const measured = await once(served, load, connections);
          if (round > 0) found.set(name, [...(found.get(name) ?? []), measured]);
        }
      }
      for (const [server, own] of found) rows.push({ server, connections, ...middle(own) });
    }
  } finally {
    await control.end();
  }
  return rows;
}

async function once(
  served: Served | Built,
  load: Load,
  connections: keyof typeof AMOUNT,
): Promise<Omit<WriteRow, "server" | "connections">> {
  const amount = AMOUNT[connections];
  const before = "commits" in served ? await served.commits() : 0;
  const { perSecond, p50, p99 } = await load.run({ kind: "write", url: served.url, connections, amount, secret: SECRET });
  const commitsPerWrite = "commits" in served ? ((await served.commits()) - before) / amount : null;
  return { perSecond, p50, p99, commitsPerWrite };
}

const middle = (own: Omit<WriteRow, "server" | "connections">[]): Omit<WriteRow, "server" | "connections"> => ({
  perSecond: median(own.map(({ perSecond }) => perSecond)),
  p50: median(own.map(({ p50 }) => p50)),
  p99: median(own.map(({ p99 }) => p99)),
  commitsPerWrite: own[0]!.commitsPerWrite === null ? null : median(own.map(({ commitsPerWrite }) => commitsPerWrite!)),
});
