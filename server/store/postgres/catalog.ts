/** The tables of a database as its own catalog has them, so that what is said of all tables needs no list beside the schema. */

export interface TableShape {
  name: string;
  columns: { name: string; type: string }[];
  /** Columns of the primary key. */
  key: string[];
  /** Tables that its foreign keys name. */
  above: string[];
}

/** Asks one statement without parameters. */
export type Ask = (sql: string) => Promise<readonly unknown[]>;

const COLUMNS = `select c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type
  from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped
  order by c.relname, a.attnum`;
const KEYS = `select c.relname as "table", a.attname as name
  from pg_index i join pg_class c on c.oid = i.indrelid, unnest(i.indkey::int2[]) with ordinality as k (number, place), pg_attribute a
  where i.indisprimary and c.relnamespace = 'public'::regnamespace and a.attrelid = c.oid and a.attnum = k.number
  order by c.relname, k.place`;
const REFERENCES = `select distinct c.conrelid::regclass::text as "table", c.confrelid::regclass::text as name
  from pg_constraint c where c.contype = 'f' and c.conparentid = 0 and c.connamespace = 'public'::regnamespace order by 1, 2`;

/** Each comes after those it refers to. */
export async function readTables(ask: Ask): Promise<TableShape[]> {
  const columns = (await ask(COLUMNS)) as { table: string; name: string; type: string }[];
  const keys = (await ask(KEYS)) as { table: string; name: string }[];
  const references = (await ask(REFERENCES)) as { table: string; name: string }[];
  const of = <T extends { table: string }>(rows: readonly T[], name: string) => rows.filter(({ table }) => table === name);
  const tables = [...new Set(columns.map(({ table }) => table))].map((name) => ({
    name,
    columns: of(columns, name).map(({ name, type }) => ({ name, type })),
    key: of(keys, name).map(({ name }) => name),
    above: of(references, name)
      .map(({ name }) => name)
      .filter((above) => above !== name),
  }));
  return afterWhatTheyReferTo(tables);
}

function afterWhatTheyReferTo(tables: readonly TableShape[]): TableShape[] {
  const placed = new Map<string, TableShape>();
  while (placed.size < tables.length) {
    const next = tables.find(({ name, above }) => !placed.has(name) && above.every((other) => placed.has(other)));
    if (!next) throw new Error("Tables refer to each other in a circle");
    placed.set(next.name, next);
  }
  return [...placed.values()];
}

/**
 * Whether each row belongs to a site, so that the table can be cut up by sites: its primary key begins with one. What is
 * left is small, the same for all sites and read far more often than written: the sites themselves with the directory of
 * their origins, owners and how they sign in, values by name.
 */
export const isOfSite = ({ key }: TableShape): boolean => key[0] === "site_id";
