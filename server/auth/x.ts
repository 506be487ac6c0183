import type { Spoken } from "./dance.ts";
import { type Claims, profileOf } from "./profile.ts";

/** https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code. Its codes are good for 30 seconds. */
export function x({ email, base = "https://x.com", api = "https://api.x.com" }: { email: boolean; base?: string; api?: string }): Spoken {
  return {
    endpoints: {
      issuer: base,
      unnamed: true,
      authorize: `${base}/i/oauth2/authorize`,
      token: `${api}/2/oauth2/token`,
      profile: `${api}/2/users/me?user.fields=profile_image_url${email ? ",confirmed_email" : ""}`,
      revoke: `${api}/2/oauth2/revoke`,
    },
    scopes: `users.read tweet.read${email ? " users.email" : ""}`,
    clientAuth: "basic",
    toProfile,
  };
}

function toProfile({ data }: Claims) {
  const { id, name, username, profile_image_url: picture, confirmed_email: email } = Object(data) as Record<string, unknown>;
  return profileOf({
    subject: id,
    name,
    handle: username,
    email,
    emailVerified: true,
    // The one that it names is 48 pixels wide.
    picture: typeof picture === "string" ? picture.replace(/_normal(\.\w+)$/, "_400x400$1") : "",
    url: typeof username === "string" ? `https://x.com/${encodeURIComponent(username)}` : "",
  });
}
