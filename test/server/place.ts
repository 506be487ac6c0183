import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testDatabase } from "../store/databases.ts";

/** Where a server under test keeps its comments. */
export interface Placed {
  engine: "sqlite" | "postgres";
  /** Environment of the server: DATABASE_URL and what goes with it. */
  env: Record<string, string>;
  /** Once nobody uses it any more. */
  remove(): Promise<void>;
}

/** Of no worth: it signs nothing but what tests write. */
const SECRET_KEY = "a key for tests, which signs nothing of worth";

/** TEST_ENGINE is set by the vitest project that runs the same tests on PostgreSQL. */
export async function place(engine = (process.env["TEST_ENGINE"] ?? "sqlite") as Placed["engine"]): Promise<Placed> {
  if (engine === "postgres") {
    const database = await testDatabase();
    return { engine, env: { DATABASE_URL: database.url, SECRET_KEY }, remove: () => database.drop() };
  }
  const folder = mkdtempSync(join(tmpdir(), "youfigure-"));
  const env = { DATABASE_URL: `file:${join(folder, "test.db")}` };
  return { engine, env, remove: async () => rmSync(folder, { recursive: true, force: true }) };
}
