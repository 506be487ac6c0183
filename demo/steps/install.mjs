import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { debianInstall, isDebianRoot } from "./debian.mjs";
import { npm, root, run, say, StepError, works } from "./run.mjs";

/** Installs the packages when the lock changed, and sees that SQLite's binary loads. */
export async function ensureInstalled() {
  refuseOldNode();
  if (!isInstalled(root)) {
    say("Installing packages (a minute or two the first time)…");
    // Only better-sqlite3 needs its install script; no other package gets to run one.
    await npm(["ci", "--ignore-scripts", "--no-fund", "--no-audit"]);
  }
  if (!sqliteLoads()) await makeSqlite();
  writeFileSync(stampPath(root), lockHash(root));
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 17))
    throw new StepError(`Node ${process.versions.node} is too old: install Node 20.17 or newer.`);
}

const stampPath = (folder) => join(folder, "node_modules", ".youfigure-lock");

export const lockHash = (folder) =>
  createHash("sha256")
    .update(readFileSync(join(folder, "package-lock.json")))
    .digest("hex");

/** Whether node_modules is what the lock asks for: by our stamp, else by the record that npm keeps of what it installed. */
export function isInstalled(folder) {
  if (existsSync(stampPath(folder)) && readFileSync(stampPath(folder), "utf8") === lockHash(folder)) return true;
  const record = join(folder, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const present = JSON.parse(readFileSync(record, "utf8")).packages;
  const wanted = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")).packages;
  // Of optional ones only those that we ask for ourselves: the rest are binaries for other systems, and what belongs to them.
  const ours = new Set(Object.keys(wanted[""].optionalDependencies ?? {}).map((name) => `node_modules/${name}`));
  const isAsked = ([path, { optional }]) => path !== "" && (!optional || ours.has(path));
  return Object.entries(wanted)
    .filter(isAsked)
    .every(([path, { version }]) => present[path]?.version === version);
}

// In a process of its own: a binary for another Node may abort instead of throwing.
const sqliteLoads = () => works(process.execPath, ["-e", "new (require('better-sqlite3'))(':memory:').close()"]);

/** A ready binary from its makers if one can be had, else compiled here; for a newer Node the release that carries its own. */
async function makeSqlite() {
  if (Number(process.versions.node.split(".")[0]) >= 22) {
    // 12.x aborts on Node 24.19 and later (nodejs/node#65446); 13.x needs 22.14 and brings binaries.
    await npm(["install", "--no-save", "--ignore-scripts", "--no-fund", "--no-audit", "better-sqlite3@13"]);
    if (sqliteLoads()) return;
  }
  if (missingTools().length > 0) {
    const ready = join(root, "node_modules", "prebuild-install", "bin.js");
    if (
      existsSync(ready) &&
      (await run(process.execPath, [ready], {}, join(root, "node_modules", "better-sqlite3"))) === 0 &&
      sqliteLoads()
    )
      return;
    installTools();
  }
  say("Preparing SQLite (compiles for a minute or two where no ready binary can be had)…");
  await npm(["rebuild", "better-sqlite3", "--no-fund", "--no-audit"], compileEnv());
  if (!sqliteLoads()) throw new StepError("better-sqlite3 was built but does not load: remove node_modules and try again.");
}

/** Headers beside the running node spare node-gyp a download. */
export function compileEnv(node = realpathSync(process.execPath)) {
  const prefix = dirname(dirname(node));
  return existsSync(join(prefix, "include", "node", "node_api.h")) ? { npm_config_nodedir: prefix } : {};
}

const missingTools = () => ["g++", "make", "python3"].filter((program) => !works(program, ["--version"]));

function installTools() {
  const missing = missingTools();
  if (isDebianRoot()) debianInstall(missing);
  if (missingTools().length > 0)
    throw new StepError(
      `SQLite has to be compiled and ${missing.join(", ")} is missing: install a C++ compiler, make and Python 3 (Debian: apt-get install g++ make python3; Fedora: dnf install gcc-c++ make python3; macOS: xcode-select --install).`,
    );
}
