import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from "kysely";
import type { Dialect } from "../dialect.ts";
import type { Tables } from "../queries/tables.ts";
import { toUuid } from "./ids.ts";
import { vectorSearch } from "./search.ts";

export function postgresDialect(): Dialect {
  const db = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  return {
    db,
    id: { toDb: toUuid, toText: (id) => id as unknown as string, column: "uuid", read: (column) => sql.ref(column).as(column) as never },
    bytes: "bytea",
    keyed: (table) => table,
    fleeting: (table) => table.modifyFront(sql`unlogged`),
    search: vectorSearch(db),
  };
}
