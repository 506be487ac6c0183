/** R-26: one page with very many comments. */
import { type Blog, pageOf } from "./blog.ts";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import { bars, ms, type Outcome, quantile } from "./fault.ts";
import { startServer } from "./process.ts";
import { stock } from "./stock.ts";

interface Slice {
  comments: { id: string; parent: string | null; replies?: number }[];
  next: string | null;
}

/** Its first part comes quickly, every part is bounded, and part by part all of it comes, each comment once. */
export async function readBigThread(blog: Blog, comments: number, { walk }: { walk: boolean }): Promise<Outcome & { p99: number }> {
  const { wrong, must } = bars();
  const stocked = await stock(blog, comments);
  const store = await openSqlite({ path: blog.database });
  const page = await store.page(blog.site, pageOf(0).replace("https://", ""));
  const took: number[] = [];
  for (let n = 0; n < 300; n++) {
    const began = process.cpuUsage();
    await store.threads({ site: blog.site, page: page!.id, sort: n % 2 === 0 ? "oldest" : "newest", threads: 50, comments: 200 });
    const { user, system } = process.cpuUsage(began);
    took.push((user + system) / 1_000);
  }
  await store.close();
  const server = await startServer(blog);
  const seen = new Map<string, number>();
  let parts = 0;
  for (let after: string | null = ""; after !== null; parts++) {
    const query = `url=${encodeURIComponent(pageOf(0))}&sort=oldest${after === "" ? "" : `&after=${after}`}`;
    const slice = (await (await fetch(`${server.url}/api/v1/thread?${query}`)).json()) as Slice;
    must(slice.comments.length <= 200, `a part has ${slice.comments.length} comments`);
    for (const { id } of slice.comments) seen.set(id, (seen.get(id) ?? 0) + 1);
    after = walk ? slice.next : null;
  }
  server.kill("SIGTERM");
  await server.ended;
  if (walk) must(seen.size === stocked.length, `${seen.size} of ${stocked.length} were shown`);
  must(
    [...seen.values()].every((times) => times === 1),
    "a comment came twice",
  );
  const p99 = quantile(took, 0.99);
  return {
    wrong,
    p99,
    seen: `${comments} comments on one page: first part from the store, in processor time, p50 ${ms(quantile(took, 0.5))}, p99 ${ms(p99)} (at most 50); ${parts} parts, ${seen.size} comments, each once`,
  };
}
