/** Crowds and what holds the event loop, with their bars. */
import type { Blog } from "./blog.ts";
import { holdLoop } from "./event-loop.ts";
import { atMost, mb, type Outcome } from "./fault.ts";
import { halfVanish, restartUnder } from "./listeners.ts";
import { slowloris } from "./slow-clients.ts";
import { stopUnderLoad } from "./stop.ts";

export async function stop(blog: Blog): Promise<Outcome> {
  const outcome = await stopUnderLoad(blog, { begun: 100, listeners: 1_000 });
  return atMost(outcome, outcome.took, 12_000, "until it ended");
}

export async function tenThousand(blog: Blog): Promise<Outcome> {
  const outcome = await halfVanish(blog, { listeners: 10_000, watch: 5_000 });
  const { wrong, held, idle } = outcome;
  const more = [
    ...(held < 600 * 1_048_576 ? [] : [`it holds ${mb(held)}, at most 600 MB`]),
    ...(idle < 0.05 ? [] : ["5 % of a processor is used while nothing is said"]),
  ];
  return atMost({ ...outcome, wrong: [...wrong, ...more] }, outcome.work, 1_000, "processor time until the last hears");
}

export async function restart(blog: Blog): Promise<Outcome> {
  const { crowding, ...outcome } = await restartUnder(blog, { listeners: 2_000, patient: true });
  return crowding < 10 ? outcome : { ...outcome, wrong: [...outcome.wrong, "they came again all at once"] };
}

export async function slow(blog: Blog): Promise<Outcome> {
  const outcome = await slowloris(blog, 2_000);
  return atMost(outcome, outcome.p99, Math.max(20, 2 * outcome.p99Before), "p99 of others' reads");
}

export async function eventLoop(blog: Blog): Promise<Outcome> {
  const { held, base, ...outcome } = await holdLoop(blog, { comments: 200, each: 1 });
  return [...held].reduce<Outcome>((sum, [name, time]) => atMost(sum, time, Math.max(100, 2 * base), name), outcome);
}
