import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";

export type Purpose = "form-token" | "edit-token" | "avatar" | "address" | "claim" | "fingerprint";

/** Keyed hashes for one server: the same secret gives unrelated keys for each purpose (HKDF, RFC 5869). */
export interface Keys {
  /** HMAC-SHA-256 of the parts, unambiguously joined, base64url, cut to `bytes`. */
  sign(purpose: Purpose, parts: readonly (string | number)[], bytes?: number): string;
  /** Compares in constant time. */
  verify(purpose: Purpose, parts: readonly (string | number)[], signature: string): boolean;
}

export function deriveKeys(secret: string): Keys {
  const keys = new Map<Purpose, Buffer>();
  const keyOf = (purpose: Purpose) => {
    let key = keys.get(purpose);
    if (!key) keys.set(purpose, (key = Buffer.from(hkdfSync("sha256", secret, "youfigure", purpose, 32))));
    return key;
  };
  const mac = (purpose: Purpose, parts: readonly (string | number)[]) =>
    createHmac("sha256", keyOf(purpose)).update(JSON.stringify(parts)).digest();
  return {
    sign: (purpose, parts, bytes = 32) => mac(purpose, parts).subarray(0, bytes).toString("base64url"),
    verify(purpose, parts, signature) {
      const expected = mac(purpose, parts);
      const given = Buffer.from(signature, "base64url");
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}
