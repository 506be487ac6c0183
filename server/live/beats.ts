import type { Listener } from "./hub.ts";

/** Seconds between two signs of life on a stream; each stream has its own second of these, taken at random. */
export const BEAT = 25;
const HEARTBEAT = Buffer.from(":\n\n");

export const anySecond = () => Math.floor(Math.random() * BEAT);

/** `retry` for one stream (HTML 9.2.6), in milliseconds and at random, so that those who were cut off together don't come back together. */
export const retryLine = () => Buffer.from(`retry: ${2_000 + Math.floor(Math.random() * 8_000)}\n\n`);

export interface Beats {
  add(listener: Listener): void;
  delete(listener: Listener): void;
}

/** One timer for the signs of life of all streams, which also ends those whose time is over. It runs while there are any. */
export function heartbeats(now: () => number, each: (second: number) => void): Beats {
  const seats = new Map<Listener, number>();
  const seconds = Array.from({ length: BEAT }, () => new Set<Listener>());
  let second = 0;
  let timer: NodeJS.Timeout | null = null;

  const tick = () => {
    second = (second + 1) % BEAT;
    const at = now();
    for (const listener of seconds[second]!) {
      if (at > listener.until) listener.end(retryLine());
      else listener.send(HEARTBEAT);
    }
    each(second);
  };
  return {
    add(listener) {
      const seat = anySecond();
      seats.set(listener, seat);
      seconds[seat]!.add(listener);
      timer ??= setInterval(tick, 1_000).unref();
    },
    delete(listener) {
      seconds[seats.get(listener) ?? 0]!.delete(listener);
      seats.delete(listener);
      if (seats.size > 0 || timer === null) return;
      clearInterval(timer);
      timer = null;
    },
  };
}
