import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import type { Dialect } from "../dialect.ts";
import type { DbId, Tables } from "../queries/tables.ts";
import { vectorSearch } from "./search.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** PostgreSQL's own uuid sorts as its text does, and comes back as lower-case text. */
function toUuid(text: string): DbId {
  if (!UUID.test(text)) throw new Error("A comment's id must be a UUID");
  return text as unknown as DbId;
}

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
    id: { toDb: toUuid, toText: (id) => id as unknown as string, column: "uuid" },
    keyed: (table) => table,
    search: vectorSearch(db),
  };
}
