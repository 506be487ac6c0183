/**
 * How the tables are spread over the servers of Citus (https://docs.citusdata.com/en/stable/develop/api_udf.html): those
 * that belong to sites by the site alone and side by side, so that all of one site lies on one server; the rest whole on
 * each of them, as Citus lets a table that is spread out refer to these but not to one that only the coordinator has.
 */
import pg from "pg";
import { isOfSite, readTables, type TableShape } from "./catalog.ts";
import { connectionTo } from "./pool.ts";

const BEFORE = `-- Run this once, by psql on the coordinator, with all servers of Youfigure stopped:
--   youfigure migrate --citus | psql --set ON_ERROR_STOP=1 DATABASE_URL
-- It was derived from the tables of this database and from Citus's documentation; it was not run on a Citus.
-- Before it: create extension citus; select citus_set_coordinator_host(…); select citus_add_node(…) for each server.`;

const AFTER = `-- After it, for a site so large that it needs a server of its own (here site 42):
--   select isolate_tenant_to_new_shard('comments', 42, 'CASCADE');
--   select nodename, shardid from citus_shards where shardid = (the number that it answers);
--   select citus_move_shard_placement(that number, 'from', 5432, 'to', 5432);
-- After a later version has brought new tables, print this again and run the lines of these alone.`;

/** In the order in which Citus takes them: each table after those it refers to, and what is whole everywhere first. */
export function citusStatements(tables: readonly TableShape[]): string[] {
  const everywhere = tables.filter((table) => !isOfSite(table));
  const [first, ...others] = tables.filter(isOfSite);
  return [
    ...everywhere.map(({ name }) => `select create_reference_table('${name}');`),
    ...(first ? [`select create_distributed_table('${first.name}', 'site_id');`] : []),
    ...others.map(({ name }) => `select create_distributed_table('${name}', 'site_id', colocate_with => '${first!.name}');`),
  ];
}

/** The same for a database that has the schema already, to be read by a person and by psql. */
export async function citusScript(url: string): Promise<string> {
  const client = new pg.Client(connectionTo(url));
  await client.connect();
  try {
    const tables = await readTables(async (sql) => (await client.query<Record<string, unknown>>(sql)).rows);
    return [BEFORE, ...citusStatements(tables), AFTER, ""].join("\n");
  } finally {
    await client.end();
  }
}
