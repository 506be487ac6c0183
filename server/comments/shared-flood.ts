import type { Log } from "../services.ts";
import type { Turn } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { Settings } from "../wire/settings.ts";
import type { Flood, Poster } from "./flood.ts";

/**
 * The same limits for all servers on one database. Requests that store nothing cost their own server's processor alone:
 * of these each server counts its own.
 */
export function sharedFlood({ store, visit, log }: { store: Store; visit: Flood["visit"]; log: Log }): Flood {
  return {
    async take(poster, settings) {
      const turns = turnsOf(poster, settings);
      return turns.length === 0 ? 0 : Math.ceil((await store.takeTurns(poster.site, turns)) / 1_000);
    },
    async takeEdit({ site, address }, settings) {
      const turns = bucketOf(address, settings);
      return turns.length === 0 ? 0 : Math.ceil((await store.takeTurns(site, turns)) / 1_000);
    },
    async giveBack(poster, settings) {
      const turns = turnsOf(poster, settings);
      try {
        if (turns.length > 0) await store.giveTurnsBack(poster.site, turns);
      } catch (error) {
        // Who is told why the comment was not stored must not be told of this instead: they wait a little longer.
        log.warn({ error: String(error) }, "a turn was not given back");
      }
    },
    visit,
  };
}

/** The floor counts by e-mail, and only without one by address. */
function turnsOf({ email, address }: Poster, settings: Settings): Turn[] {
  const { floor } = settings;
  return [...(floor > 0 ? [{ key: `floor ${email ?? address}`, every: floor * 1_000, burst: 1 }] : []), ...bucketOf(address, settings)];
}

const bucketOf = (address: string, { burst, perHour }: Settings): Turn[] =>
  burst > 0 ? [{ key: `bucket ${address}`, every: Math.ceil(3_600_000 / perHour), burst }] : [];
