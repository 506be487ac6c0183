import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import { ALWAYS, fill } from "./fill.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** On the project's own disk: a temporary folder may lie in memory, where making a write durable costs nothing. */
export const FOLDER = join(root, "test/.out/bench");

/** Comments beside the pages that all have. */
export const SIZES = { small: 0, middle: 100_000, large: 1_000_000, huge: 10_000_000 } as const;
export type Size = keyof typeof SIZES;

/** All comments in it. The middle one has the page of 50,000. */
export const storedIn = (size: Size): number => SIZES[size] + ALWAYS + (size === "middle" ? 50_000 : 0);

/** The database of that size, made once and kept until the schema or the filling changes. A million takes some minutes, ten take an hour. */
export async function databaseOf(size: Size, say: (text: string) => void): Promise<string> {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${size}-${await fingerprint()}.db`);
  const took = await fill(path, { more: SIZES[size], large: size === "middle" });
  if (took > 1_000) say(`filled ${SIZES[size].toLocaleString("en")} comments in ${Math.round(took / 1_000)} s`);
  return path;
}

/** Of the schema, as SQLite has it, and of the filling. */
async function fingerprint(): Promise<string> {
  const path = join(FOLDER, `schema-${process.pid}.db`);
  await (await openSqlite({ path })).close();
  const db = new Database(path, { readonly: true });
  const schema = JSON.stringify(db.prepare("select name, sql from sqlite_schema order by name").all());
  db.close();
  for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
  const filling = readFileSync(fileURLToPath(new URL("fill.ts", import.meta.url)));
  return createHash("sha256").update(schema).update(filling).digest("hex").slice(0, 12);
}
