/** R-12 and R-13: thousands have a page open; half of them vanish, or the server is started anew. */
import { type Blog, commentOf, pageOf, post } from "./blog.ts";
import { allHear, attend, complaints, type Ear, openEars, roomFor } from "./ears.ts";
import { bars, mb, ms, type Outcome, quantile } from "./fault.ts";
import { descriptors, memory, processorSeconds, type Started, startServer } from "./process.ts";

export interface Vanishing extends Outcome {
  /** Bytes that the server holds after all of it. */
  held: number;
  /** Milliseconds of the server's processor time that it takes to tell all: what the last waits for on an idle machine. */
  work: number;
  /** Share of a processor while nobody says anything; NaN when it was not looked at. */
  idle: number;
}

/** So many listen, each hears; half are cut off without a word; the descriptors come back, and the others hear. */
export async function halfVanish(blog: Blog, { listeners, watch }: { listeners: number; watch: number }): Promise<Vanishing> {
  const { wrong, must } = bars();
  const server = await startServer({ ...blog, env: { ...blog.env, ...roomFor(listeners) } });
  await post(server.url, commentOf(blog, 0, null), "before");
  const before = { descriptors: descriptors(server.pid), memory: memory(server.pid) };
  const ears = await openEars(server.url, pageOf(0), listeners);
  const idle = watch > 0 ? await share(server, watch) : Number.NaN;
  const worked = processorSeconds(server.pid);
  const last = await tell({ blog, server, ears }, 3);
  const work = (processorSeconds(server.pid) - worked) * 1_000;
  const gone = ears.splice(0, Math.floor(listeners / 2));
  for (const { socket } of gone) socket.resetAndDestroy();
  while (descriptors(server.pid) > before.descriptors + ears.length + 5) await turn();
  const lastOfHalf = await tell({ blog, server, ears }, 6);
  const held = memory(server.pid);
  must(
    gone.every(({ told }) => !told.has(6)),
    "who is gone was told",
  );
  wrong.push(...complaints([...gone, ...ears]));
  await end(server, ears, must);
  return {
    wrong,
    held,
    work,
    idle,
    seen: `${listeners} listeners: memory ${mb(before.memory)} before, ${mb(held)} after all of it; the last hears after ${ms(last)}, ${ms(work)} of the server's processor time${watch > 0 ? `, ${(idle * 100).toFixed(1)} % of a processor while nothing is said` : ""}; ${gone.length} cut off, their descriptors free again, the last of the others hears after ${ms(lastOfHalf)}`,
  };
}

interface Crowd {
  blog: Blog;
  server: Started;
  ears: readonly Ear[];
}

/** Says something on their page; returns how long it took until the last of them had heard. */
async function tell({ blog, server, ears }: Crowd, n: number): Promise<number> {
  const began = performance.now();
  await post(server.url, commentOf(blog, n, null), `told-${n}`);
  await allHear(ears, n);
  return Math.max(...ears.map(({ at }) => at)) - began;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Of one processor, over so many milliseconds in which nothing is done. */
async function share({ pid }: Started, milliseconds: number): Promise<number> {
  const [used, began] = [processorSeconds(pid), performance.now()];
  while (performance.now() - began < milliseconds) await turn();
  return (processorSeconds(pid) - used) / (milliseconds / 1_000);
}

/** Tells the server to stop: it takes leave of each who listens. */
async function end(server: Started, ears: readonly Ear[], must: (holds: boolean, what: string) => void): Promise<void> {
  server.kill("SIGTERM");
  const left = await Promise.all(ears.map(({ over }) => over));
  must(left.every(Boolean), `${left.filter((whole) => !whole).length} streams were cut off, not ended`);
  must((await server.ended).code === 0, "it did not end well");
}

export interface Restart extends Outcome {
  /** Those who came in the busiest tenth of the time over the mean of all tenths. */
  crowding: number;
}

/** The server is stopped and started while all listen and people write; each comes again when it was asked to, or, impatient, at once. */
export async function restartUnder(blog: Blog, { listeners, patient }: { listeners: number; patient: boolean }): Promise<Restart> {
  const { wrong, must } = bars();
  const env = { ...blog.env, ...roomFor(listeners) };
  const first = await startServer({ ...blog, env });
  const { port } = new URL(first.url);
  const ears = await openEars(first.url, pageOf(0), listeners);
  for (const n of [0, 3]) await tell({ blog, server: first, ears }, n);
  await end(first, ears, must);
  must(
    ears.every(({ retry }) => retry >= 2_000 && retry < 10_000),
    "not everyone was asked to come again in 2 to 10 s",
  );
  const server = await startServer({ ...blog, env: { ...env, PORT: port } });
  const began = performance.now();
  for (const n of [6, 9]) await post(server.url, commentOf(blog, n, null), `meanwhile-${n}`);
  const arrivals: number[] = [];
  const comeAgain = async (ear: Ear, n: number) => {
    if (patient) await pass(ear.retry);
    await attend(ear, server.url, pageOf(0), n);
    arrivals.push(performance.now() - began);
  };
  await inGroups(ears, patient ? ears.length : 100, comeAgain);
  const last = await tell({ blog, server, ears }, 12);
  await allHear(ears, 9);
  wrong.push(...complaints(ears));
  must(
    ears.every(({ told }) => told.size === 5),
    "not everyone was told of all five comments",
  );
  await end(server, ears, must);
  const crowding = crowdingOf(arrivals);
  return {
    wrong,
    crowding,
    seen: `${listeners} listeners of a server that was stopped and started: each told of every comment once, also of what was said before they came again; ${patient ? `they came again over ${ms(Math.max(...arrivals))} (half within ${ms(quantile(arrivals, 0.5))}), ${crowding.toFixed(1)} times the mean in the busiest tenth; ` : ""}the last then hears after ${ms(last)}`,
  };
}

/** Waiting is what is tried here: the server spreads those who come again by it. */
const pass = (milliseconds: number) => new Promise<void>((resolve) => void setTimeout(resolve, milliseconds));

async function inGroups(ears: readonly Ear[], size: number, deed: (ear: Ear, n: number) => Promise<void>): Promise<void> {
  for (let at = 0; at < ears.length; at += size) await Promise.all(ears.slice(at, at + size).map((ear, i) => deed(ear, at + i)));
}

function crowdingOf(arrivals: readonly number[]): number {
  const tenths = Array.from({ length: 10 }, () => 0);
  const [from, to] = [Math.min(...arrivals), Math.max(...arrivals)];
  for (const at of arrivals) tenths[Math.min(9, Math.floor(((at - from) / (to - from)) * 10))]!++;
  return Math.max(...tenths) / (arrivals.length / 10);
}
