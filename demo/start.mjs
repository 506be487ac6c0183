// The way in: `npm start`, `npm test` and the other scripts begin here. Plain JavaScript on Node's own modules alone,
// since it runs before anything is installed. Each step does nothing when nothing changed.
import { resolve } from "node:path";
import { ensureInstalled } from "./steps/install.mjs";
import { buildStale } from "./steps/build.mjs";
import { ensureBrowser } from "./steps/browser.mjs";
import { beginPostgres } from "./steps/postgres.mjs";
import { checkAll, runTests } from "./steps/verify.mjs";
import { developLoop } from "./steps/develop.mjs";
import { entryOf, run, StepError, tool } from "./steps/run.mjs";

const modes = {
  "--start": async () => {
    await ensureInstalled();
    await buildStale();
    await import(entryOf("demo/server"));
  },
  "--build": async () => {
    await ensureInstalled();
    await buildStale({ force: true });
  },
  "--dev": async () => {
    await ensureInstalled();
    await developLoop();
  },
  "--check": async () => {
    await ensureInstalled();
    process.exitCode = await checkAll();
  },
  "--test": async (args) => {
    await ensureInstalled();
    const chromium = ensureBrowser();
    await buildStale();
    const postgres = await beginPostgres();
    try {
      process.exitCode = await runTests(args, { CHROMIUM: chromium, TEST_DATABASE_URL: postgres.url });
    } finally {
      await postgres.end();
    }
  },
  "--bench": async (args) => {
    await ensureInstalled();
    const chromium = ensureBrowser();
    await buildStale();
    process.exitCode = await run(process.execPath, ["--import", "tsx", "test/bench/main.ts", ...args], { CHROMIUM: chromium });
  },
  "--faults": async (args) => {
    await ensureInstalled();
    const chromium = ensureBrowser();
    await buildStale();
    process.exitCode = await run(process.execPath, ["--import", "tsx", "test/faults/full.ts", ...args], { CHROMIUM: chromium });
  },
  "--figures": async () => {
    await ensureInstalled();
    await buildStale();
    process.exitCode = await run(process.execPath, ["--import", "tsx", "test/house/fill-readme.ts"]);
  },
  "--screenshots": async (args) => {
    await ensureInstalled();
    const chromium = ensureBrowser();
    await buildStale();
    process.exitCode = await run(process.execPath, ["--import", "tsx", "demo/screenshots/take.ts", ...args], { CHROMIUM: chromium });
    // The states of signing in need a provider: what looks at them takes their pictures, too.
    const states = ["states", "asked"].map((name) => `test/e2e/sign-in-${name}.test.ts`);
    const env = { CHROMIUM: chromium, SCREENSHOTS: resolve(args[0] ?? "") };
    if (args[0]) process.exitCode ||= await run(tool("vitest"), ["run", "-c", "test/vitest.config.ts", "--project=sqlite", ...states], env);
  },
};

try {
  const [first = "--start", ...rest] = process.argv.slice(2);
  const mode = modes[first];
  if (process.env.npm_lifecycle_event) endWithParent();
  if (!mode) throw new StepError(`Unknown option ${first}. Known: ${Object.keys(modes).join(" ")}`, 2);
  await mode(rest);
} catch (error) {
  if (!(error instanceof StepError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}

/** npm that is told to end does not tell us: its shell ends, and we would go on without anyone at the other end. */
function endWithParent() {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && process.kill(process.pid, "SIGTERM"), 500).unref();
}
