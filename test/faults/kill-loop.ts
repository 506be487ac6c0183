/** writers write, the server is killed at a moment that none of them knows, and starts again on what it left. */
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { type Blog, commentOf, pageOf, post, UnexpectedAnswer } from "./blog.ts";
import { startServer, type Started } from "./process.ts";
import { recount } from "./recount.ts";

export interface KillOptions {
  cycles: number;
  /** Which moments are chosen; the same seed chooses the same numbers of acknowledgements. */
  seed: number;
  onCycle?: (cycle: number, acknowledged: number) => void;
}

export interface KillReport {
  kills: number;
  acknowledged: number;
  /** Requests that the kill left without an answer, sent again under the same key. */
  unanswered: number;
  /** Of these, how many were on disk already. */
  kept: number;
  /** Acknowledged and not there. */
  lost: number;
  doubled: number;
  wrong: string[];
}

const WRITERS = 8;
/** A server is killed after so many acknowledgements at most. */
const LONGEST = 120;

interface Pending {
  n: number;
  body: ReturnType<typeof commentOf>;
}

/** One run of all writers over all lives of the server. */
interface Run {
  blog: Blog;
  next: number;
  /** By number; written down durably as soon as the answer is there. */
  acknowledged: Map<number, string>;
  unanswered: Pending[];
  /** Last acknowledged id of each page, to be answered. */
  latest: Map<string, string>;
  notes: number;
}

export async function killLoop(blog: Blog, { cycles, seed, onCycle }: KillOptions): Promise<KillReport> {
  const random = randomFrom(seed);
  const run: Run = {
    blog,
    next: 0,
    acknowledged: new Map(),
    unanswered: [],
    latest: new Map(),
    notes: openSync(`${blog.database}.acknowledged`, "w"),
  };
  const sum = { unanswered: 0, kept: 0 };
  for (let cycle = 1; cycle <= cycles; cycle++) {
    const server = await startServer(blog);
    await settle(run, server, sum);
    await writeUntilKilled(run, server, run.acknowledged.size + 1 + Math.floor(random() * LONGEST));
    onCycle?.(cycle, run.acknowledged.size);
  }
  const last = await startServer(blog);
  await settle(run, last, sum);
  last.kill("SIGTERM");
  await last.ended;
  closeSync(run.notes);
  const { ids, times, wrong } = await recount(blog.database, blog.site);
  return {
    kills: cycles,
    acknowledged: run.acknowledged.size,
    ...sum,
    lost: [...run.acknowledged].filter(([n, id]) => !ids.has(id) || !times.has(n)).length,
    doubled: [...times.values()].filter((count) => count !== 1).length,
    wrong: times.size === run.next ? wrong : [...wrong, `${times.size} texts of ${run.next} are there`],
  };
}

/** What got no answer is sent again; whether it was kept shows in the time its id was made. */
async function settle(run: Run, { url }: Started, sum: { unanswered: number; kept: number }): Promise<void> {
  const startedAt = Date.now();
  for (const { n, body } of run.unanswered.splice(0)) {
    const id = await post(url, body, keyOf(n));
    acknowledge(run, n, id, body.url);
    sum.unanswered++;
    if (Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) < startedAt) sum.kept++;
  }
}

/** All writers write until the server has acknowledged `target` in all and is killed in the midst of the rest. */
async function writeUntilKilled(run: Run, server: Started, target: number): Promise<void> {
  const write = async () => {
    while (run.acknowledged.size < target) {
      const n = run.next++;
      const body = commentOf(run.blog, n, n % 2 === 0 ? null : (run.latest.get(pageOf(n)) ?? null));
      try {
        acknowledge(run, n, await post(server.url, body, keyOf(n)), body.url);
      } catch (error) {
        if (error instanceof UnexpectedAnswer) throw error;
        run.unanswered.push({ n, body });
        return;
      }
      if (run.acknowledged.size === target) server.kill("SIGKILL");
    }
  };
  const writers = await Promise.allSettled(Array.from({ length: WRITERS }, write));
  server.kill("SIGKILL");
  await server.ended;
  for (const writer of writers) if (writer.status === "rejected") throw writer.reason;
}

const keyOf = (n: number) => `comment-${n}`;

/** Counts only once it is on our own disk, as with a client that would tell a reader. */
function acknowledge(run: Run, n: number, id: string, page: string): void {
  writeSync(run.notes, `${n} ${id}\n`);
  fsyncSync(run.notes);
  run.acknowledged.set(n, id);
  run.latest.set(page, id);
}

/** Numbers from 0 to 1, the same for the same seed: a linear congruential generator (Numerical Recipes). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}
