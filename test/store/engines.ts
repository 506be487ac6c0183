import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPostgres } from "../../server/store/postgres/index.ts";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import type { Store } from "../../server/store/store.ts";
import { testDatabase } from "./databases.ts";

export interface Engine {
  name: string;
  /** A new, empty store, and how to be rid of it. */
  make(now?: () => number): Promise<{ store: Store; drop(): Promise<void> }>;
}

export const ENGINES: readonly Engine[] = [
  {
    name: "sqlite",
    async make(now = Date.now) {
      const folder = mkdtempSync(join(tmpdir(), "youfigure-store-"));
      const store = await openSqlite({ path: join(folder, "comments.db"), now });
      return {
        store,
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
        async drop() {
          await store.close();
          await database.drop();
        },
      };
    },
  },
];
