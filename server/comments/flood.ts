import { Recent } from "../recent.ts";
import type { Settings } from "../wire/settings.ts";

/** Who posts: hashes, never the address itself. */
export interface Poster {
  site: number;
  address: string;
  /** Keyed hash of the e-mail, null where none was given. */
  email: string | null;
}

/** Holds back who posts too fast. */
export interface Flood {
  /**
   * Takes one comment's place: seconds to wait, or 0. The floor counts by e-mail and only without one by address, so
   * that people who share an address share nothing but the bucket.
   */
  take(poster: Poster, settings: Settings): number | Promise<number>;
  /** Takes the place of an edit, which keeps as much as a comment but waits for no floor: seconds to wait, or 0. */
  takeEdit(poster: Pick<Poster, "site" | "address">, settings: Settings): number | Promise<number>;
  /** Gives the place back when the comment was not stored after all; never fails. */
  giveBack(poster: Poster, settings: Settings): void | Promise<void>;
  /** For requests that store nothing (previews, tokens), by subscriber: seconds to wait, or 0. */
  visit(subscriber: string): number;
}

/**
 * At least so many addresses and e-mails are remembered, at most twice as many, in each of three maps. A million of them
 * then cost some 70 MB, most of it what the collector has not yet taken; twice as many would cost more than 100 (S-49).
 */
const REMEMBERED = 10_000;
/** Requests that store nothing: at once, and then each second. */
const VISITS = { burst: 60, perSecond: 2 };

/** Decided in memory, bounded however many addresses there are. */
export function floodControl(now: () => number): Flood {
  const floors = new Recent<{ at: number; before: number }>(REMEMBERED);
  const buckets = new Recent<Bucket>(REMEMBERED);
  const visits = new Recent<Bucket>(REMEMBERED);
  const drawPlace = ({ site, address }: Pick<Poster, "site" | "address">, { burst, perHour }: Settings) =>
    burst === 0 ? 0 : draw(buckets, `${site} ${address}`, { at: now(), burst, perSecond: perHour / 3600 });
  const floorKey = ({ site, email, address }: Poster) => `${site} ${email ?? address}`;

  return {
    take(poster, settings) {
      const { floor } = settings;
      const at = now();
      const last = floors.get(floorKey(poster));
      // A clock set back must not lock anyone out.
      if (floor > 0 && last && last.at <= at && at - last.at < floor * 1000) return Math.ceil((floor * 1000 - (at - last.at)) / 1000);
      const wait = drawPlace(poster, settings);
      if (wait > 0) return wait;
      floors.set(floorKey(poster), { at, before: last?.at ?? 0 });
      return 0;
    },
    takeEdit: drawPlace,
    giveBack(poster) {
      const floor = floors.get(floorKey(poster));
      if (floor) floors.set(floorKey(poster), { at: floor.before, before: 0 });
      const bucket = buckets.get(`${poster.site} ${poster.address}`);
      if (bucket) bucket.left++;
    },
    visit: (subscriber) => draw(visits, subscriber, { at: now(), ...VISITS }),
  };
}

interface Bucket {
  left: number;
  at: number;
}

/** Draws one from a token bucket: seconds until there is one, or 0 when it was drawn. */
function draw(buckets: Recent<Bucket>, key: string, limit: { at: number; burst: number; perSecond: number }): number {
  const { at, burst, perSecond } = limit;
  const bucket = buckets.get(key) ?? { left: burst, at };
  bucket.left = Math.min(burst, bucket.left + (Math.max(0, at - bucket.at) / 1000) * perSecond);
  bucket.at = at;
  buckets.set(key, bucket);
  if (bucket.left < 1) return Math.ceil((1 - bucket.left) / perSecond);
  bucket.left--;
  return 0;
}
