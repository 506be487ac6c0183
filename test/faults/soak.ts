/** mixed load for a long time. Memory, descriptors and the log beside the database must stay as they are. */
import { statSync } from "node:fs";
import { type Blog, ORIGIN, pageOf } from "./blog.ts";
import { bars, mb, type Outcome } from "./fault.ts";
import { clients } from "./load.ts";
import { descriptors, memory, startServer } from "./process.ts";
import { recount } from "./recount.ts";

export interface SoakOptions {
  /** Rounds of 200 requests, or as many as fit in so many milliseconds. */
  rounds?: number;
  milliseconds?: number;
  onMinute?: (said: string) => void;
}

interface Sample {
  at: number;
  memory: number;
  descriptors: number;
}

/** Readers, writers, previews, tokens, strangers and people who leave, eight at a time. */
export async function soak(
  blog: Blog,
  { rounds = Number.POSITIVE_INFINITY, milliseconds = Number.POSITIVE_INFINITY, onMinute }: SoakOptions,
): Promise<Outcome> {
  const { wrong, must } = bars();
  const server = await startServer(blog);
  const people = clients(server.url, 8);
  const began = performance.now();
  const samples: Sample[] = [];
  let [stored, asked, log] = [0, 0, 0];
  const thread = (n: number) => `/api/v1/thread?url=${encodeURIComponent(pageOf(n))}`;
  const deeds = [
    (n: number) => people.get(thread(n)),
    (n: number) => people.get(thread(n)),
    (n: number) => people.get(`/thread?url=${encodeURIComponent(pageOf(n))}`),
    (n: number) => people.get(`/api/v1/counts?url=${encodeURIComponent(pageOf(n))}`),
    (n: number) => people.get(`/nothing/${n}`),
    (n: number) => people.get(`${thread(n)}&x=${n}`),
    async () => {
      const answer = await people.write(blog.site, ORIGIN);
      stored += Number(answer.status === 201);
      return answer;
    },
    (n: number) => people.get(n % 2 === 0 ? "/readyz" : "/embed.js"),
  ];
  for (let round = 0; round < rounds && performance.now() - began < milliseconds; round++) {
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => deeds[i % deeds.length]!(round)));
    asked += answers.length;
    must(
      answers.every(({ status }) => status < 500),
      "something was answered with 5xx",
    );
    log = Math.max(log, statSync(`${blog.database}-wal`).size);
    samples.push({ at: performance.now() - began, memory: memory(server.pid), descriptors: descriptors(server.pid) });
    const minute = Math.floor(samples.at(-1)!.at / 60_000);
    if (minute > Math.floor((samples.at(-2)?.at ?? 0) / 60_000))
      onMinute?.(`${minute} min, ${asked} requests, ${mb(samples.at(-1)!.memory)}`);
  }
  people.close();
  server.kill("SIGTERM");
  must((await server.ended).code === 0, "it did not end well");
  const { ids, wrong: miscounted } = await recount(blog.database, blog.site);
  must(ids.size === stored, `${ids.size} comments are there, ${stored} were acknowledged`);
  wrong.push(...miscounted);
  const most = Math.max(...samples.map((sample) => sample.descriptors));
  must(most <= samples[0]!.descriptors + 20, `descriptors rose from ${samples[0]!.descriptors} to ${most}`);
  must(log < 64 * 1_048_576, `the log beside the database grew to ${mb(log)}`);
  const minutes = samples.at(-1)!.at / 60_000;
  const slope = slopeOf(samples.slice(Math.floor(samples.length / 3)));
  // Over less than some minutes the collector's rhythm is all there is to see.
  if (minutes >= 5) must(slope < 1_048_576, `memory rises by ${mb(slope)} a minute`);
  return {
    wrong,
    seen: `${minutes.toFixed(1)} min, ${asked} requests, ${stored} comments: memory ${mb(samples.at(-1)!.memory)}, ${(slope / 1_048_576).toFixed(2)} MB a minute after the first third; descriptors ${samples[0]!.descriptors} to ${most}; log at most ${mb(log)}`,
  };
}

/** Bytes a minute, by least squares. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const minutes = samples.map(({ at }) => at / 60_000);
  const [x, y] = [mean(minutes), mean(samples.map((sample) => sample.memory))];
  const above = samples.reduce((sum, sample, i) => sum + (minutes[i]! - x) * (sample.memory - y), 0);
  return above / minutes.reduce((sum, minute) => sum + (minute - x) ** 2, 0);
}
