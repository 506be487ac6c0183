/** `npm run faults`: the long form of kill.test.ts. `npm run faults -- --cycles 20 --seed 7`. Exit code 1 when anything was lost. */
import { parseArgs } from "node:util";
import { makeBlog } from "./blog.ts";
import { killLoop } from "./kill-loop.ts";

const { values } = parseArgs({
  options: { cycles: { type: "string", default: "200" }, seed: { type: "string", default: String(Date.now() % 1_000_000) } },
});
const say = (text: string) => process.stdout.write(`${text}\n`);
const blog = await makeBlog();
try {
  say(`${values.cycles} kills, seed ${values.seed}`);
  const onCycle = (cycle: number, acknowledged: number) =>
    void (cycle % 10 === 0 && say(`${cycle} kills, ${acknowledged} comments acknowledged`));
  const report = await killLoop(blog, { cycles: Number(values.cycles), seed: Number(values.seed), onCycle });
  say(JSON.stringify(report, null, 2));
  process.exitCode = report.lost === 0 && report.doubled === 0 && report.wrong.length === 0 ? 0 : 1;
} finally {
  blog.remove();
}
