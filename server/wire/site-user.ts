/** What a site says of its own users, signed (RFC 7519). */
import * as v from "valibot";
import { LIMITS } from "./limits.ts";

/** Characters. With every claim at its longest a token is shorter. */
export const SITE_USER_TOKEN = 4_096;

const line = (max: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(max));
/** RFC 7519 2: seconds since 1970, fractions allowed. */
const time = v.pipe(v.number(), v.finite());

/** The claims that are read; others are passed over. */
export const SiteUserClaims = v.object({
  /** An origin of the site. */
  iss: line(LIMITS.url),
  /** Never another person's. */
  sub: line(200),
  name: v.string(),
  email: v.optional(v.string(), ""),
  email_verified: v.optional(v.boolean(), false),
  avatar: v.optional(v.pipe(v.string(), v.maxLength(LIMITS.url)), ""),
  url: v.optional(v.pipe(v.string(), v.maxLength(LIMITS.url)), ""),
  roles: v.optional(v.pipe(v.array(line(LIMITS.name)), v.maxLength(20)), []),
  iat: time,
  exp: time,
  nbf: v.optional(time, 0),
  /** Of this server, where the token says for whom it is. */
  aud: v.optional(v.union([v.string(), v.array(v.string())])),
  jti: line(200),
});
export type SiteUserClaims = v.InferOutput<typeof SiteUserClaims>;

export const SiteUserSignIn = v.pipe(
  v.object({
    url: v.pipe(v.string(), v.maxLength(LIMITS.url)),
    /** As the site signed it for this page view. */
    jwt: v.pipe(v.string(), v.maxLength(SITE_USER_TOKEN)),
  }),
  v.title("SiteUserSignIn"),
);

/** How a site signs: one algorithm and one key, whatever a token says of itself. */
export const Sso = v.pipe(
  v.strictObject({
    algorithm: v.picklist(["EdDSA", "HS256"]),
    /** Of EdDSA the public key, of HS256 a secret of at least 32 characters; the panel is sent "" for a secret, and sends it to leave it as it is. */
    key: v.pipe(v.string(), v.maxLength(2_000)),
    /** Whether a role in a token stands beside the name. */
    roles: v.boolean(),
  }),
  v.title("Sso"),
  v.description("How the site signs in its own users."),
);
export type Sso = v.InferOutput<typeof Sso>;
