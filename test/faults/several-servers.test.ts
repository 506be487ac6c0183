import { expect, it } from "vitest";
import { severalServers } from "./several-servers.ts";

it("loses and doubles nothing, and tells each listener of all once, when servers are killed and PostgreSQL restarts under them (R-13, R-19)", async () => {
  const { seen, wrong } = await severalServers({ rounds: 3 });
  expect(wrong, seen).toEqual([]);
});
