import type { DbId } from "../queries/tables.ts";

/** PostgreSQL's own uuid sorts as its text does, and comes back as lower-case text. */
export function toUuid(text: string): DbId {
  if (!/^[0-9a-f]{32}$/i.test(text.replaceAll("-", ""))) throw new Error("An id must be a UUID");
  return text as unknown as DbId;
}
