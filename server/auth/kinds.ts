/**
 * The kinds of ways in: what an owner has to register where, and what it costs. The panel's form, the README's table and
 * the environment's reserved names are made from this; how each kind is spoken with stands in providers.ts.
 */
export const KINDS = {
  wordpress: {
    label: "WordPress.com",
    variable: "WORDPRESS",
    needs: ["client", "secret"],
    register: "https://developer.wordpress.com/apps/",
    about: "Make an application of type Web at WordPress.com and give it the redirect address. It costs nothing.",
  },
  github: {
    label: "GitHub",
    variable: "GITHUB",
    needs: ["client", "secret"],
    register: "https://github.com/settings/developers",
    about: "Make an OAuth app at GitHub and give it the redirect address as its callback. It costs nothing and is not reviewed.",
  },
  google: {
    label: "Google",
    variable: "GOOGLE",
    needs: ["client", "secret"],
    register: "https://console.cloud.google.com/auth/clients",
    about:
      "Make an OAuth client of type Web application at Google, and set its consent screen to “in production”, or only your test users get in. It costs nothing.",
  },
  oidc: {
    label: "OpenID Connect",
    variable: "OIDC",
    needs: ["issuer", "client", "secret"],
    optional: ["secret"],
    register: "",
    about:
      "Register a client at your own issuer, such as Keycloak or Authentik, with the redirect address. A client without a secret is a public one. Whether it costs anything is for the issuer to say.",
  },
  mastodon: {
    label: "Mastodon",
    variable: "MASTODON",
    needs: [],
    register: "",
    about: "Nothing has to be registered: the reader names a server, and this one registers itself there. It costs nothing.",
  },
  bluesky: {
    label: "Bluesky",
    variable: "BLUESKY",
    needs: [],
    register: "",
    about:
      "Nothing has to be registered: this server’s own address is its client id, so it must be public, https and without a port. It costs nothing.",
  },
} as const satisfies Record<string, Kind>;

export interface Kind {
  /** Its name, the same in every language. */
  label: string;
  /** Of the environment, where it is set up for all sites. */
  variable: string;
  /** What is asked of whoever sets it up; nothing where it works by itself. */
  needs: readonly Need[];
  /** Of these, what may stay empty. */
  optional?: readonly Need[];
  /** Where one registers, "" where that is for whoever sets it up to know. */
  register: string;
  /** What to do, and what it needs and costs. */
  about: string;
}
export type Need = "issuer" | "client" | "secret";
export type KindId = keyof typeof KINDS;
/** Those that ask for something, so that a site can have ways of its own. */
export type RegisteredKind = { [Id in KindId]: (typeof KINDS)[Id]["needs"] extends readonly [] ? never : Id }[KindId];

export const kindOf = (id: string): Kind | null => (Object.hasOwn(KINDS, id) ? KINDS[id as KindId] : null);
export const isRegistered = (id: string): id is RegisteredKind => (kindOf(id)?.needs.length ?? 0) > 0;

/** What a way of a kind was registered as, by the environment or by a site's owner. */
export interface Registration {
  /** Part of its redirect address and of every identity. */
  id: string;
  kind: RegisteredKind;
  label: string;
  /** "" where the kind asks for none. */
  issuer: string;
  client: string;
  /** "" for a public client. */
  secret: string;
  /** As in the wire's Way; absent: the kind's. */
  icon?: string;
}

/** Of what its kind asks, what is still empty. */
export function missingOf(given: Registration): Need[] {
  const { needs, optional = [] }: Kind = KINDS[given.kind];
  return needs.filter((need) => given[need] === "" && !optional.includes(need));
}
