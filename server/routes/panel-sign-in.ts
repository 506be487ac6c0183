import type { Context } from "hono";
import type { Challenges } from "../auth/challenges.ts";
import type { SignedIn } from "../auth/session.ts";
import type { Throttle } from "../auth/throttle.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import { addresses, type Env } from "./request.ts";

/** Behind the door every route knows who is signed in. */
export interface PanelEnv extends Env {
  Variables: Env["Variables"] & { signedIn: SignedIn };
}

/** What the ways in share: challenges under way, failures so far, and who is asking. */
export interface SignInTools {
  challenges: Challenges;
  throttle: Throttle;
  addressOf: (c: Context) => string;
  /** Refusal `too_many` for who asks for challenges faster than a person signs in. */
  visit: (c: Context) => void;
}

export function signInTools(services: Services): SignInTools {
  const { subscriber } = addresses(services);
  return {
    challenges: services.challenges,
    throttle: services.throttle,
    addressOf: subscriber,
    visit(c) {
      const wait = services.flood.visit(subscriber(c));
      if (wait > 0) throw new Refusal("too_many", { retryAfter: wait });
    },
  };
}
