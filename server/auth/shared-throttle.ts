import type { Keys } from "../keys.ts";
import { Refusal } from "../refusal.ts";
import type { Turn } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { PER_ACCOUNT, PER_ADDRESS, type Throttle, trustedPairs } from "./throttle.ts";

/** The same for all servers on one database. Which address is trusted with an account, each server learns for itself. */
export function sharedThrottle(store: Store, keys: Keys): Throttle {
  const trusted = trustedPairs();
  // An address is never kept as it is.
  const turnOf = (kind: "a" | "o", of: string, { burst, every }: { burst: number; every: number }): Turn => ({
    key: `sign-in ${kind} ${keys.sign("address", ["sign-in", of], 12)}`,
    every: every * 1_000,
    burst,
  });
  return {
    async attempt(address, account) {
      const turns = [turnOf("a", address, PER_ADDRESS)];
      if (account !== null && !trusted.has(address, account)) turns.push(turnOf("o", account, PER_ACCOUNT));
      const wait = await store.takeTurns(0, turns);
      if (wait > 0) throw new Refusal("too_many", { retryAfter: Math.ceil(wait / 1_000) });
    },
    async succeeded(address, account) {
      const all = turnOf("a", address, PER_ADDRESS);
      await store.giveTurnsBack(0, [{ ...all, every: all.every * all.burst }, turnOf("o", account, PER_ACCOUNT)]);
      trusted.add(address, account);
    },
  };
}
