/** R-10: ten times what the server can carry. */
import * as v from "valibot";
import { idMaker } from "../../server/new-id.ts";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import { Settings } from "../../server/wire/settings.ts";
import type { Blog } from "./blog.ts";
import { bars, mb, ms, type Outcome, quantile } from "./fault.ts";
import { type Answer, clients, keepDoing } from "./load.ts";
import { peakMemory, processorSeconds, startServer } from "./process.ts";
import { recount } from "./recount.ts";

const QUIET = "https://quiet.example";

export interface OverloadOptions {
  /** Clients that write without a pause; ten times as many as bring the server to its peak. */
  crowd: number;
  /** Whether it has been long enough; asked with all that the quiet site's writer has got. */
  enough(quiet: readonly Answer[], began: number): boolean;
}

export interface Overload extends Outcome {
  /** Stored for each second that the server had a processor. */
  perProcessorSecond: number;
  /** Milliseconds, of what was stored. */
  p99: number;
  accepted: number;
  refused: number;
  other: number[];
  quiet: Answer[];
  reads: Answer[];
}

/** A crowd writes on one site, one person on another, and readers read what is prepared. Nothing may take more than its share. */
export async function overload(blog: Blog, { crowd, enough }: OverloadOptions): Promise<Overload> {
  const { wrong, must } = bars();
  const quietSite = await addSite(blog);
  const server = await startServer(blog);
  const [busy, single, reader] = [clients(server.url, crowd), clients(server.url, 1), clients(server.url, 0)];
  await Promise.all([busy.connect(), single.connect()]);
  const thread = `/api/v1/thread?url=${encodeURIComponent(`${QUIET}/page-0`)}`;
  const quiet: Answer[] = [];
  const began = performance.now();
  const before = processorSeconds(server.pid);
  const done = () => enough(quiet, began);
  const quietly = async () => {
    const answer = await single.write(quietSite, QUIET);
    quiet.push(answer);
    return answer;
  };
  const [written, , reads] = await Promise.all([
    keepDoing(crowd, done, () => busy.write(blog.site)),
    keepDoing(1, done, quietly),
    keepDoing(1, done, () => reader.get(thread)),
  ]);
  const seconds = (performance.now() - began) / 1_000;
  const processor = processorSeconds(server.pid) - before;
  for (const client of [busy, single, reader]) client.close();
  const peak = peakMemory(server.pid);
  server.kill("SIGTERM");
  must((await server.ended).code === 0, "it did not end well");
  const accepted = written.filter(({ status }) => status === 201);
  const refused = written.filter(({ status }) => status === 503);
  must(refused.length > 0, "nothing was refused: that was no overload");
  must(
    refused.every(({ retryAfter }) => Number(retryAfter) > 0),
    "a refusal without Retry-After",
  );
  must(
    quiet.every(({ status }) => status === 201),
    "the quiet site's writer was refused",
  );
  must(
    reads.every(({ status }) => status === 200),
    "a reader was refused",
  );
  const { ids, wrong: miscounted } = await recount(blog.database, blog.site);
  must(ids.size === accepted.length, `${ids.size} comments are there, ${accepted.length} were acknowledged`);
  wrong.push(...miscounted);
  const p99 = (answers: readonly Answer[]) =>
    ms(
      quantile(
        answers.map(({ took }) => took),
        0.99,
      ),
    );
  return {
    wrong,
    perProcessorSecond: accepted.length / processor,
    p99: quantile(
      accepted.map(({ took }) => took),
      0.99,
    ),
    accepted: accepted.length,
    refused: refused.length,
    other: [...new Set(written.map(({ status }) => status))].filter((status) => status !== 201 && status !== 503),
    quiet,
    reads,
    seen: `${crowd} writers: ${Math.round(accepted.length / seconds)} stored a second (p99 ${p99(accepted)}), ${Math.round(refused.length / seconds)} refused (p99 ${p99(refused)}); the quiet site's ${quiet.length} writes all stored (p99 ${p99(quiet)}); ${reads.length} prepared reads, each by a new connection (p99 ${p99(reads)}); peak ${mb(peak)}`,
  };
}

/** A second site, before any server runs. */
async function addSite({ database }: Blog): Promise<number> {
  const store = await openSqlite({ path: database });
  const settings = { ...v.parse(Settings, {}), minAge: 0, floor: 0, burst: 0, holdFirst: false };
  const site = await store.addSite(
    { name: "Quiet", origins: [QUIET], aliases: {}, settings, createdAt: Date.now() },
    { id: idMaker(Date.now)(), at: Date.now(), by: "test", action: "site" },
  );
  await store.close();
  return site.id;
}

/** The server's writes for each second of processor and their p99 with so many clients as it carries best. */
export async function peakWrites(blog: Blog, seconds: number): Promise<{ perProcessorSecond: number; p99: number }> {
  const server = await startServer(blog);
  const writers = clients(server.url, 64);
  await writers.connect();
  const began = performance.now();
  const before = processorSeconds(server.pid);
  const answers = await keepDoing(
    64,
    () => performance.now() - began > seconds * 1_000,
    () => writers.write(blog.site),
  );
  const processor = processorSeconds(server.pid) - before;
  writers.close();
  server.kill("SIGTERM");
  await server.ended;
  const stored = answers.filter(({ status }) => status === 201);
  return {
    perProcessorSecond: stored.length / processor,
    p99: quantile(
      stored.map(({ took }) => took),
      0.99,
    ),
  };
}
