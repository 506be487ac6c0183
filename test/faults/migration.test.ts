import { expect, it } from "vitest";
import { killMigration } from "./migration.ts";

it("finishes a migration that was killed in its midst, as if nothing had been, and refuses a newer schema (R-09)", async () => {
  const seen = await killMigration([1, 7]);
  expect(seen).toMatchObject({ wrong: [], kills: 2 });
});
