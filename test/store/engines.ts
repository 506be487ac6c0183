import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import pg from "pg";
import type { Dialect } from "../../server/store/dialect.ts";
import { postgresDialect } from "../../server/store/postgres/dialect.ts";
import { openPostgres } from "../../server/store/postgres/index.ts";
import { openSqlite, sqliteDialect } from "../../server/store/sqlite/index.ts";
import type { Statement } from "../../server/store/steps.ts";
import type { Store } from "../../server/store/store.ts";
import { testDatabase, within } from "./databases.ts";

export interface Made {
  store: Store;
  dialect: Dialect;
  /** How the engine would go about it, in its own words. */
  explain(statement: Statement<unknown>): Promise<string>;
  drop(): Promise<void>;
}

export interface Engine {
  name: string;
  /** A new, empty store, and how to be rid of it. */
  make(now?: () => number): Promise<Made>;
}

export const ENGINES: readonly Engine[] = [
  {
    name: "sqlite",
    async make(now = Date.now) {
      const folder = mkdtempSync(join(tmpdir(), "youfigure-store-"));
      const path = join(folder, "comments.db");
      const store = await openSqlite({ path, now });
      return {
        store,
        dialect: sqliteDialect(),
        explain: async (statement) => explainSqlite(path, statement),
        async drop() {
          await store.close();
          rmSync(folder, { recursive: true });
        },
      };
    },
  },
  {
    name: "postgres",
    async make(now = Date.now) {
      const database = await testDatabase();
      const store = await openPostgres({ url: database.url, now });
      return {
        store,
        dialect: postgresDialect(),
        explain: (statement) => explainPostgres(database.url, statement),
        async drop() {
          await store.close();
          await database.drop();
        },
      };
    },
  },
];

function explainSqlite(path: string, { sql, parameters }: Statement<unknown>): string {
  const db = new Database(path, { readonly: true });
  try {
    const plan = db.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[];
    return plan.map(({ detail }) => detail).join("; ");
  } finally {
    db.close();
  }
}

/** Both plans that a prepared statement may get: for these very values, and for any. */
const MODES = ["force_custom_plan", "force_generic_plan"];

function explainPostgres(url: string, { sql, parameters }: Statement<unknown>): Promise<string> {
  return within(url, async (client) => {
    await client.query("analyze");
    // A small table is read whole where that is quicker; what matters is whether a large one need be.
    await client.query("set enable_seqscan = off");
    await client.query(`prepare probe as ${sql}`);
    const values = parameters.map((value) => (typeof value === "number" ? value : pg.escapeLiteral(String(value)))).join(", ");
    const plans = [];
    for (const mode of MODES) {
      await client.query(`set plan_cache_mode = ${mode}`);
      plans.push((await client.query<Record<"QUERY PLAN", string>>(`explain execute probe (${values})`)).rows);
    }
    return plans.map((rows) => rows.map((row) => row["QUERY PLAN"]).join("\n")).join("\n\n");
  });
}
