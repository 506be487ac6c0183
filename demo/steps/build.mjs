import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { root, say } from "./run.mjs";

/** What is built, from what, into what. Paths are relative to the project. */
const PARTS = {
  widget: {
    inputs: ["widget", "server/wire", "server/locale", "package.json", "package-lock.json"],
    outputs: ["dist/widget"],
    build: async () => (await module("widget/build.mjs")).buildWidget({ outDir: join(root, "dist/widget") }),
  },
  server: {
    inputs: ["server", "demo", "widget", "package.json", "package-lock.json"],
    outputs: ["dist/server", "dist/demo"],
    build: async () =>
      (await module("node_modules/vite/dist/node/index.js")).build({ configFile: join(root, "server/vite.config.ts"), root }),
  },
};

const module = (path) => import(pathToFileURL(join(root, path)).href);

/** Builds each part whose inputs are not those it was last built from. Resolves with the names of what was built. */
export async function buildStale({ force = false } = {}) {
  const stampFile = join(root, "dist", ".stamp.json");
  const stamp = existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, "utf8")) : {};
  const built = [];
  for (const [name, part] of Object.entries(PARTS)) {
    const hash = hashOf(part.inputs.map((input) => join(root, input)));
    if (!force && stamp[name] === hash && part.outputs.every((output) => existsSync(join(root, output)))) continue;
    say(`Building the ${name}…`);
    for (const output of part.outputs) rmSync(join(root, output), { recursive: true, force: true });
    await part.build();
    stamp[name] = hash;
    mkdirSync(join(root, "dist"), { recursive: true });
    writeFileSync(stampFile, JSON.stringify(stamp));
    built.push(name);
  }
  return built;
}

/** One hash over the names and contents of files and folders, documentation apart. */
export function hashOf(paths) {
  const hash = createHash("sha256");
  for (const file of paths.flatMap(filesUnder)) hash.update(relative(root, file)).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

function filesUnder(path) {
  if (!existsSync(path)) return [];
  const entries = readdirEntries(path);
  if (!entries) return [path];
  return entries.flatMap((entry) => (entry.name.endsWith(".md") ? [] : filesUnder(join(path, entry.name))));
}

/** A folder's entries by name, or null for a file. */
function readdirEntries(path) {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error.code === "ENOTDIR") return null;
    throw error;
  }
}
