/**
 * Writes of one reach (the same sites) go one after the other in any case, so those that wait go together, in one
 * transaction; each is answered only after its commit. Writes of other sites have lanes of their own.
 */
import { setImmediate as turn, setTimeout as pause } from "node:timers/promises";
import { Refusal } from "../../refusal.ts";
import { eachOnce } from "../each-once.ts";
import type { Reach } from "../over.ts";
import type { Steps } from "../steps.ts";
import type { Act } from "../queries/context.ts";
import type { StoreChange } from "../records.ts";
import { betweenTries } from "./perform.ts";
import { type Doing, type Outcome, sitesIn, writeTogether, type Writing } from "./transactions.ts";
import { asRefusal, passes } from "./trouble.ts";

export interface WriteLanes {
  write<T>(deed: (act: Act) => Steps<T>, reach: Reach): Promise<T>;
  /** Transactions committed so far. */
  commits(): number;
  /** Resolves when nothing waits any more. */
  settled(): Promise<void>;
}

export interface LaneOptions extends Writing {
  /** Milliseconds after which a write is refused as busy that could not be done. */
  patience: number;
  /** Called after each commit with what it changed. */
  committed(changes: readonly StoreChange[]): void;
}

interface Job extends Doing {
  /** Monotonic, as performance.now() tells it. */
  deadline: number;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** More would keep other servers waiting for the site's lock: a write takes about half a millisecond. */
const BATCH = 100;

export function writeLanes(options: LaneOptions): WriteLanes {
  const lanes = new Map<string, Job[]>();
  const running = new Set<Promise<void>>();
  let commits = 0;
  const committed = (changes: readonly StoreChange[]) => {
    commits++;
    options.committed(changes);
  };
  const run = (lane: Lane) => {
    const drained: Promise<void> = drain(lane, { ...options, committed }).finally(() => running.delete(drained));
    running.add(drained);
  };
  return {
    write: <T>(deed: (act: Act) => Steps<T>, reach: Reach) =>
      new Promise<T>((resolve, reject) => {
        const deadline = performance.now() + options.pool.outage.left(options.patience);
        const job: Job = { deed, pages: reach.pages ?? [], deadline, resolve: resolve as Job["resolve"], reject };
        const name = laneOf(reach);
        if (name === null) return run({ jobs: [job], reach, ended: () => undefined });
        const waiting = lanes.get(name);
        if (waiting) return void waiting.push(job);
        const jobs = [job];
        lanes.set(name, jobs);
        run({ jobs, reach, ended: () => lanes.delete(name) });
      }),
    commits: () => commits,
    settled: async () => void (await Promise.all(running)),
  };
}

/** Null for what has no lock that puts it in a row with others, or may take minutes: it goes by itself. */
function laneOf(reach: Reach): string | null {
  const sites = sitesIn(reach);
  return sites.length === 0 || reach.house || reach.long ? null : sites.join(" ");
}

interface Lane {
  jobs: Job[];
  reach: Reach;
  /** Called in the same turn in which no job was left: nothing is pushed any more. */
  ended(): void;
}

/** Until no job is left; new ones may be pushed meanwhile. */
async function drain({ jobs, reach, ended }: Lane, options: LaneOptions): Promise<void> {
  for (let tries = 0; ;) {
    // Whoever was answered just now may have more to write.
    await turn();
    refuseLate(jobs);
    if (jobs.length === 0) return ended();
    const batch = jobs.splice(0, BATCH);
    const failed = await attempt(batch, reach, options);
    if (failed === null) {
      tries = 0;
      continue;
    }
    const wait = betweenTries(tries++);
    const inTime = ({ deadline }: Job) => passes(failed.error) && performance.now() + wait < deadline;
    jobs.unshift(...batch.filter(inTime));
    for (const job of batch) if (!jobs.includes(job)) job.reject(asRefusal(failed.error));
    if (jobs.length > 0) await pause(wait);
  }
}

function refuseLate(jobs: Job[]): void {
  const now = performance.now();
  // The longer one waits, the further in front it stands.
  while (jobs[0] && jobs[0].deadline <= now) jobs.shift()!.reject(new Refusal("busy", { retryAfter: 5 }));
}

/** Null when it is committed and told, else what stood against all of it. */
async function attempt(batch: readonly Job[], reach: Reach, options: LaneOptions): Promise<{ error: unknown } | null> {
  let outcomes: Outcome[];
  try {
    outcomes = await writeTogether(options, batch, { ...reach, deadline: batch[0]!.deadline });
  } catch (error) {
    return { error };
  }
  const changes: StoreChange[] = [];
  for (const [i, outcome] of outcomes.entries()) {
    if ("error" in outcome) batch[i]!.reject(outcome.error);
    else {
      batch[i]!.resolve(outcome.value);
      changes.push(...outcome.changes);
    }
  }
  options.committed(eachOnce(changes));
  return null;
}
