/**
 * The seam to those who know a reader: a provider is data, and the dance (server/auth/dance.ts) is danced once for all.
 * A provider answers for one subject for ever; names, pictures and e-mails are only what it says today.
 */
export interface Provider {
  /** Part of its redirect address and of every identity: never changed. */
  id: string;
  /** As readers see it: “Connecting to LABEL”. */
  label: string;
  /** OpenID Connect: everything else is discovered there. */
  issuer?: string;
  /** OAuth 2 alone: where to ask. */
  endpoints?: { issuer: string; authorize: string; token: string; profile: string; headers?: Record<string, string> };
  client: string;
  /** "" for a public client. */
  secret: string;
  scopes: string;
  /** How the client proves itself at the token endpoint. */
  clientAuth: "basic" | "post";
  /** Throws where there is no subject. */
  toProfile: (claims: Readonly<Record<string, unknown>>) => Profile;
}

/** Who somebody is, as the provider says. */
export interface Profile {
  /** Never reused for another person within the issuer. */
  subject: string;
  name: string;
  /** "" where the provider gives none, which is usual. */
  email: string;
  /** Whether the provider vouches that the e-mail reaches this person. */
  emailVerified: boolean;
}
