import type { Spoken } from "./dance.ts";
import type { ClaimNames } from "./kinds.ts";
import { type Claims, profileOf } from "./profile.ts";

/** Any issuer of OpenID Connect, found out by its discovery. */
export const oidc = (names: ClaimNames = {}): Spoken => ({
  scopes: "openid profile email",
  clientAuth: "basic",
  toProfile: (claims: Claims) => {
    const say = (mapped: keyof ClaimNames, standard: string) => claims[names[mapped] ?? standard];
    return profileOf({
      subject: claims["sub"],
      name: say("name", "name") ?? claims["nickname"],
      handle: say("handle", "preferred_username"),
      email: say("email", "email"),
      emailVerified: say("emailVerified", "email_verified"),
      picture: say("picture", "picture"),
      url: say("url", "profile"),
    });
  },
});
