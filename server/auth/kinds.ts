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
  x: {
    label: "X",
    variable: "X",
    needs: ["client", "secret"],
    register: "https://console.x.com",
    about:
      "Make an app at X, under its user authentication settings one of type Web App with permission to read, and give it the redirect address as its callback. X asks for prepaid credit: each sign-in reads one profile, USD 0.01 a reader and day when this was written. It gives no e-mail unless you ask for it.",
  },
  facebook: {
    label: "Facebook",
    variable: "FACEBOOK",
    needs: ["client", "secret"],
    register: "https://developers.facebook.com/apps/",
    about:
      "Make an app at Meta with Facebook Login, give it the redirect address (https, to the letter), a privacy policy and an address for the deletion of data, switch on Advanced Access for public_profile and email, and set the app Live. These two permissions need no review when this was written; others, and at times the business behind the app, are reviewed. It costs nothing.",
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
  email: {
    label: "E-mail",
    variable: "SMTP_URL",
    needs: [],
    register: "",
    about: "Works wherever letters are sent: the reader types the six digits of one. It costs what your mail costs.",
  },
  passkey: {
    label: "Passkey",
    variable: "PUBLIC_URL",
    needs: [],
    register: "",
    about:
      "For readers who come back: once it is on, they are offered a passkey when they sign in another way. The server’s address must have a name, and passkeys end with it. It costs nothing.",
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

/** What of a profile an issuer may call otherwise than OpenID Connect Core 5.1 does. */
export const CLAIM_NAMES = ["name", "handle", "email", "emailVerified", "picture", "url"] as const;
export type ClaimNames = Partial<Record<(typeof CLAIM_NAMES)[number], string>>;

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
  /** Where an issuer calls its claims otherwise. */
  claims?: ClaimNames;
}

/** Of what its kind asks, what is still empty. */
export function missingOf(given: Registration): Need[] {
  const { needs, optional = [] }: Kind = KINDS[given.kind];
  return needs.filter((need) => given[need] === "" && !optional.includes(need));
}
