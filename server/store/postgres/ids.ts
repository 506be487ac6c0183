import type { DbId } from "../queries/tables.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** PostgreSQL's own uuid sorts as its text does, and comes back as lower-case text. */
export function toUuid(text: string): DbId {
  if (!UUID.test(text)) throw new Error("A comment's id must be a UUID");
  return text as unknown as DbId;
}
