/** R-13 and R-19: PostgreSQL is paused, as by a machine that hangs, or stopped for a while, under writers and readers. */
import { readFileSync } from "node:fs";
import { beginOwnPostgres, type OwnPostgres } from "../../demo/steps/postgres.mjs";
import { openPostgres } from "../../server/store/postgres/index.ts";
import { type Blog, commentOf, makeSharedBlog, ORIGIN, read, statusOf } from "./blog.ts";
import { bars, ms, type Outcome, quantile } from "./fault.ts";
import { startServer } from "./process.ts";
import { recountStore } from "./recount.ts";
import { send } from "./send.ts";

const WRITERS = 8;
/** Nobody writes there meanwhile, so that its answer is ready. */
const QUIET = `${ORIGIN}/quiet`;
const QUIET_NUMBER = 1_000_000;
/** A writer is refused within this: what the store waits for a lock or an answer, and what the rest takes on a busy machine. */
const REFUSED_MS = 8_000;
/** Acknowledging again within this, from when it runs again. */
const RECOVERED_MS = 5_000;

export interface Silence {
  how: "paused" | "stopped";
  /** Asked again and again: whether it has lasted for long enough; every writer was refused by then. */
  over(milliseconds: number): boolean;
}

interface Run {
  blog: Pick<Blog, "env" | "site">;
  url: string;
  stop: AbortSignal;
  /** Ids by number. */
  acknowledged: Map<number, string>;
  next: number;
  /** How long each refused writer had waited, and what was wrong with an answer. */
  refused: number[];
  wrong: string[];
}

export async function silentPostgres({ how, over }: Silence): Promise<Outcome> {
  const postgres = await beginOwnPostgres();
  const blog = await makeSharedBlog(postgres.url);
  const server = await startServer({ database: "", env: blog.env });
  const ending = new AbortController();
  const run: Run = { blog, url: server.url, stop: ending.signal, acknowledged: new Map(), next: 0, refused: [], wrong: [] };
  await acknowledge(run, QUIET_NUMBER, QUIET);
  await read(server.url, QUIET);
  const writers = Promise.all(Array.from({ length: WRITERS }, () => write(run)));
  try {
    await until(() => run.acknowledged.size > 20);
    const reads = await silence(run, postgres, { how, over });
    const began = performance.now();
    const before = run.acknowledged.size;
    await until(() => run.acknowledged.size > before);
    const recovered = performance.now() - began;
    await until(() => run.acknowledged.size > before + 20);
    ending.abort();
    await writers;
    return await judge(run, { how, reads, recovered, url: postgres.url });
  } finally {
    ending.abort();
    server.kill("SIGTERM");
    await server.ended;
    await postgres.end();
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}

async function write(run: Run): Promise<void> {
  while (!run.stop.aborted) await acknowledge(run, run.next++);
}

/** Sent until it is acknowledged, under one key. */
async function acknowledge(run: Run, n: number, url?: string): Promise<void> {
  const body = commentOf(run.blog, n, null);
  for (;;) {
    const began = performance.now();
    const answer = await send(run.url, url === undefined ? body : { ...body, url }, `comment-${n}`);
    if (answer?.status === 201) return void run.acknowledged.set(n, (JSON.parse(answer.said) as { comment: { id: string } }).comment.id);
    run.refused.push(performance.now() - began);
    if (answer?.status !== 503) run.wrong.push(`a writer got ${answer ? `${answer.status} ${answer.said}` : "no answer"}`);
    else if (!(Number(answer.retryAfter) > 0)) run.wrong.push("a writer was refused without Retry-After");
  }
}

/** Readers read on what is ready, while it is silent; returns how long each read took. */
async function silence(run: Run, postgres: OwnPostgres, { how, over }: Silence): Promise<number[]> {
  const reads: number[] = [];
  if (how === "paused") signalAll(postgres.pid(), "SIGSTOP");
  else await postgres.stop();
  const began = performance.now();
  const refused = run.refused.length;
  try {
    while (run.refused.length < refused + WRITERS || !over(performance.now() - began)) {
      const asked = performance.now();
      const status = await statusOf(`${run.url}/api/v1/thread?url=${encodeURIComponent(QUIET)}`);
      if (status !== 200) run.wrong.push(`a reader of what is ready got ${status}`);
      reads.push(performance.now() - asked);
    }
  } finally {
    if (how === "paused") signalAll(postgres.pid(), "SIGCONT");
    else await postgres.start();
  }
  return reads;
}

/** The server first, so that it begins no other process meanwhile. */
function signalAll(pid: number, signal: NodeJS.Signals): void {
  process.kill(pid, signal);
  for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean))
    process.kill(Number(child), signal);
}

interface Seen {
  how: Silence["how"];
  reads: number[];
  recovered: number;
  url: string;
}

async function judge(run: Run, { how, reads, recovered, url }: Seen): Promise<Outcome> {
  const store = await openPostgres({ url });
  const { wrong, must } = bars();
  try {
    const { times, ids, wrong: miscounted } = await recountStore(store, run.blog.site);
    wrong.push(...run.wrong, ...miscounted);
    const lost = [...run.acknowledged].filter(([n, id]) => !ids.has(id) || times.get(n) !== 1).length;
    must(lost === 0, `${lost} acknowledged lost or doubled`);
    must(ids.size === run.acknowledged.size, `${ids.size} stored, ${run.acknowledged.size} acknowledged`);
  } finally {
    await store.close();
  }
  const longest = quantile(run.refused, 1);
  must(longest < REFUSED_MS, `a writer waited ${ms(longest)} to be refused, at most ${ms(REFUSED_MS)}`);
  must(recovered < RECOVERED_MS, `it acknowledged again after ${ms(recovered)}, at most ${ms(RECOVERED_MS)}`);
  return {
    seen: `${how}: ${run.refused.length} writers refused, the last after ${ms(longest)}; ${reads.length} reads of what is ready meanwhile, the longest ${ms(quantile(reads, 1))}; acknowledging again after ${ms(recovered)}; ${run.acknowledged.size} acknowledged, each stored once`,
    wrong,
  };
}
