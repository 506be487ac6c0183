/** what would survive a loss of power. The system calls tell whether each answer came after its sync (fsync in this build of SQLite). */
import { readFileSync } from "node:fs";
import { type Blog, commentOf, post } from "./blog.ts";
import { bars, type Outcome } from "./fault.ts";
import { startServer } from "./process.ts";

export interface Durable extends Outcome {
  answers: number;
  syncs: number;
}

/** Writers write under strace; every 201 must leave when nothing written to the log is still unsynced. */
export async function watchSyncs(blog: Blog, { writers, each }: { writers: number; each: number }): Promise<Durable> {
  const trace = `${blog.database}.trace`;
  // Only the main thread is followed: it alone writes to the database and to the sockets.
  const calls = "trace=pwrite64,fdatasync,fsync,write,writev";
  const server = await startServer({ ...blog, under: ["strace", "-y", "-s", "16", "-o", trace, "-e", calls] });
  const write = async (writer: number) => {
    for (let i = 0; i < each; i++) await post(server.url, commentOf(blog, writer * each + i, null), `key-${writer}-${i}`);
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  // strace passes no signal on to what it runs; the server is its only child, and ends with it.
  process.kill(serverUnder(server.pid), "SIGTERM");
  await server.ended;
  return judge(readFileSync(trace, "utf8"), writers * each);
}

/** The process that strace runs. */
const serverUnder = (strace: number) => Number(readFileSync(`/proc/${strace}/task/${strace}/children`, "utf8").trim().split(" ")[0]);

function judge(trace: string, expected: number): Durable {
  const { wrong, must } = bars();
  let unsynced = 0;
  let syncs = 0;
  let answers = 0;
  let early = 0;
  let since = 0;
  for (const line of trace.split("\n")) {
    if (/^pwrite64\(\d+<[^>]*-wal>/.test(line)) unsynced++;
    else if (/^(?:fdatasync|fsync)\(\d+<[^>]*-wal>\)\s+= 0/.test(line)) {
      unsynced = 0;
      syncs++;
      since++;
    } else if (/^writev?\(\d+<[^>]*>, .*"HTTP\/1\.1 201/.test(line)) {
      answers++;
      if (unsynced > 0 || since === 0) early++;
    }
  }
  must(answers === expected, `${answers} answers were traced of ${expected}`);
  must(early === 0, `${early} answers left before their comment was synced`);
  must(syncs > 0 && syncs <= expected + 50, `${syncs} syncs`);
  return { answers, syncs, wrong, seen: `${answers} answers, each after a sync of the log; ${syncs} syncs` };
}
