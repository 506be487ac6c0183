import type { Store } from "../store/store.ts";
import { type Challenges, LIFETIME_MS } from "./challenges.ts";
import { hashToken } from "./token.ts";

/** Challenges that one server makes and another takes: kept in the store as links are, each used once. */
export function sharedChallenges(store: Store, now: () => number): Challenges {
  const hashOf = (challenge: string, purpose: string) => hashToken(`${purpose} ${challenge}`);
  return {
    keep: (challenge, purpose) => store.addLink({ hash: hashOf(challenge, purpose), purpose: "challenge", expiresAt: now() + LIFETIME_MS }),
    take: (challenge, purpose) => store.useLink(hashOf(challenge, purpose), "challenge", now()),
  };
}
