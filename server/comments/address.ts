import { BlockList, isIP } from "node:net";
import type { Services } from "../services.ts";

/** Days after which the salt turns, and with it every hash of an address. */
export const SALT_DAYS = 30;
const DAY = 86_400_000;

/**
 * The address a request comes from: the socket's peer, or, where that is one of our proxies, the right-most address of
 * X-Forwarded-For that is not. What stands further left was written by the client and is not believed.
 */
export function addressReader(trustedProxies: readonly string[]): (peer: string, forwardedFor: string | null) => string {
  const isTrusted = addressMatcher(trustedProxies);
  return (peer, forwardedFor) => {
    const hops = (forwardedFor ?? "").split(",").map((hop) => unmapped(hop.trim()));
    let address = unmapped(peer);
    while (isTrusted(address)) {
      const hop = hops.pop();
      if (hop === undefined || isIP(hop) === 0) break;
      address = hop;
    }
    return address;
  };
}

/** Whether an address lies in one of these blocks. */
export function addressMatcher(blocks: readonly string[]): (address: string) => boolean {
  const listed = new BlockList();
  for (const block of blocks) {
    const [address = "", prefix] = block.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (prefix === undefined) listed.addAddress(address, family);
    else listed.addSubnet(address, Number(prefix), family);
  }
  return (address) => isIP(address) !== 0 && listed.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** An IPv4 address that came as ::ffff:a.b.c.d is that IPv4 address. */
export const unmapped = (address: string) => /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;

/** What one subscriber has: an IPv4 address, or an IPv6 /64. */
export function subscriberOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = (address.split("%")[0] as string).toLowerCase().split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(Math.max(0, missing)).fill("0"), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}

interface Salt {
  value: string;
  since: number;
}

/** Hashes a subscriber's address with a salt that is kept in the store and turned every 30 days, the same for all servers. The address itself is never kept. */
export function addressHasher({ store, keys, now, randomBytes }: Pick<Services, "store" | "keys" | "now" | "randomBytes">) {
  let salt: Salt | null = null;
  return async (subscriber: string): Promise<string> => {
    // A salt from the future, of a clock that was ahead, would be kept for as long as that.
    const isFresh = ({ since }: Salt) => Math.abs(now() - since) <= SALT_DAYS * DAY;
    if (!salt || !isFresh(salt)) {
      let kept = await store.value("address_salt");
      if (kept === null || !isFresh(JSON.parse(kept) as Salt)) {
        const fresh: Salt = { value: randomBytes(16).toString("hex"), since: now() };
        kept = await store.replaceValue("address_salt", kept, JSON.stringify(fresh));
      }
      salt = JSON.parse(kept) as Salt;
    }
    return Buffer.from(keys.sign("address", [salt.value, subscriber], 8), "base64url").toString("hex");
  };
}
