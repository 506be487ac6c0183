import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, run, say, tool } from "./run.mjs";

/** Types, lint and format, all of them even when one fails. Resolves with the exit code. */
export async function checkAll() {
  const checks = [
    ["tsc", "-p", "server"],
    ["tsc", "-p", "widget"],
    ["tsc", "-p", "."],
    ["oxlint", "."],
    ["oxfmt", "--check", "."],
  ];
  const failed = [];
  for (const [name, ...args] of checks) if ((await run(tool(name), args)) !== 0) failed.push([name, ...args].join(" "));
  say(failed.length === 0 ? "Types, lint and format are in order." : `Not in order: ${failed.join(", ")}.`);
  return failed.length === 0 ? 0 : 1;
}

/** Runs the tests with vitest's further arguments; the last line says how many passed and failed. Resolves with the exit code. */
export async function runTests(args, env) {
  const results = join(root, "test/.out/results.json");
  mkdirSync(dirname(results), { recursive: true });
  rmSync(results, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
  const code = await run(tool("vitest"), ["run", "-c", "test/vitest.config.ts", ...reporters, ...args], env);
  const { passed, failed } = tally(existsSync(results) ? JSON.parse(readFileSync(results, "utf8")) : null, code);
  say(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : code || 1;
}

/** Tests that passed and failed; a file that did not even load, and a run that ended badly without one, count as failures. */
export function tally(report, code) {
  const files = report?.testResults ?? [];
  const unloaded = files.filter(
    (file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"),
  ).length;
  const failed = (report?.numFailedTests ?? 0) + unloaded;
  return { passed: report?.numPassedTests ?? 0, failed: failed === 0 && code !== 0 ? 1 : failed };
}
