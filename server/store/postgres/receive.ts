/** An empty database that takes the rows of another, all of them or none. */
import { createHash } from "node:crypto";
import pg from "pg";
import { statusCode } from "../queries/codes.ts";
import { Unusable } from "../unusable.ts";
import { readTables, type TableShape } from "./catalog.ts";
import { openPostgres, unusable } from "./index.ts";
import { CHANNEL } from "./others.ts";
import { connectionTo } from "./pool.ts";
import { Trouble } from "./trouble.ts";
import { vectorOf } from "./words.ts";

export type Value = string | number | null;
export interface Digest {
  rows: number;
  /** SHA-256 of the rows in the order of their key, hex. */
  sha256: string;
}

export interface Receiver {
  /** Of its schema, which is this program's. */
  version: number;
  /** Those to be filled, each after those it refers to. */
  tables: readonly TableShape[];
  take(table: TableShape, rows: readonly Value[][]): Promise<void>;
  digest(table: TableShape): Promise<Digest>;
  keepValue(name: string, value: string): Promise<void>;
  commit(): Promise<void>;
  /** Without a commit before, nothing is kept. */
  close(): Promise<void>;
}

/** Rows read at a time, and of those with pictures. */
const AT_ONCE = 2_000;
const LARGE_AT_ONCE = 20;
/** Not carried: written anew, or made by the migrations. */
const OUR_OWN = new Set(["search", "schema_versions"]);

/** Makes the schema. Throws Unusable where anything is kept already: nothing is ever mixed. */
export async function openReceiver(url: string): Promise<Receiver> {
  const client = new pg.Client(connectionTo(url));
  client.on("error", () => undefined);
  await client.connect().catch((error: unknown) => {
    throw unusable(new Trouble(error));
  });
  try {
    await refuseFilled(client);
    await (await openPostgres({ url })).close();
    // Whoever serves from it already may read meanwhile, and write nothing until the end.
    await client.query("begin");
    const tables = await readTables(async (sql) => (await client.query<Record<string, unknown>>(sql)).rows);
    await client.query(`lock table ${tables.map(({ name }) => pg.escapeIdentifier(name)).join(", ")} in share row exclusive mode`);
    await refuseFilled(client);
    const { rows } = await client.query<{ version: number }>("select max(version) as version from schema_versions");
    return receiver(
      client,
      rows[0]!.version,
      tables.filter(({ name }) => !OUR_OWN.has(name)),
    );
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function refuseFilled(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'schema_versions'`,
  );
  for (const { name } of rows) {
    const { rowCount } = await client.query(`select 1 from ${name} limit 1`);
    if (rowCount) throw new Unusable(`the database to move to is not empty: its table ${name} has rows. Make a new one with createdb`);
  }
}

function receiver(client: pg.Client, version: number, tables: readonly TableShape[]): Receiver {
  return {
    version,
    tables,
    async take(table, rows) {
      await insert(client, table.name, table.columns, rows);
      if (table.name === "comments") await index(client, table, rows);
    },
    digest: (table) => digestOf(client, table),
    keepValue: async (name, value) => void (await client.query("insert into kept_values (name, value) values ($1, $2)", [name, value])),
    async commit() {
      // A server that serves from it already learns that all of it is new.
      await client.query(`notify ${CHANNEL}, 'move all'`);
      await client.query("commit");
      await client.query("analyze");
    },
    close: () => client.end(),
  };
}

type Column = TableShape["columns"][number];

/** One parameter, whatever the number of rows and columns; PostgreSQL reads each value by its column's type. */
async function insert(client: pg.Client, table: string, columns: readonly Column[], rows: readonly Value[][]): Promise<void> {
  const records = rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
  const list = columns.map(({ name }) => pg.escapeIdentifier(name)).join(", ");
  const into = pg.escapeIdentifier(table);
  await client.query(`insert into ${into} (${list}) select ${list} from json_populate_recordset(null::${into}, $1)`, [
    JSON.stringify(records),
  ]);
}

const SEARCHED = ["site_id", "comment_id", "page_id", "status", "words"].map((name) => ({ name, type: "" }));

/** As `mark` of search.ts does it for one. */
async function index(client: pg.Client, comments: TableShape, rows: readonly Value[][]): Promise<void> {
  const place = (name: string) => comments.columns.findIndex((column) => column.name === name);
  const [site, page, id, status] = ["site_id", "page_id", "id", "status"].map(place) as [number, number, number, number];
  const said = ["source", "name", "email"].map(place);
  const words = rows
    .filter((row) => row[status] !== statusCode("removed"))
    .map((row) => {
      const vector = vectorOf(
        row[site] as number,
        said.map((i) => row[i] as string),
      );
      return [row[site]!, row[id]!, row[page]!, row[status]!, vector];
    });
  await insert(client, "search", SEARCHED, words);
}

async function digestOf(client: pg.Client, { name, columns, key }: TableShape): Promise<Digest> {
  const digest = digester();
  const quoted = (names: readonly string[]) => names.map((column) => pg.escapeIdentifier(column));
  // Byte by byte, as every engine can sort, and not by the words of a language.
  const order = key.map((column) => {
    const isText = columns.find((one) => one.name === column)?.type === "text";
    return `${pg.escapeIdentifier(column)}${isText ? ' collate "C"' : ""}`;
  });
  const all = `select ${quoted(columns.map((column) => column.name)).join(", ")} from ${pg.escapeIdentifier(name)} order by ${order.join(", ")}`;
  await client.query(`declare reading no scroll cursor for ${all}`);
  const atOnce = columns.some(({ type }) => type === "bytea") ? LARGE_AT_ONCE : AT_ONCE;
  for (;;) {
    const { rows } = await client.query<(Value | Buffer)[]>({ text: `fetch ${atOnce} from reading`, rowMode: "array" });
    for (const row of rows) digest.add(row.map((value) => (Buffer.isBuffer(value) ? bytesAsText(value) : value)));
    if (rows.length < atOnce) break;
  }
  await client.query("close reading");
  return digest.end();
}

/** As PostgreSQL reads them. */
export const bytesAsText = (bytes: Buffer): string => `\\x${bytes.toString("hex")}`;

/** Rows as JSON lists of text, numbers and null: the same from any engine. */
export function digester(): { add(row: readonly Value[]): void; end(): Digest } {
  const hash = createHash("sha256");
  let rows = 0;
  return {
    add(row) {
      hash.update(`${JSON.stringify(row)}\n`);
      rows++;
    },
    end: () => ({ rows, sha256: hash.digest("hex") }),
  };
}
