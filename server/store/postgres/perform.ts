/** Runs deeds on a connection with as few waits as they allow, and again where that may help. */
import { setTimeout as pause } from "node:timers/promises";
import type { Result, Steps } from "../steps.ts";
import type { Session } from "./pool.ts";
import { passes } from "./trouble.ts";

const UNSEEN: Result = { rows: [], changes: 1 };

/** Statements whose answers are still to come. */
export type Sent = Promise<unknown>[];

/** What was likely was not so: the deeds have gone on in error. */
export class Unlikely extends Error {}

/** Runs a deed to its end; what it does not look at, or what is likely, is sent without waiting for an answer. */
export async function advance<T>(session: Session, steps: Steps<T>, sent: Sent): Promise<T> {
  let step = steps.next();
  while (!step.done) {
    const { blind, likely } = step.value;
    const answer = session.run(step.value);
    if (blind || likely) {
      sent.push(likely ? answer.then(mustBeOne) : answer);
      // It is asked for in the end, whatever happens until then.
      sent.at(-1)!.catch(() => undefined);
      step = steps.next(UNSEEN);
    } else step = steps.next(await answer);
  }
  return step.value;
}

/** A deed to which nothing is likely. */
function* surely<T>(steps: Steps<T>): Steps<T> {
  let step = steps.next();
  while (!step.done) {
    const { likely: _, ...statement } = step.value;
    step = steps.next(yield statement);
  }
  return step.value;
}

function mustBeOne({ changes }: Result): void {
  if (changes !== 1) throw new Unlikely();
}

/** Rejects with the first failure, once all have answered: after it PostgreSQL refuses all that follows in a transaction. */
export async function answered(sent: Sent): Promise<void> {
  await Promise.allSettled(sent);
  await Promise.all(sent);
}

/** A deed with all its answers, nothing taken as likely. */
export async function perform<T>(session: Session, steps: Steps<T>): Promise<T> {
  const sent: Sent = [];
  try {
    const value = await advance(session, surely(steps), sent);
    await answered(sent);
    return value;
  } catch (error) {
    await answered(sent);
    throw error;
  }
}

/** Milliseconds between two tries, doubled each time, so that a server that starts again is not overrun. */
const FIRST_PAUSE = 10;
const LONGEST_PAUSE = 500;

/** How long to wait after so many tries; not all at the same moment. */
export const betweenTries = (tries: number) => Math.min(FIRST_PAUSE * 2 ** tries, LONGEST_PAUSE) * (0.5 + Math.random());

/** Tries until it works, fails for good, or `patience` is over. */
export async function untilDone<T>(patience: number, attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + patience;
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const wait = betweenTries(tries);
      if (!passes(error) || performance.now() + wait > deadline) throw error;
      await pause(wait);
    }
  }
}
