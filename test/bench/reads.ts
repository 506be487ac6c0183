import { brotliDecompressSync } from "node:zlib";
import { request } from "node:http";
import { once } from "node:events";
import type { Control } from "./controls.ts";
import { ORIGIN, PAGE_100, PAGE_1000 } from "./fill.ts";
import { type Load, serveControl, type Served } from "./processes.ts";
import { median } from "./statistics.ts";

const PAGES = { 100: PAGE_100, 1000: PAGE_1000 } as const;
export type PageSize = keyof typeof PAGES;
export const CONNECTIONS = [16, 64] as const;

export const threadPath = (url: string) => `/api/v1/thread?url=${encodeURIComponent(url)}`;

export interface ReadRow {
  server: string;
  comments: PageSize;
  connections: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** Microseconds of the server's processor a request. */
  cpu: number | null;
  /** Requests a second, and requests a second of processor time, both beside Hono with one header in the same round. */
  share: number;
  cpuShare: number | null;
}

interface Contestant extends Served {
  name: string;
  path: (comments: PageSize) => string;
}

/** Prepared reads of the built servers (by name) beside the controls that answer with the same bytes, in turns. */
export async function measureReads(
  built: Record<string, Served>,
  load: Load,
  rounds: { count: number; seconds: number },
): Promise<ReadRow[]> {
  const controls = await startControls(Object.values(built)[0]!);
  const ours = Object.entries(built).map(([name, served]) => ({ ...served, name, path: (n: PageSize) => threadPath(PAGES[n]) }));
  const all: Contestant[] = [...controls, ...ours];
  const rows: ReadRow[] = [];
  try {
    for (const comments of [100, 1000] as const) {
      for (const connections of CONNECTIONS) rows.push(...(await compare(all, { comments, connections, load, ...rounds })));
    }
  } finally {
    await Promise.all(controls.map((control) => control.end()));
  }
  return rows;
}

async function startControls(served: Served): Promise<Contestant[]> {
  const answers = { "/100": await fetchThread(served, PAGE_100), "/1000": await fetchThread(served, PAGE_1000) };
  const bodies = Object.fromEntries(Object.entries(answers).map(([path, { body }]) => [path, body.toString("base64")]));
  const one = { "content-type": "application/json; charset=utf-8" };
  const all = answers["/100"].headers;
  const kinds: [string, Control["kind"], Record<string, string>][] = [
    ["Hono, one header", "hono", one],
    ["Hono, all headers", "hono", all],
    ["node:http, one header", "node", one],
    ["node:http, all headers", "node", all],
  ];
  return Promise.all(
    kinds.map(async ([name, kind, headers]) => ({
      ...(await serveControl({ kind, bodies, headers })),
      name,
      path: (n: PageSize) => `/${n}`,
    })),
  );
}

/** As it stands on the wire, with the headers that are ours. Asked twice, since the first answer prepares. */
export async function fetchThread({ url }: Pick<Served, "url">, page: string): Promise<{ body: Buffer; headers: Record<string, string> }> {
  const ask = async () => {
    const asked = request(url + threadPath(page), { headers: { origin: ORIGIN, "accept-encoding": "br" } }).end();
    const [answer] = (await once(asked, "response")) as [import("node:http").IncomingMessage];
    const body = Buffer.concat(await answer.toArray());
    if (answer.statusCode !== 200) throw new Error(`The thread answers ${answer.statusCode}`);
    const transport = new Set(["date", "connection", "keep-alive", "transfer-encoding", "content-length"]);
    const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !transport.has(name))) as Record<string, string>;
    return { body, headers };
  };
  await ask();
  const answer = await ask();
  JSON.parse(brotliDecompressSync(answer.body).toString());
  return answer;
}

/** A server compiles what it does often only after some thousand requests. */
const WARM_UP = 2;

interface Round {
  perSecond: number;
  p50: number;
  p99: number;
  cpu: number | null;
}

async function compare(
  all: Contestant[],
  given: { comments: PageSize; connections: number; load: Load; count: number; seconds: number },
): Promise<ReadRow[]> {
  const { comments, connections, load, count, seconds } = given;
  const rounds: Round[][] = all.map(() => []);
  // The first rounds warm up and are not counted; each round begins with another server.
  for (let round = -WARM_UP; round < count; round++) {
    for (let turn = 0; turn < all.length; turn++) {
      const i = (turn + round + WARM_UP) % all.length;
      const server = all[i]!;
      const before = server.cpu();
      const measured = await load.run({ kind: "read", url: server.url + server.path(comments), connections, seconds });
      const after = server.cpu();
      const cpu = before === null || after === null ? null : (after - before) / measured.requests;
      if (round >= 0) rounds[i]!.push({ ...measured, cpu });
    }
  }
  const base = rounds[0]!;
  return all.map(({ name }, i) => ({ server: name, comments, connections, ...summed(rounds[i]!, base) }));
}

function summed(own: Round[], base: Round[]): Pick<ReadRow, "perSecond" | "p50" | "p99" | "cpu" | "share" | "cpuShare"> {
  const of = (pick: (round: Round) => number) => median(own.map(pick));
  const known = own.every(({ cpu }) => cpu !== null);
  return {
    perSecond: of(({ perSecond }) => perSecond),
    p50: of(({ p50 }) => p50),
    p99: of(({ p99 }) => p99),
    cpu: known ? of(({ cpu }) => cpu!) : null,
    share: median(own.map(({ perSecond }, i) => perSecond / base[i]!.perSecond)),
    cpuShare: known ? median(own.map(({ cpu }, i) => base[i]!.cpu! / cpu!)) : null,
  };
}
