/** Carries a database from SQLite to PostgreSQL: all of it as of one moment, or nothing. */
import { bytesAsText, type Digest, digester, openReceiver, type Receiver, type Value } from "./store/postgres/receive.ts";
import type { TableShape } from "./store/postgres/catalog.ts";
import { toText } from "./store/sqlite/ids.ts";
import { openSnapshot, type Snapshot } from "./store/sqlite/snapshot.ts";
import { Unusable } from "./store/unusable.ts";

export interface MoveRequest {
  /** Path of the SQLite file. */
  from: string;
  /** postgres://… of an empty database. */
  to: string;
  /** What the servers of the new database must prove to have; null where the key is not known. */
  fingerprint: string | null;
  now: () => number;
  /** Before anything is read: whether another process has the file open. */
  onOpen(source: { inUse: boolean }): void;
  onProgress(progress: { table: string; rows: number; of: number }): void;
}

export interface Moved {
  /** Of both sides, found equal. */
  tables: (Digest & { name: string })[];
  /** What was written until then has come along. */
  at: number;
  /** Somebody has written to the source since. */
  isBehind: boolean;
}

/** Rows sent at a time, and characters of those that hold pictures. */
const AT_ONCE = 1_000;
const WEIGHT_AT_ONCE = 4_000_000;

export async function move(request: MoveRequest): Promise<Moved> {
  const source = openSnapshot(request.from);
  const at = request.now();
  try {
    request.onOpen(source);
    const target = await openReceiver(request.to);
    try {
      const tables = await carryAll(source, target, request);
      if (request.fingerprint !== null) await target.keepValue("key_fingerprint", request.fingerprint);
      await target.commit();
      return { tables, at, isBehind: source.isBehind() };
    } finally {
      await target.close();
    }
  } finally {
    source.close();
  }
}

async function carryAll(source: Snapshot, target: Receiver, request: MoveRequest): Promise<Moved["tables"]> {
  requireSameSchema(source, target, request.from);
  const tables: Moved["tables"] = [];
  for (const table of target.tables) {
    const sent = await carry(source, target, { table, request });
    const received = await target.digest(table);
    if (sent.rows !== received.rows || sent.sha256 !== received.sha256) {
      throw new Unusable(
        `the table ${table.name} did not arrive as it was sent (${sent.rows} rows, then ${received.rows}). Nothing was kept; please report this`,
      );
    }
    tables.push({ name: table.name, ...received });
  }
  return tables;
}

/** What one side has and the other has not would be lost without a word. */
function requireSameSchema(source: Snapshot, { version, tables }: Receiver, path: string): void {
  if (source.version < version) {
    throw new Unusable(
      `${path} was written by an older version (schema ${source.version}, this one has ${version}). Run \`DATABASE_URL=file:${path} youfigure migrate\` first`,
    );
  }
  if (source.version > version) {
    throw new Unusable(`${path} was written by a newer version (schema ${source.version}, this one has ${version}). Use that`);
  }
  const names = tables.map(
    ({ name, columns }) =>
      `${name}: ${columns
        .map((column) => column.name)
        .toSorted()
        .join(", ")}`,
  );
  const theirs = source.tables
    .filter((name) => name !== "schema_versions")
    .map((name) => `${name}: ${source.columns(name).toSorted().join(", ")}`);
  if (names.toSorted().join("\n") !== theirs.toSorted().join("\n"))
    throw new Error(`The tables differ: ${theirs.join("; ")} and ${names.join("; ")}`);
}

interface Load {
  table: TableShape;
  request: MoveRequest;
}

async function carry(source: Snapshot, target: Receiver, { table, request }: Load): Promise<Digest> {
  const { name, columns, key } = table;
  const digest = digester();
  const of = source.count(name);
  let [rows, batch, weight]: [number, Value[][], number] = [0, [], 0];
  const send = async () => {
    await target.take(table, batch);
    rows += batch.length;
    [batch, weight] = [[], 0];
    request.onProgress({ table: name, rows, of });
  };
  for (const values of source.rows(
    name,
    columns.map((column) => column.name),
    key,
  )) {
    const row = values.map((value, i) => neutral(value, columns[i]!.type));
    digest.add(row);
    for (const value of row) if (typeof value === "string") weight += value.length;
    if (batch.push(row) >= AT_ONCE || weight > WEIGHT_AT_ONCE) await send();
  }
  if (batch.length > 0 || rows === 0) await send();
  return digest.end();
}

/** A value as both engines can say it. */
function neutral(value: unknown, type: string): Value {
  if (Buffer.isBuffer(value) && type === "uuid") return toText(value as unknown as Parameters<typeof toText>[0]);
  if (Buffer.isBuffer(value) && type === "bytea") return bytesAsText(value);
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  throw new Error(`A value of type ${typeof value} cannot be carried into a column of type ${type}`);
}
