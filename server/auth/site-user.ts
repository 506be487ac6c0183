/**
 * Signing in the site's own users by what the site signed (JWT, RFC 7519). Written by hand and not by a library because so
 * little is wanted: one key and one algorithm, both the site's settings, never the token's word (RFC 8725 3.1); node:crypto
 * does what is hard.
 */
import { createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import * as v from "valibot";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Site } from "../store/records.ts";
import { SITE_USER_TOKEN, SiteUserClaims } from "../wire/site-user.ts";
import type { Sso } from "../wire/site-user.ts";
import { hashToken } from "./token.ts";

/** Seconds. */
const LONGEST = 600;
const SKEW = 60;

export interface Signed {
  algorithm: Sso["algorithm"];
  /** Of HS256 the secret, of EdDSA the public key's `x`. */
  key: string;
}

/** What the site says, if it says it now, to us, and of itself. Refusal `unauthorized` for anything else; the log says why. */
export function readSiteUser({ now, config, log }: Services, site: Site, { jwt, signed }: { jwt: string; signed: Signed }): SiteUserClaims {
  const claims = openToken(jwt, signed);
  const why = typeof claims === "string" ? claims : whyNot(claims, { site, at: now() / 1_000, us: config.publicUrl });
  if (typeof claims !== "string" && why === null) return claims;
  log.info({ site: site.id, why }, "a site's own user was refused");
  throw new Refusal("unauthorized");
}

/** Each token is good once, whichever server it is shown to. Refusal `unauthorized` the second time. */
export async function useSiteUser({ store, log }: Services, site: Site, { jti, exp }: SiteUserClaims): Promise<void> {
  const hash = hashToken(JSON.stringify(["jti", jti]));
  const signIn = { site: site.id, hash, step: "spent", held: "{}", expiresAt: Math.ceil((exp + SKEW) * 1_000) } as const;
  if (await store.addSignIn(signIn)) return;
  log.info({ site: site.id, why: "used before" }, "a site's own user was refused");
  throw new Refusal("unauthorized");
}

/** The claims, or what is wrong with the token. */
function openToken(jwt: string, signed: Signed): SiteUserClaims | string {
  const [, head = "", body = "", signature = ""] = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(jwt) ?? [];
  if (jwt.length > SITE_USER_TOKEN || head === "") return "no token";
  if (![head, body, signature].every((part) => bytesOf(part).toString("base64url") === part)) return "no plain base64url";
  const header = v.safeParse(Header, jsonOf(head));
  // Of the header nothing is believed: it only may not contradict.
  if (!header.success || header.output.alg !== signed.algorithm) return "another header";
  if (!isSigned(signed, `${head}.${body}`, bytesOf(signature))) return "another signature";
  const claims = v.safeParse(SiteUserClaims, jsonOf(body));
  return claims.success ? claims.output : `claims: ${claims.issues.map(({ path }) => String(path?.[0]?.key)).join(" ")}`;
}

/** An extension that must be understood is not (RFC 7515 4.1.11). */
const Header = v.object({
  alg: v.string(),
  typ: v.optional(v.pipe(v.string(), v.regex(/^(?:application\/)?jwt$/i))),
  crit: v.optional(v.never()),
});

function isSigned({ algorithm, key }: Signed, text: string, signature: Buffer): boolean {
  if (algorithm === "EdDSA")
    return verify(null, Buffer.from(text), createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: key }, format: "jwk" }), signature);
  const expected = createHmac("sha256", key).update(text).digest();
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}

function whyNot(claims: SiteUserClaims, { site, at, us }: { site: Site; at: number; us: string }): string | null {
  const { iss, iat, exp, nbf, aud } = claims;
  if (!site.origins.includes(iss)) return "another site";
  if (aud !== undefined && ![aud].flat().includes(us)) return "for another server";
  if (exp - iat > LONGEST || exp <= iat) return "good for too long";
  if (at >= exp + SKEW) return "too old";
  return iat > at + SKEW || nbf > at + SKEW ? "too early" : null;
}

const bytesOf = (part: string) => Buffer.from(part, "base64url");

function jsonOf(part: string): unknown {
  try {
    return JSON.parse(bytesOf(part).toString("utf8"));
  } catch {
    return undefined;
  }
}
