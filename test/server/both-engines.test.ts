import { expect, test } from "vitest";
import { transcript } from "./transcript.ts";

// R-20 of the faults that the server is held against.
test("the same conversation has the same answers from SQLite and from PostgreSQL", async () => {
  const [sqlite, postgres] = [await transcript("sqlite"), await transcript("postgres")];
  expect(sqlite.length).toBeGreaterThan(150);
  // Both were really spoken to: most of it worked, and what must be refused was.
  expect(sqlite.filter(({ status }) => status < 300).length).toBeGreaterThan(130);
  expect(new Set(sqlite.map(({ status }) => status))).toEqual(new Set([200, 201, 202, 403, 409, 422]));
  for (const [i, line] of postgres.entries()) expect(line).toEqual(sqlite[i]);
  expect(postgres).toHaveLength(sqlite.length);
});
