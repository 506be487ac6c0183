import { type AliasedRawBuilder, sql } from "kysely";
import type { DbId, ReadId } from "../queries/tables.ts";

/** A comment's id is kept as the 16 bytes of its UUID, which sort as its text does. */
export function toBytes(text: string): DbId {
  const bytes = Buffer.from(text.replaceAll("-", ""), "hex");
  if (bytes.length !== 16) throw new Error("A comment's id must be a UUID");
  return bytes as unknown as DbId;
}

/** As digits: a Buffer for each id would be a quarter of the time that a page takes to read. What is null has none, which hex() does not tell apart. */
export const readDigits = <Answer, Column extends string>(column: Column) =>
  sql`nullif(lower(hex(${sql.ref(column)})), '')`.as(column) as AliasedRawBuilder<Answer, Column>;

export function toText(id: DbId | ReadId): string {
  const hex = typeof id === "string" ? (id as string) : (id as unknown as Buffer).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
