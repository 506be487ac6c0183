import { createRequire } from "node:module";
import { type Config, ConfigError } from "../config.ts";
import { bluesky } from "./bluesky.ts";
import { danced, type OAuthProvider } from "./dance.ts";
import { KINDS, type RegisteredKind, type Registration } from "./kinds.ts";
import { mastodon } from "./mastodon.ts";
import type { Profile, Provider } from "./provider.ts";

type Named = Pick<Config, "github" | "google" | "wordpress" | "oidc">;
type Chosen = Named & Pick<Config, "mastodon" | "bluesky">;

/** Those that the environment names, in the order in which the box shows them. */
export const configuredProviders = (config: Chosen): Provider[] => [
  ...registeredIn(config).map(oauthOf).map(danced),
  ...(config.mastodon ? [mastodon] : []),
  ...(config.bluesky ? [installed(bluesky, "@atproto/oauth-client-node")] : []),
];

/** Of an optional dependency the owner hears before readers do. */
function installed(provider: Provider, dependency: string): Provider {
  try {
    createRequire(import.meta.url).resolve(dependency);
    return provider;
  } catch {
    throw new ConfigError(`${provider.label} needs the package ${dependency}, which is not installed: install without --omit=optional.`);
  }
}

/** What the environment says of them. */
export function registeredIn(config: Named): Registration[] {
  const known = (kind: "github" | "google" | "wordpress"): Registration[] => {
    const client = config[kind];
    return client === null ? [] : [{ id: kind, kind, label: KINDS[kind].label, issuer: "", ...client }];
  };
  return [
    ...known("wordpress"),
    ...known("github"),
    ...known("google"),
    ...config.oidc.map((entry): Registration => ({ ...entry, kind: "oidc" })),
  ];
}

/** What was registered, with how its kind is spoken with. */
export const oauthOf = ({ id, kind, label, issuer, client, secret, icon = kind }: Registration): OAuthProvider => ({
  ...(issuer !== "" && { issuer }),
  ...SPOKEN[kind],
  id,
  // An issuer's own, or that of its kind where the id does not say it.
  ...(icon !== "oidc" && icon !== id && { icon }),
  label,
  client,
  secret,
});

/** OpenID Connect Core 5.1. */
const OIDC = {
  scopes: "openid profile email",
  toProfile: (claims: Readonly<Record<string, unknown>>) =>
    profileOf({ ...claims, name: claims["name"] ?? claims["preferred_username"] ?? claims["nickname"] }),
};

const SPOKEN: Record<RegisteredKind, Omit<OAuthProvider, "id" | "label" | "client" | "secret">> = {
  wordpress: { issuer: "https://public-api.wordpress.com", ...OIDC, clientAuth: "post" },
  github: {
    endpoints: {
      issuer: "https://github.com",
      authorize: "https://github.com/login/oauth/authorize",
      token: "https://github.com/login/oauth/access_token",
      profile: "https://api.github.com/user",
    },
    scopes: "",
    clientAuth: "post",
    // Its own list of e-mails would need a scope of its own; the public one is not vouched for.
    toProfile: ({ id, name, login }) => profileOf({ sub: id, name: name ?? login }),
  },
  google: { issuer: "https://accounts.google.com", ...OIDC, clientAuth: "post" },
  oidc: { ...OIDC, clientAuth: "basic" },
};

function profileOf(claims: Readonly<Record<string, unknown>>): Profile {
  const { sub, name, email, email_verified } = claims;
  const subject = typeof sub === "number" ? String(sub) : sub;
  if (typeof subject !== "string" || subject === "" || subject.length > 500) throw new Error("a profile without a subject");
  const address = typeof email === "string" ? email : "";
  return { subject, name: typeof name === "string" ? name : "", email: address, emailVerified: address !== "" && email_verified === true };
}
