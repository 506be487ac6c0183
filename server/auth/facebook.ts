import { createHmac } from "node:crypto";
import type { Spoken } from "./dance.ts";
import { type Claims, profileOf } from "./profile.ts";

interface Facebook {
  /** Of the Graph API, as “v24.0”: each ends some two years after it came. */
  version: string;
  base?: string;
  graph?: string;
}

/** https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow */
export const facebook = ({ version, base = "https://www.facebook.com", graph = "https://graph.facebook.com" }: Facebook): Spoken => ({
  endpoints: {
    issuer: base,
    unnamed: true,
    authorize: `${base}/${version}/dialog/oauth`,
    token: `${graph}/${version}/oauth/access_token`,
    profile: `${graph}/${version}/me?fields=id,name,email,picture.type(large)`,
    // https://developers.facebook.com/docs/graph-api/guides/secure-requests: a token is of no use without the secret.
    proof: (token, secret) => ({ appsecret_proof: createHmac("sha256", secret).update(token).digest("hex") }),
  },
  scopes: "public_profile email",
  clientAuth: "post",
  // With PKCE it is “still in testing”, as Meta says: the secret and the state do.
  pkce: false,
  toProfile,
});

function toProfile({ id, name, email, picture }: Claims) {
  const { url, is_silhouette } = Object((Object(picture) as Record<string, unknown>)["data"]) as Record<string, unknown>;
  // It does not say of an e-mail whether it was ever confirmed.
  return profileOf({ subject: id, name, email, emailVerified: false, picture: is_silhouette === false ? url : "" });
}
