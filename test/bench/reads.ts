/** Reads over HTTP beside controls that answer with the same bytes: prepared threads, 304, counts. */
import { brotliDecompressSync } from "node:zlib";
import { request } from "node:http";
import { once } from "node:events";
import type { Control } from "./controls.ts";
import { ORIGIN, PAGE_1, PAGE_100, PAGE_1000, PAGE_50000, pageUrl } from "./fill.ts";
import { type Load, serveControl, type Served } from "./processes.ts";
import { median } from "./statistics.ts";

/** What is asked for: the first answer of a page with so many comments, the same while nothing changed, counts of 50 pages. */
export type Asked = "1" | "100" | "1,000" | "50,000" | "100, not changed" | "counts of 50 pages";
const PAGES = { "1": PAGE_1, "100": PAGE_100, "1,000": PAGE_1000, "50,000": PAGE_50000, "100, not changed": PAGE_100 } as const;

/** By these the aims are judged. */
export const CONNECTIONS = [16, 64] as const;
const CASES: { asked: Asked; connections: number; judged?: true }[] = [
  { asked: "100", connections: 1 },
  { asked: "100", connections: 16, judged: true },
  { asked: "100", connections: 64, judged: true },
  { asked: "100", connections: 256 },
  { asked: "1", connections: 64 },
  { asked: "1,000", connections: 64 },
  { asked: "50,000", connections: 64 },
  { asked: "100, not changed", connections: 64 },
  { asked: "counts of 50 pages", connections: 16 },
];

export const threadPath = (url: string) => `/api/v1/thread?url=${encodeURIComponent(url)}`;
const COUNTS = `/api/v1/counts?${Array.from({ length: 50 }, (_, n) => `url=${encodeURIComponent(pageUrl(n))}`).join("&")}`;
const pathOf = (asked: Asked) => (asked === "counts of 50 pages" ? COUNTS : threadPath(PAGES[asked]));

export interface ReadRow {
  server: string;
  asked: Asked;
  connections: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** Microseconds of the server's processor a request: the median round and the least. */
  cpu: number | null;
  leastCpu: number | null;
  /** Requests a second, and requests a second of processor time, both beside Hono with one header in the same round. */
  share: number;
  cpuShare: number | null;
  /** The least processor time of all rounds beside Hono's least. */
  leastShare: number | null;
}

interface Contestant extends Served {
  name: string;
  path: (asked: Asked) => string;
  /** The one that has the page of 50,000. */
  large?: boolean;
}

/** The built servers (by name) beside the controls, in turns; the one called `large` has the page of 50,000 comments. */
export async function measureReads(
  built: Record<string, Served>,
  load: Load,
  given: { count: number; seconds: number; large: string },
): Promise<ReadRow[]> {
  const controls = await startControls(built[given.large]!);
  const ours = Object.entries(built).map(([name, served]) => ({ ...served, name, path: pathOf, large: name === given.large }));
  const rows: ReadRow[] = [];
  try {
    for (const each of CASES) {
      const all = contestantsFor(each.asked, controls, ours);
      const rounds = each.judged ? { count: given.count, warmUp: 2 } : { count: Math.min(3, given.count), warmUp: 1 };
      rows.push(...(await compare(all, { ...each, load, seconds: given.seconds, ...rounds })));
    }
  } finally {
    await Promise.all(controls.map((control) => control.end()));
  }
  return rows;
}

/** All for the page by which the aims are judged; for the others two controls, and of ours only the one that has the page of 50,000, or all but that one. */
function contestantsFor(asked: Asked, controls: Contestant[], ours: Contestant[]): Contestant[] {
  if (asked === "100") return [...controls, ...ours];
  return [controls[0]!, controls.at(-1)!, ...ours.filter(({ large }) => large === (asked === "50,000"))];
}

/** A short path of its own for each, which spares them what ours does to find a page. */
const shortPath = (asked: Asked) => `/${asked.replaceAll(/\W/g, "")}`;

async function startControls(served: Served): Promise<Contestant[]> {
  const names = ["1", "100", "1,000", "50,000", "counts of 50 pages"] as const;
  const answers = new Map<Asked, Answer>();
  for (const asked of names) answers.set(asked, await ask(served, pathOf(asked)));
  const thread = answers.get("100")!;
  // A control does not look whether anything changed: it sends the whole.
  answers.set("100, not changed", thread);
  const bodies = Object.fromEntries([...answers].map(([asked, { body }]) => [shortPath(asked), body.toString("base64")]));
  const one = { "content-type": "application/json; charset=utf-8" };
  const kinds: [string, Control["kind"], Record<string, string>][] = [
    ["Hono, one header", "hono", one],
    ["Hono, all headers", "hono", thread.headers],
    ["node:http, one header", "node", one],
    ["node:http, all headers", "node", thread.headers],
  ];
  return Promise.all(
    kinds.map(async ([name, kind, headers]) => ({ ...(await serveControl({ kind, bodies, headers })), name, path: shortPath })),
  );
}

interface Answer {
  body: Buffer;
  headers: Record<string, string>;
}

/** Asked twice, since the first answer prepares. */
export async function fetchThread(served: Pick<Served, "url">, page: string): Promise<Answer> {
  await ask(served, threadPath(page));
  const answer = await ask(served, threadPath(page));
  JSON.parse(brotliDecompressSync(answer.body).toString());
  return answer;
}

/** As it stands on the wire, with the headers that are ours. */
async function ask({ url }: Pick<Served, "url">, path: string): Promise<Answer> {
  const asked = request(url + path, { headers: { origin: ORIGIN, "accept-encoding": "br" } }).end();
  const [answer] = (await once(asked, "response")) as [import("node:http").IncomingMessage];
  const body = Buffer.concat(await answer.toArray());
  if (answer.statusCode !== 200) throw new Error(`${path} answers ${answer.statusCode}`);
  const transport = new Set(["date", "connection", "keep-alive", "transfer-encoding", "content-length"]);
  const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !transport.has(name))) as Record<string, string>;
  return { body, headers };
}

interface Round {
  perSecond: number;
  p50: number;
  p99: number;
  cpu: number | null;
}

interface Comparison {
  asked: Asked;
  connections: number;
  load: Load;
  count: number;
  /** A server compiles what it does often only after some thousand requests: these rounds are not counted. */
  warmUp: number;
  seconds: number;
}

async function compare(all: Contestant[], given: Comparison): Promise<ReadRow[]> {
  const { asked, connections, count, warmUp } = given;
  const rounds: Round[][] = all.map(() => []);
  const etags = await Promise.all(
    all.map(async (server) => (asked === "100, not changed" ? (await ask(server, server.path(asked))).headers["etag"] : undefined)),
  );
  // Each round begins with another server.
  for (let round = 0; round < warmUp + count; round++) {
    for (let turn = 0; turn < all.length; turn++) {
      const i = (turn + round) % all.length;
      const measured = await oneRound(all[i]!, given, all[i]!.path === shortPath ? undefined : etags[i]);
      if (round >= warmUp) rounds[i]!.push(measured);
    }
  }
  return all.map(({ name }, i) => ({ server: name, asked, connections, ...summed(rounds[i]!, rounds[0]!) }));
}

async function oneRound(server: Contestant, { asked, connections, load, seconds }: Comparison, etag: string | undefined): Promise<Round> {
  const before = server.cpu();
  const job = { kind: "read", url: server.url + server.path(asked), connections, seconds } as const;
  const measured = await load.run(etag === undefined ? job : { ...job, etag });
  const after = server.cpu();
  return { ...measured, cpu: before === null || after === null ? null : (after - before) / measured.requests };
}

function summed(own: Round[], base: Round[]): Omit<ReadRow, "server" | "asked" | "connections"> {
  const of = (pick: (round: Round) => number) => median(own.map(pick));
  const known = own.every(({ cpu }) => cpu !== null);
  const least = (rounds: Round[]) => Math.min(...rounds.map(({ cpu }) => cpu!));
  return {
    perSecond: of(({ perSecond }) => perSecond),
    p50: of(({ p50 }) => p50),
    p99: of(({ p99 }) => p99),
    cpu: known ? of(({ cpu }) => cpu!) : null,
    leastCpu: known ? least(own) : null,
    share: median(own.map(({ perSecond }, i) => perSecond / base[i]!.perSecond)),
    cpuShare: known ? median(own.map(({ cpu }, i) => base[i]!.cpu! / cpu!)) : null,
    leastShare: known ? least(base) / least(own) : null,
  };
}
