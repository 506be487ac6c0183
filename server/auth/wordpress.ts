import type { Spoken } from "./dance.ts";
import { oidc } from "./oidc.ts";
import { type Claims, profileOf } from "./profile.ts";

/**
 * https://developer.wordpress.com/docs/oauth2/. OpenID Connect where it is found, which is looked for at each sign-in;
 * where there certainly is none, OAuth 2 as it always was.
 */
export const wordpress = (base = "https://public-api.wordpress.com"): Spoken => ({
  ...oidc(),
  issuer: base,
  clientAuth: "post",
  otherwise: {
    endpoints: {
      issuer: base,
      unnamed: true,
      authorize: `${base}/oauth2/authorize`,
      token: `${base}/oauth2/token`,
      profile: `${base}/rest/v1.1/me`,
    },
    scopes: "auth",
    clientAuth: "post",
    pkce: false,
    toProfile,
  },
});

/** Nobody promised that the number here is the subject there: it is another identity. */
const toProfile = ({ ID, display_name, username, email, email_verified, avatar_URL, profile_URL }: Claims) =>
  profileOf({
    subject: typeof ID === "number" ? `ID ${ID}` : "",
    name: display_name,
    handle: username,
    email,
    emailVerified: email_verified,
    picture: avatar_URL,
    url: profile_URL,
  });
