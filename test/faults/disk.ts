/** the disk takes no more, or fails, while the server runs; later it works again. */
import { rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Blog, pageOf, postUntilStored, read, statusOf, writeUntilRefused } from "./blog.ts";
import { bars, type Outcome } from "./fault.ts";
import { type Started, startServer } from "./process.ts";
import { failCalls, haveStrace, limitFiles } from "./programs.ts";
import { recount } from "./recount.ts";

/** How a disk is made to refuse, and to work again. */
interface Trouble {
  begin(server: Started): Promise<void>;
  end(server: Started): Promise<void>;
}

/** No file of the server may grow beyond what it is: what SQLite then sees (EFBIG) it treats as a full disk. */
export function fillDisk(blog: Blog): Promise<Outcome> {
  return withstand(blog, {
    begin: async ({ pid }) => limitFiles(pid, Math.max(sizeOf(blog.database), sizeOf(`${blog.database}-wal`)) + 40_000),
    end: async ({ pid }) => limitFiles(pid, "unlimited"),
  });
}

/** On a small disk of its own (programs.ts): another file takes all but a little of the room. */
export function fillRealDisk(blog: Blog): Promise<Outcome> {
  const filler = join(dirname(blog.database), "filler");
  return withstand(blog, {
    begin: async () => {
      // Down to the last block: what is too large is written in ever smaller pieces.
      for (let piece = 4 << 20, at = 0; piece >= 4096;) {
        try {
          writeFileSync(`${filler}-${at}`, Buffer.alloc(piece), { flag: "wx" });
        } catch {
          rmSync(`${filler}-${at}`);
          piece /= 4;
        }
        at++;
      }
    },
    end: async () => {
      for (let at = 0; at < 100; at++) rmSync(`${filler}-${at}`, { force: true });
    },
  });
}

/** Writing or syncing fails with this error; without strace the limit on files stands in. */
export function failDisk(blog: Blog, error: string, calls = "pwrite64,fsync,fdatasync"): Promise<Outcome> {
  if (!haveStrace()) return fillDisk(blog);
  let release = async () => {};
  return withstand(blog, {
    begin: async ({ pid }) => void ({ release } = await failCalls(pid, calls, error)),
    end: () => release(),
  });
}

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

async function withstand(blog: Blog, trouble: Trouble): Promise<Outcome> {
  const { wrong, must } = bars();
  const server = await startServer(blog);
  const ids = [await postUntilStored(blog, server.url, 0)];
  must((await statusOf(`${server.url}/readyz`)) === 200, "it was not ready before");
  await trouble.begin(server);
  const before = await writeUntilRefused(blog, server.url, 1);
  ids.push(...before.ids);
  must(before.refused.status === 503, `writers got ${before.refused.status}`);
  must(Number(before.refused.headers.get("retry-after")) > 0, "no Retry-After");
  for (let n = 0; n < 3; n++) await writeUntilRefused(blog, server.url, before.next);
  await readsGoOn(server, must);
  must((await untilStatus(`${server.url}/readyz`, 503)) === 503, "it says that it is ready");
  const told = server.log.filter(({ msg }) => msg === "refused").length;
  await trouble.end(server);
  ids.push(await postUntilStored(blog, server.url, before.next));
  must((await untilStatus(`${server.url}/readyz`, 200)) === 200, "it is not ready again");
  server.kill("SIGTERM");
  const { code, stderr } = await server.ended;
  must(code === 0 && stderr === "", `it ended with ${code}: ${stderr}`);
  must(told <= 1 && server.log.some(({ msg }) => msg === "refused"), `the log told the cause ${told} times`);
  const found = await recount(blog.database, blog.site);
  const lost = ids.filter((id) => !found.ids.has(id)).length;
  must(lost === 0, `${lost} acknowledged comments are lost`);
  must(found.ids.size === ids.length, `${found.ids.size} comments are there, ${ids.length} were acknowledged`);
  wrong.push(...found.wrong);
  return {
    wrong,
    seen: `${before.ids.length} stored until refused with 503; reads 200, /healthz 200, /readyz 503; stored again without a restart; 0 of ${ids.length} lost`,
  };
}

/** Prepared threads, threads that must be read from the store, and the process's own health. */
async function readsGoOn({ url }: Started, must: (holds: boolean, what: string) => void): Promise<void> {
  for (const page of [pageOf(0), pageOf(0), pageOf(1), pageOf(2)]) await read(url, page);
  const page = await statusOf(`${url}/thread?url=${encodeURIComponent(pageOf(0))}`);
  must(page === 200, `the page without scripts answers ${page}`);
  must((await statusOf(`${url}/healthz`)) === 200, "it says that it is dead");
}

/** Asks until it answers so: one look at the store holds good for a moment. */
async function untilStatus(url: string, status: number): Promise<number> {
  for (;;) {
    const answer = await statusOf(url);
    if (answer === status) return answer;
  }
}
