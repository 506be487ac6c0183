/**
 * `npm run faults`: every fault whole, a line each, then how many hold. `-- --only R-03,R-05`, `--cycles 20 --seed 7` for
 * R-01, `--soak [--minutes 30]` or `--only soak` for R-23 alone. Exit code 1 when a bar is missed.
 */
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import type { Fault, Outcome } from "./fault.ts";
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
const soaks = values.soak || only.includes("soak");
/** None may take longer, beside the soak, whatever hangs. */
const LONGEST_MINUTES = 30;
const minutes = soaks ? Number(values.minutes) : 1;
const faults = wholeFaults({
  cycles: Number(values.cycles),
  seed: Number(values.seed),
  soakMinutes: minutes,
  say: (text) => process.stderr.write(`      ${text}\n`),
}).filter(({ id }) => (soaks && id === "R-23") || (only.length > 0 ? only.some((wanted) => id.split(" ").includes(wanted)) : !soaks));

/** What it saw, or that it failed, or hangs. */
async function inTime({ run }: Fault): Promise<Outcome> {
  const limit = minutes + LONGEST_MINUTES;
  let timer: NodeJS.Timeout | undefined;
  const hangs = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve({ seen: "", wrong: [`not over after ${limit} minutes`] }), limit * 60_000);
  });
  const failed = (error: unknown) => ({ seen: "", wrong: [String((error as Error).stack ?? error)] });
  return Promise.race([run().catch(failed), hangs]).finally(() => clearTimeout(timer));
}

const load = () => loadavg()[0]!.toFixed(1);
say(`${faults.length} faults, seed ${values.seed}, ${cpus().length} cores, load ${load()} before`);
let failed = 0;
for (const fault of faults) {
  const { id, deed } = fault;
  const began = performance.now();
  const { seen, wrong } = await inTime(fault);
  const seconds = Math.round((performance.now() - began) / 1_000);
  if (wrong.length > 0) failed++;
  say(`${wrong.length === 0 ? "holds" : "FAILS"} ${id.padEnd(9)} ${deed} (${seconds} s): ${seen}`);
  for (const what of new Set(wrong)) say(`      ${what}`);
}
say(`${faults.length - failed} hold, ${failed} fail; load ${load()} after`);
// Whatever hangs is left behind.
process.exit(failed === 0 && faults.length > 0 ? 0 : 1);
