/** What can be found out of a way in by trying it. The panel has words for each. */
export const WAY_VERDICTS = [
  "works",
  // Reached, but it said neither that the client is known nor that it is not.
  "unclear",
  // A field is empty, or the secret was kept under another SECRET_KEY.
  "incomplete",
  "secret_again",
  // There is nothing to be tried.
  "nothing_to_try",
  "unreachable",
  // A private address that OUTBOUND_ALLOW does not name.
  "not_allowed",
  "not_https",
  "not_json",
  "issuer_differs",
  "no_endpoints",
  "no_keys",
  "no_s256",
  "no_client_auth",
  "needs_secret",
  "wrong_client",
  "wrong_redirect",
] as const;
