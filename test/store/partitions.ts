/** The product's own schema, each table that belongs to sites cut into parts by the hash of the site: as Citus would place it, within one PostgreSQL. */
import pg from "pg";
import { type Ask, isOfSite, readTables } from "../../server/store/postgres/catalog.ts";
import { postgresDialect } from "../../server/store/postgres/dialect.ts";
import { openPostgres } from "../../server/store/postgres/index.ts";
import type { Store } from "../../server/store/store.ts";
import { bareDatabase, type TestDatabase, within } from "./databases.ts";
import type { Engine } from "./engines.ts";

export const PARTS = 8;
const partOf = (table: string, n: number) => `${table}__part${n}`;

const asking =
  (client: pg.Client): Ask =>
  async (sql) =>
    (await client.query<Record<string, unknown>>(sql)).rows;

export async function partitionedDatabase(): Promise<TestDatabase> {
  const database = await bareDatabase("encoding 'UTF8'");
  await (await openPostgres({ url: database.url })).close();
  await within(database.url, cutUp);
  return database;
}

/** Makes each anew from what the catalog says of it. PostgreSQL itself refuses a key or unique index without the site. */
async function cutUp(client: pg.Client): Promise<void> {
  const ask = asking(client);
  const names = (await readTables(ask)).filter(isOfSite).map(({ name }) => name);
  const constraints = (await ask(
    `select conrelid::regclass::text as "table", conname as name, contype as kind, pg_get_constraintdef(oid) as said
      from pg_constraint where connamespace = 'public'::regnamespace`,
  )) as Record<"table" | "name" | "kind" | "said", string>[];
  const indexes = (await ask("select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'")) as {
    tablename: string;
    indexname: string;
    indexdef: string;
  }[];
  for (const name of names) {
    await ask(`create table ${name}__new (like ${name} including defaults including storage) partition by hash (site_id)`);
    await ask(`drop table ${name} cascade`);
    await ask(`alter table ${name}__new rename to ${name}`);
    for (let n = 0; n < PARTS; n++)
      await ask(`create table ${partOf(name, n)} partition of ${name} for values with (modulus ${PARTS}, remainder ${n})`);
  }
  for (const foreign of [false, true]) {
    for (const { table, name, kind, said } of constraints)
      if (names.includes(table) && (kind === "f") === foreign) await ask(`alter table ${table} add constraint ${name} ${said}`);
  }
  for (const { tablename, indexname, indexdef } of indexes)
    if (names.includes(tablename) && !constraints.some(({ name }) => name === indexname)) await ask(indexdef);
}

export interface Recorded {
  url: string;
  engine: Engine;
  /** Each statement that the store has sent so far, with the values it was first sent with. */
  statements: Map<string, readonly unknown[]>;
  /** Verbs of the store that were used. */
  verbs: Set<string>;
  /** The partitions that a plan looks into, by table: for these values, and for any. */
  touched(sql: string): Promise<Record<string, Set<string>>[]>;
  end(): Promise<void>;
}

/** An engine whose stores stand on partitioned tables, and that writes down all they send. */
export async function recordingEngine(): Promise<Recorded> {
  const database = await partitionedDatabase();
  const statements = new Map<string, readonly unknown[]>();
  const verbs = new Set<string>();
  const stop = record(statements);
  return {
    url: database.url,
    statements,
    verbs,
    engine: {
      name: "postgres, cut up by sites",
      async make(now = Date.now) {
        const store = await openPostgres({ url: database.url, now });
        const noting = new Proxy(store, {
          get: (verbsOf, verb: keyof Store) => {
            verbs.add(verb);
            return verbsOf[verb];
          },
        });
        const drop = async () => {
          await store.close();
          await within(database.url, empty);
        };
        return { store: noting, dialect: postgresDialect(), explain: () => Promise.reject(new Error("See touched")), drop };
      },
    },
    touched: (sql) => within(database.url, (client) => explain(client, sql, statements.get(sql) ?? [])),
    async end() {
      stop();
      await database.drop();
    },
  };
}

async function empty(client: pg.Client): Promise<void> {
  const tables = (await readTables(asking(client))).filter(({ name }) => name !== "schema_versions");
  await client.query(
    tables
      .toReversed()
      .map(({ name }) => `delete from ${name}`)
      .join("; "),
  );
}

interface Asked {
  text: string;
  values?: readonly unknown[];
}

/** Listens to what the store's own connections send. Returns how to stop. */
function record(statements: Map<string, readonly unknown[]>): () => void {
  // oxlint-disable-next-line typescript/unbound-method -- it is bound again by each call.
  const { query } = pg.Client.prototype;
  const isOurs = (client: unknown) =>
    (client as { connectionParameters: { application_name?: string } }).connectionParameters.application_name === "youfigure";
  pg.Client.prototype.query = function (this: pg.Client, ...asked: unknown[]) {
    if (isOurs(this)) note(statements, asked[0] as Asked | string);
    return Reflect.apply(query, this, asked) as Promise<pg.QueryResult>;
  } as typeof query;
  return () => void (pg.Client.prototype.query = query);
}

function note(statements: Map<string, readonly unknown[]>, asked: Asked | string): void {
  const { text, values = [] } = typeof asked === "string" ? { text: asked } : asked;
  // What has no parameters may be several in one message.
  for (const sql of values.length > 0 ? [text] : text.split("; "))
    if (/^(?:select|insert|update|delete|with)\b/i.test(sql) && !statements.has(sql)) statements.set(sql, values);
}

const MODES = ["force_custom_plan", "force_generic_plan"];

async function explain(client: pg.Client, sql: string, values: readonly unknown[]): Promise<Record<string, Set<string>>[]> {
  await client.query(`prepare probe as ${sql}`);
  const given = values.map(literal);
  const plans = [];
  for (const mode of MODES) {
    await client.query(`set plan_cache_mode = ${mode}`);
    const call = given.length > 0 ? `probe (${given.join(", ")})` : "probe";
    const { rows } = await client.query<{ "QUERY PLAN": { Plan: PlanNode }[] }>(`explain (format json) execute ${call}`);
    plans.push(partsIn(rows[0]!["QUERY PLAN"][0]!.Plan));
  }
  return plans;
}

function literal(value: unknown): string {
  if (typeof value === "number" || value === null) return String(value);
  // https://www.postgresql.org/docs/current/arrays.html 8.15.2
  if (Buffer.isBuffer(value)) return `'\\x${value.toString("hex")}'`;
  const text = Array.isArray(value) ? `{${value.map((item) => JSON.stringify(String(item))).join(",")}}` : String(value);
  return pg.escapeLiteral(text);
}

interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  Plans?: PlanNode[];
}

function partsIn(node: PlanNode, parts: Record<string, Set<string>> = {}): Record<string, Set<string>> {
  const [table, part] = (node["Relation Name"] ?? "").split("__part");
  if (table && part !== undefined && node["Node Type"].includes("Scan")) (parts[table] ??= new Set()).add(part);
  for (const below of node.Plans ?? []) partsIn(below, parts);
  return parts;
}
