/** `npm run faults`: every fault whole, a line each. `-- --only R-03,R-05`, `--cycles 20 --seed 7` for R-01, `--soak [--minutes 30]` for R-23. Exit code 1 when a bar is missed. */
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { wholeFaults } from "./whole.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    cycles: { type: "string", default: "200" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    soak: { type: "boolean", default: false },
    minutes: { type: "string", default: "30" },
  },
});
const say = (text: string) => process.stdout.write(`${text}\n`);
const only = values.only.split(",").filter(Boolean);
const faults = wholeFaults({
  cycles: Number(values.cycles),
  seed: Number(values.seed),
  soakMinutes: values.soak ? Number(values.minutes) : 1,
  say: (text) => process.stderr.write(`      ${text}\n`),
}).filter(({ id }) => (only.length > 0 ? only.some((wanted) => id.split(" ").includes(wanted)) : !values.soak || id === "R-23"));

const load = () => loadavg()[0]!.toFixed(1);
say(`${faults.length} faults, seed ${values.seed}, ${cpus().length} cores, load ${load()} before`);
let failed = 0;
for (const { id, deed, run } of faults) {
  const began = performance.now();
  const { seen, wrong } = await run().catch((error: unknown) => ({ seen: "", wrong: [String((error as Error).stack ?? error)] }));
  const seconds = Math.round((performance.now() - began) / 1_000);
  if (wrong.length > 0) failed++;
  say(`${wrong.length === 0 ? "holds" : "FAILS"} ${id.padEnd(9)} ${deed} (${seconds} s): ${seen}`);
  for (const what of new Set(wrong)) say(`      ${what}`);
}
say(`${faults.length - failed} hold, ${failed} fail; load ${load()} after`);
process.exitCode = failed === 0 && faults.length > 0 ? 0 : 1;
