import { expect, it } from "vitest";
import { silentPostgres } from "./silent-postgres.ts";

it.each(["paused", "stopped"] as const)(
  "refuses writers in time and reads on what is ready while PostgreSQL is %s, losing and doubling nothing (R-13, R-19)",
  async (how) => {
    const { seen, wrong } = await silentPostgres({ how, over: () => true });
    expect(wrong, seen).toEqual([]);
  },
);
