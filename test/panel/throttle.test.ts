import { describe, expect, test } from "vitest";
import { challenges } from "../../server/auth/challenges.ts";
import { hashPassphrase, verifyPassphrase } from "../../server/auth/passphrase.ts";
import { signInThrottle } from "../../server/auth/throttle.ts";
import { Refusal } from "../../server/refusal.ts";

const clock = () => {
  let at = 1_700_000_000_000;
  return { now: () => at, pass: (seconds: number) => void (at += seconds * 1000) };
};
const refused = (act: () => void): number => {
  try {
    act();
    return 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.details.retryAfter ?? -1;
  }
};

describe("guessing", () => {
  test("10,000 guesses from many addresses do not keep out an owner who signed in from theirs before", () => {
    const { now } = clock();
    const throttle = signInThrottle(now);
    throttle.attempt("home", "olga");
    throttle.succeeded("home", "olga");
    let let_in = 0;
    for (let i = 0; i < 10_000; i++) if (refused(() => throttle.attempt(`stranger ${i}`, "olga")) === 0) let_in++;
    expect(let_in).toBeLessThanOrEqual(101);
    expect(refused(() => throttle.attempt("home", "olga"))).toBe(0);
  });

  test("an owner elsewhere waits for seconds, not hours, and a link or passkey not at all", () => {
    const { now, pass } = clock();
    const throttle = signInThrottle(now);
    for (let i = 0; i < 1_000; i++) refused(() => throttle.attempt(`stranger ${i}`, "olga"));
    expect(refused(() => throttle.attempt("hotel", "olga"))).toBeLessThanOrEqual(10);
    expect(refused(() => throttle.attempt("hotel", null))).toBe(0);
    pass(10);
    expect(refused(() => throttle.attempt("hotel", "olga"))).toBe(0);
  });

  test("one address has ten tries, then one a minute", () => {
    const { now, pass } = clock();
    const throttle = signInThrottle(now);
    const tries = () => Array.from({ length: 15 }, () => refused(() => throttle.attempt("a", null))).filter((wait) => wait === 0).length;
    expect(tries()).toBe(10);
    pass(60);
    expect(tries()).toBe(1);
  });

  test("a clock set back locks nobody out", () => {
    const { now, pass } = clock();
    const throttle = signInThrottle(now);
    throttle.attempt("a", null);
    pass(-86_400);
    expect(refused(() => throttle.attempt("a", null))).toBe(0);
  });
});

describe("a challenge", () => {
  test("is good once, for what it was made for, for five minutes", () => {
    const { now, pass } = clock();
    const kept = challenges(now);
    kept.keep("a", "login");
    expect([kept.take("a", "login"), kept.take("a", "login")]).toEqual([true, false]);
    kept.keep("b", "add olga");
    expect([kept.take("b", "login"), kept.take("b", "add olga")]).toEqual([false, false]);
    kept.keep("c", "login");
    pass(301);
    expect(kept.take("c", "login")).toBe(false);
  });
});

describe("a passphrase", () => {
  test("is recognised however its letters were composed, and nothing else is", async () => {
    const kept = await hashPassphrase("caf\u00e9 and a long walk");
    expect(await verifyPassphrase(kept, "cafe\u0301 and a long walk")).toBe(true);
    expect(await verifyPassphrase(kept, "cafe and a long walk")).toBe(false);
    expect(await verifyPassphrase(null, "caf\u00e9 and a long walk")).toBe(false);
    expect(await verifyPassphrase("nonsense", "")).toBe(false);
  });

  test("that is unknown takes as long to refuse as one that is wrong", async () => {
    const kept = await hashPassphrase("a passphrase of some length");
    const times = { known: 0, unknown: 0 };
    // The least of several: what else the machine does only ever adds.
    const least = async (hash: string | null) => {
      let best = Infinity;
      for (let i = 0; i < 5; i++) {
        const from = process.cpuUsage();
        await verifyPassphrase(hash, "wrong");
        const { user, system } = process.cpuUsage(from);
        best = Math.min(best, user + system);
      }
      return best;
    };
    times.known = await least(kept);
    times.unknown = await least(null);
    expect(times.unknown / times.known).toBeGreaterThan(0.6);
    expect(times.unknown / times.known).toBeLessThan(1.7);
  });

  test("takes its turn: when too many ask at once, some are told to come again", async () => {
    const answers = await Promise.allSettled(Array.from({ length: 25 }, () => verifyPassphrase(null, "x")));
    const busy = answers.filter(
      (answer) => answer.status === "rejected" && answer.reason instanceof Refusal && answer.reason.code === "busy",
    );
    expect(busy).toHaveLength(25 - 18);
  });
});
