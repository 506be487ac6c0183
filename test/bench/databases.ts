import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fill } from "./fill.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** On the project's own disk: a temporary folder may lie in memory, where making a write durable costs nothing. */
export const FOLDER = join(root, "test/.out/bench");

/** Comments beside the two pages that are measured. */
export const SIZES = { small: 0, middle: 100_000, large: 1_000_000 } as const;
export type Size = keyof typeof SIZES;

/** The database of that size, made once and kept until the schema or the filling changes. A million takes some minutes. */
export async function databaseOf(size: Size, say: (text: string) => void): Promise<string> {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${size}-${fingerprint()}.db`);
  const took = await fill(path, SIZES[size]);
  if (took > 1_000) say(`filled ${SIZES[size].toLocaleString("en")} comments in ${Math.round(took / 1_000)} s`);
  return path;
}

function fingerprint(): string {
  const migrations = "server/store/migrations";
  const files = [
    ...readdirSync(join(root, migrations))
      .toSorted()
      .map((name) => `${migrations}/${name}`),
    "server/store/sqlite/search.ts",
    "test/bench/fill.ts",
  ];
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(join(root, file)));
  return hash.digest("hex").slice(0, 12);
}
