/** a copy is taken while writers write, and put in the place of the database. */
import { statSync } from "node:fs";
import { type Blog, pageOf, postUntilStored, read, statusOf } from "./blog.ts";
import { bars, ms, type Outcome } from "./fault.ts";
import { clients, keepDoing } from "./load.ts";
import { runCommand, startServer } from "./process.ts";
import { recount } from "./recount.ts";
import { stock } from "./stock.ts";

/** Each copy must be whole and hold all that was acknowledged before it was begun; the last one is restored by the command. */
export async function backupAndRestore(blog: Blog, { copies, stocked }: { copies: number; stocked: number }): Promise<Outcome> {
  const { wrong, must } = bars();
  await stock(blog, stocked);
  const server = await startServer(blog);
  const writers = clients(server.url, 8);
  let stored = 0;
  let over = false;
  const writing = keepDoing(
    8,
    () => over,
    async () => {
      const answer = await writers.write(blog.site);
      must(answer.status === 201, `a writer got ${answer.status} meanwhile`);
      stored++;
      return answer;
    },
  );
  let last = "";
  for (let n = 0; n < copies; n++) {
    const copy = `${blog.database}.copy-${n}`;
    for (const enough = stored + 20; ; await statusOf(`${server.url}/healthz`)) if (stored >= enough) break;
    const before = stored;
    const { code, stderr } = await runCommand(["backup", copy], blog);
    must(code === 0 && stderr === "", `backup: ${code} ${stderr}`);
    must((statSync(copy).mode & 0o777) === 0o600, "others may read the copy");
    const { ids, wrong: miscounted } = await recount(copy, blog.site);
    must(ids.size >= stocked + before, `the copy holds ${ids.size} comments, ${stocked + before} were acknowledged before`);
    wrong.push(...miscounted);
    last = copy;
  }
  over = true;
  await writing;
  writers.close();
  server.kill("SIGTERM");
  await server.ended;
  const began = performance.now();
  const restored = await runCommand(["restore", last], blog);
  must(restored.code === 0 && restored.stderr === "", `restore: ${restored.code} ${restored.stderr}`);
  const again = await startServer(blog);
  must((await read(again.url, pageOf(0))).length > 0, "nothing is shown after restoring");
  const took = performance.now() - began;
  await postUntilStored(blog, again.url, 1_000_000);
  again.kill("SIGTERM");
  must((await again.ended).code === 0, "it did not end well");
  return {
    wrong,
    seen: `${copies} copies while ${stored} comments were stored, each whole with all acknowledged before it; restored and answering after ${ms(took)}`,
  };
}
