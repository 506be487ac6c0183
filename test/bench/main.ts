/** `npm run bench`: README.md beside this tells the options. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { aimsOf } from "./aims.ts";
import { type Figures, SECTIONS, type Section, measure } from "./measure.ts";
import { plotsOf } from "./plots.ts";
import { resultsOf, summaryOf } from "./report.ts";

const { values: chosen } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    only: { type: "string", default: SECTIONS.join(",") },
    "ten-million": { type: "boolean", default: false },
    /** Figures that --json printed: nothing is measured. */
    from: { type: "string" },
  },
});

/** To standard error, so that standard output is the result alone. */
const say = (text: string) => void process.stderr.write(`${new Date().toTimeString().slice(0, 8)} ${text}\n`);

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

function sectionsOf(only: string): Section[] {
  const named = only.split(",");
  const unknown = named.filter((name) => !SECTIONS.includes(name as Section));
  if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(", ")}. Known: ${SECTIONS.join(", ")}`);
  return SECTIONS.filter((section) => named.includes(section));
}

/** Only a whole run: a part would take the other figures out of the README. */
function write(figures: Figures): void {
  const missing =
    figures.failed.length > 0 ||
    ["rest", "reads", "pageReads", "storeWrites", "postgresWrites", "writes", "listeners", "browser"].some((name) => !(name in figures));
  if (missing || figures.machine.quick) throw new Error("Nothing written: only a whole run with all sections belongs into the README");
  const file = here("../../README.md");
  const text = readFileSync(file, "utf8");
  const [, before, after] = /^([^]*<!-- bench -->\n)[^]*(<!-- \/bench -->[^]*)$/.exec(text) ?? [];
  if (before === undefined || after === undefined) throw new Error("The README has no place for the bench");
  const plots = plotsOf(figures);
  mkdirSync(here("plots"), { recursive: true });
  for (const { file: name, svg } of plots) writeFileSync(here(`plots/${name}`), svg);
  writeFileSync(file, `${before}${summaryOf(figures, plots)}\n${after}`);
  writeFileSync(here("RESULTS.md"), `# What the bench measured\n\n${resultsOf(figures)}\n`);
}

const figures: Figures =
  chosen.from === undefined
    ? await measure({ sections: sectionsOf(chosen.only), quick: chosen.quick, tenMillion: chosen["ten-million"], say })
    : (JSON.parse(readFileSync(chosen.from, "utf8")) as Figures);
process.stdout.write(chosen.json ? `${JSON.stringify({ aims: aimsOf(figures), ...figures }, null, 2)}\n` : `${resultsOf(figures)}\n`);
if (chosen.write) write(figures);
if (figures.failed.length > 0) process.exitCode = 1;
// A section that took too long may still be at work.
process.stdout.write("", () => process.exit());
