import { Recent } from "../recent.ts";

/** WebAuthn challenges under way, each for one purpose, taken once (WebAuthn 13.4.3). */
export interface Challenges {
  keep(challenge: string, purpose: string): void | Promise<void>;
  /** True once only, for the purpose it was made for, within its time. */
  take(challenge: string, purpose: string): boolean | Promise<boolean>;
}

export const LIFETIME_MS = 5 * 60_000;
/** Asking for challenges must not fill the memory. */
const REMEMBERED = 2_000;

/** Kept in memory. */
export function challenges(now: () => number): Challenges {
  const kept = new Recent<{ purpose: string; until: number }>(REMEMBERED);
  return {
    keep(challenge, purpose) {
      kept.set(challenge, { purpose, until: now() + LIFETIME_MS });
    },
    take(challenge, purpose) {
      const found = kept.get(challenge);
      kept.delete(challenge);
      return found !== undefined && found.purpose === purpose && now() <= found.until;
    },
  };
}
