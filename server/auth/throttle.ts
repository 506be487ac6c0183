import { Recent } from "../recent.ts";
import { Refusal } from "../refusal.ts";

/**
 * Guards sign-in. Each failure draws from the bucket of its address and of the account; a success gives them back. An
 * account is the e-mail as it was typed, whether anyone has it or not, so that the answers don't tell.
 */
export interface Throttle {
  /** Draws one try; `address` is a subscriber's, so that an IPv6 /64 is one. Refusal `too_many` with the seconds to wait. */
  attempt(address: string, account: string | null): void | Promise<void>;
  /** The try was right: it costs nothing, and this address is trusted with the account from now on. */
  succeeded(address: string, account: string): void | Promise<void>;
}

/** Failures at once, and seconds in which one more is allowed. */
export const PER_ADDRESS = { burst: 10, every: 60 };
/** Ten addresses' worth. A stranger who empties it keeps nobody out for longer than `every`, and never an address that signed in before. */
export const PER_ACCOUNT = { burst: 100, every: 10 };
/** Addresses and accounts, and trusted pairs, remembered at least; about 100 bytes apiece. */
const REMEMBERED = 20_000;

interface Bucket {
  left: number;
  at: number;
}

/** Kept in memory. */
export function signInThrottle(now: () => number): Throttle {
  const buckets = new Recent<Bucket>(REMEMBERED);
  const trusted = trustedPairs();

  const draw = (key: string, { burst, every }: { burst: number; every: number }) => {
    const at = now();
    const { left, at: since } = buckets.get(key) ?? { left: burst, at };
    const filled = Math.min(burst, left + Math.max(0, at - since) / (every * 1000));
    if (filled < 1) throw new Refusal("too_many", { retryAfter: Math.ceil((1 - filled) * every) });
    buckets.set(key, { left: filled - 1, at });
  };

  return {
    attempt(address, account) {
      draw(`a ${address}`, PER_ADDRESS);
      if (account !== null && !trusted.has(address, account)) draw(`o ${account}`, PER_ACCOUNT);
    },
    succeeded(address, account) {
      buckets.delete(`a ${address}`);
      const bucket = buckets.get(`o ${account}`);
      if (bucket) bucket.left = Math.min(PER_ACCOUNT.burst, bucket.left + 1);
      trusted.add(address, account);
    },
  };
}

/** Addresses that signed in to an account before. */
export function trustedPairs() {
  const pairs = new Recent<true>(REMEMBERED);
  return {
    has: (address: string, account: string) => pairs.get(`${address} ${account}`) === true,
    add: (address: string, account: string) => pairs.set(`${address} ${account}`, true),
  };
}
