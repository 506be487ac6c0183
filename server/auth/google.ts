import type { Spoken } from "./dance.ts";
import { oidc } from "./oidc.ts";

/** https://developers.google.com/identity/openid-connect/openid-connect */
export const google: Spoken = {
  ...oidc(),
  issuer: "https://accounts.google.com",
  // OpenID Connect Core 15.6.2: Google leaves the scheme out at times.
  issuerAlso: "accounts.google.com",
  clientAuth: "post",
  // A browser is often signed in with several accounts.
  asks: { prompt: "select_account" },
  // Taking a token back there takes back the reader's consent, so that they would be asked for it again each time.
  leavesTokens: true,
};
