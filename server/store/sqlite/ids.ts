import type { DbId } from "../queries/tables.ts";

/** A comment's id is kept as the 16 bytes of its UUID, which sort as its text does. */
export function toBytes(text: string): DbId {
  const bytes = Buffer.from(text.replaceAll("-", ""), "hex");
  if (bytes.length !== 16) throw new Error("A comment's id must be a UUID");
  return bytes as unknown as DbId;
}

export function toText(id: DbId): string {
  const hex = (id as unknown as Buffer).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
