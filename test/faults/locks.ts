/** another program holds the database's lock, as a backup tool or someone's sqlite3 would. */
import Database from "better-sqlite3";
import { type Blog, commentOf, pageOf, postUntilStored, read, requestOf, statusOf } from "./blog.ts";
import { bars, ms, type Outcome } from "./fault.ts";
import { startServer } from "./process.ts";

export interface LockOptions {
  /** Asked again and again: whether the lock has been held for long enough. */
  held(reads: number, since: number): boolean;
  /** What a writer who comes at the beginning gets. */
  expected: 201 | 503;
}

/** The lock is held, a writer comes, and readers go on reading from the store; then it is let go. */
export async function holdLock(blog: Blog, { held, expected }: LockOptions): Promise<Outcome & { longest: number; longestBefore: number }> {
  const { wrong, must } = bars();
  const server = await startServer(blog);
  const began = performance.now();
  await postUntilStored(blog, server.url, 0);
  const readWhile = async (more: (reads: number) => boolean) => {
    let longest = 0;
    let reads = 0;
    for (; more(reads); reads++) {
      const began = performance.now();
      // Never prepared: each such answer is read from the store.
      must((await statusOf(`${server.url}/api/v1/counts?url=${encodeURIComponent(pageOf(0))}`)) === 200, "a reader was refused");
      longest = Math.max(longest, performance.now() - began);
    }
    return { longest, reads };
  };
  // What a read takes on this machine, whatever else it does.
  const before = await readWhile((reads) => reads < 500 && !held(reads, began));
  const other = new Database(blog.database);
  other.exec("begin immediate");
  const since = performance.now();
  let answeredAfter = 0;
  const answer = fetch(`${server.url}/api/v1/comments`, requestOf(commentOf(blog, 3, null), "waits")).then((response) => {
    answeredAfter = performance.now() - since;
    return response.status;
  });
  const { longest, reads } = await readWhile((done) => !held(done, since));
  if (expected === 503) must((await statusOf(`${server.url}/readyz`)) === 503, "it says that it is ready");
  other.exec("commit");
  other.close();
  const status = await answer;
  must(status === expected, `the writer got ${status}`);
  const id = await postUntilStored(blog, server.url, 6);
  must((await read(server.url, pageOf(0))).includes(id), "what was stored afterwards is not shown");
  server.kill("SIGTERM");
  must((await server.ended).code === 0, "it did not end well");
  const seconds = Math.round((performance.now() - since) / 1_000);
  return {
    wrong,
    longest,
    longestBefore: before.longest,
    seen: `held about ${seconds} s: the writer got ${status} after ${ms(answeredAfter)}, ${reads} reads meanwhile, the longest ${ms(longest)} (${ms(before.longest)} without a lock)`,
  };
}
