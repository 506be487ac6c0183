/**
 * three servers on one PostgreSQL behind a balancer, of which one is killed at a time, and PostgreSQL
 * with it, while writers write and listeners listen.
 */
import { beginOwnPostgres, type OwnPostgres } from "../../demo/steps/postgres.mjs";
import { openPostgres } from "../../server/store/postgres/index.ts";
import { listen } from "../live/listen.ts";
import { type Blog, commentOf, makeSharedBlog, ORIGIN, pageOf } from "./blog.ts";
import { bars, ms, type Outcome, quantile } from "./fault.ts";
import { startServer, type Started } from "./process.ts";
import { recountStore } from "./recount.ts";
import { roundRobin } from "./round-robin.ts";
import { send } from "./send.ts";

const SERVERS = 3;
const WRITERS = 8;
/** Listeners on each of the blog's pages. */
const LISTENERS = 2;
/** Acknowledged between two faults. */
const BETWEEN = 12;
/** What is recovered from within this, counted from the moment when everything runs again. */
const RECOVERED_MS = 5_000;

export interface Rounds {
  rounds: number;
  onRound?: (round: number, acknowledged: number) => void;
}

interface Run {
  blog: Pick<Blog, "env" | "site">;
  url: string;
  stop: AbortSignal;
  /** Ids by number. */
  acknowledged: Map<number, string>;
  next: number;
  refused: number;
  cut: number;
}

export async function severalServers({ rounds, onRound }: Rounds): Promise<Outcome> {
  const postgres = await beginOwnPostgres();
  const blog = await makeSharedBlog(postgres.url);
  const servers: Started[] = await Promise.all(Array.from({ length: SERVERS }, () => start(blog)));
  const balancer = await roundRobin(() => servers.map(({ url }) => url));
  const ending = new AbortController();
  const run: Run = { blog, url: balancer.url, stop: ending.signal, acknowledged: new Map(), next: 0, refused: 0, cut: 0 };
  const writers = Promise.all(Array.from({ length: WRITERS }, () => write(run)));
  const listeners = Array.from({ length: LISTENERS * 3 }, (_, i) => follow(run, pageOf(i)));
  const recoveries: number[] = [];
  try {
    for (let round = 1; round <= rounds; round++) {
      await acknowledges(run, BETWEEN);
      recoveries.push(await breakBoth({ run, postgres, servers }, round));
      onRound?.(round, run.acknowledged.size);
    }
    await acknowledges(run, BETWEEN);
    ending.abort();
    await writers;
    return await judge(run, { listeners, recoveries, postgres });
  } finally {
    ending.abort();
    for (const listener of listeners) listener.close();
    for (const server of servers) server.kill("SIGTERM");
    await Promise.all(servers.map(({ ended }) => ended));
    await balancer.close();
    await postgres.end();
  }
}

// The path of the file is not used: the environment names the database.
const start = ({ env }: Pick<Blog, "env">) => startServer({ database: "", env });

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

async function acknowledges(run: Run, more: number): Promise<void> {
  const enough = run.acknowledged.size + more;
  while (run.acknowledged.size < enough) await turn();
}

/** Returns how long it took until a comment was acknowledged again. */
async function breakBoth(
  { run, postgres, servers }: { run: Run; postgres: OwnPostgres; servers: Started[] },
  round: number,
): Promise<number> {
  const i = round % SERVERS;
  servers[i]!.kill("SIGKILL");
  await Promise.all([servers[i]!.ended, postgres.restart()]);
  const began = performance.now();
  await acknowledges(run, 1);
  const took = performance.now() - began;
  servers[i] = await start(run.blog);
  return took;
}

/** Each comment is sent until it is acknowledged, under one key; then comes the next. */
async function write(run: Run): Promise<void> {
  while (!run.stop.aborted) {
    const n = run.next++;
    const body = commentOf(run.blog, n, null);
    for (;;) {
      const answer = await send(run.url, body, `comment-${n}`);
      if (answer === null) run.cut++;
      else if (answer.status === 503) run.refused++;
      else if (answer.status === 201) {
        run.acknowledged.set(n, (JSON.parse(answer.said) as { comment: { id: string } }).comment.id);
        break;
      } else throw new Error(`${answer.status} ${answer.said}`);
    }
  }
}

interface Follower {
  page: string;
  /** How often each comment was told of, versions that were seen already left out. */
  seen: Map<string, number>;
  /** The page's version that it has. */
  version: number;
  /** What no reader may be told, in words. */
  wrong: string[];
  reconnected: number;
  close(): void;
}

/** Listens to a page, comes again where it left off whenever it is cut off, and notes what it is told. */
function follow(run: Run, page: string): Follower {
  let current: { close(): void } | null = null;
  const leaving = new AbortController();
  const it: Follower = {
    page,
    seen: new Map(),
    version: 0,
    wrong: [],
    reconnected: -1,
    close() {
      leaving.abort();
      current?.close();
    },
  };
  const once = async () => {
    const path = `/api/v1/live?url=${encodeURIComponent(page)}`;
    const stream = await listen(run.url + path, { origin: ORIGIN, "last-event-id": String(it.version) });
    current = stream;
    if (stream.status !== 200) return stream.close();
    it.reconnected++;
    for (;;) note(it, await stream.next());
  };
  const loop = async () => {
    while (!leaving.signal.aborted) await once().catch(turn);
  };
  void loop();
  return it;
}

function note(it: Follower, { data }: Awaited<ReturnType<Awaited<ReturnType<typeof listen>>["next"]>>): void {
  const { version } = data.page;
  if (version <= it.version) return;
  if (data.since > it.version) it.wrong.push(`${it.page}: told of what came after ${data.since}, having ${it.version}`);
  if (data.reload) it.wrong.push(`${it.page}: told to read anew`);
  for (const comment of data.comments) {
    if (comment.version > it.version) it.seen.set(comment.id, (it.seen.get(comment.id) ?? 0) + 1);
  }
  it.version = version;
}

interface Seen {
  listeners: readonly Follower[];
  recoveries: readonly number[];
  postgres: OwnPostgres;
}

/** What was acknowledged against what is stored, and what each listener was told. */
async function judge(run: Run, { listeners, recoveries, postgres }: Seen): Promise<Outcome> {
  const store = await openPostgres({ url: postgres.url });
  const { wrong, must } = bars();
  try {
    const { times, ids, wrong: miscounted } = await recountStore(store, run.blog.site);
    wrong.push(...miscounted);
    const lost = [...run.acknowledged].filter(([n, id]) => !ids.has(id) || times.get(n) !== 1).length;
    must(lost === 0, `${lost} acknowledged lost or doubled`);
    must(ids.size === run.acknowledged.size, `${ids.size} stored, ${run.acknowledged.size} acknowledged`);
    for (const it of listeners) {
      const page = await store.page(run.blog.site, it.page.replace("https://", ""));
      while (it.version < page!.version) await turn();
      const own = [...run.acknowledged].filter(([n]) => pageOf(n) === it.page).map(([, id]) => id);
      const missed = own.filter((id) => it.seen.get(id) !== 1).length;
      must(missed === 0 && it.seen.size === own.length, `a listener was told of ${it.seen.size} of ${own.length}, ${missed} not once`);
      wrong.push(...it.wrong);
    }
  } finally {
    await store.close();
  }
  const slowest = quantile(recoveries, 1);
  must(slowest < RECOVERED_MS, `the slowest recovery took ${ms(slowest)}, at most ${ms(RECOVERED_MS)}`);
  const reconnected = listeners.reduce((sum, it) => sum + it.reconnected, 0);
  return {
    seen: `${recoveries.length} times a server and PostgreSQL: ${run.acknowledged.size} acknowledged, each stored once; ${run.cut} cut off and ${run.refused} refused on the way; ${listeners.length} listeners told of each once, over ${reconnected} reconnections; acknowledging again within ${ms(slowest)}`,
    wrong,
  };
}
