import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";

export type Purpose =
  | "form-token"
  | "edit-token"
  | "avatar"
  | "address"
  | "claim"
  | "fingerprint"
  | "letters"
  | "letter"
  | "message"
  | "mastodon-app"
  | "way"
  | "code"
  | "sso"
  | "doubt";

/** Keyed hashes for one server: the same secret gives unrelated keys for each purpose (HKDF, RFC 5869). */
export interface Keys {
  /** HMAC-SHA-256 of the parts, unambiguously joined, base64url, cut to `bytes`. */
  sign(purpose: Purpose, parts: readonly (string | number)[], bytes?: number): string;
  /** Compares in constant time. */
  verify(purpose: Purpose, parts: readonly (string | number)[], signature: string): boolean;
  /** AES-256-GCM: for what must lie in the database and be of no use to who steals it. It opens only as `whose` it was sealed. */
  seal(purpose: Purpose, text: string, whose?: readonly (string | number)[]): string;
  /** Null for what was not sealed with this key, or as something else's. */
  open(purpose: Purpose, sealed: string, whose?: readonly (string | number)[]): string | null;
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
    seal(purpose, text, whose = []) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", keyOf(purpose), nonce).setAAD(aadOf(whose));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url");
    },
    open(purpose, sealed, whose = []) {
      const bytes = Buffer.from(sealed, "base64url");
      if (bytes.length < 28) return null;
      try {
        const cipher = createDecipheriv("aes-256-gcm", keyOf(purpose), bytes.subarray(0, 12));
        cipher.setAAD(aadOf(whose)).setAuthTag(bytes.subarray(12, 28));
        return Buffer.concat([cipher.update(bytes.subarray(28)), cipher.final()]).toString("utf8");
      } catch {
        return null;
      }
    },
  };
}

const aadOf = (whose: readonly (string | number)[]) => Buffer.from(whose.length === 0 ? "" : JSON.stringify(whose));
