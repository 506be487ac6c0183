import { createRequire } from "node:module";
import { type Config, ConfigError } from "../config.ts";
import { bluesky } from "./bluesky.ts";
import { danced, type OAuthProvider } from "./dance.ts";
import { mastodon } from "./mastodon.ts";
import type { Profile, Provider } from "./provider.ts";

type Named = Pick<Config, "github" | "google" | "wordpress" | "oidc">;
type Chosen = Named & Pick<Config, "mastodon" | "bluesky">;

/** Those that the environment names, in the order in which the box shows them. */
export const configuredProviders = (config: Chosen): Provider[] => [
  ...oauthProviders(config).map(danced),
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

function oauthProviders(config: Named): OAuthProvider[] {
  const known = (id: "github" | "google" | "wordpress", rest: Omit<OAuthProvider, "id" | "client" | "secret">): OAuthProvider[] => {
    const client = config[id];
    return client === null ? [] : [{ id, ...client, ...rest }];
  };
  return [
    ...known("wordpress", { label: "WordPress.com", issuer: "https://public-api.wordpress.com", ...OIDC, clientAuth: "post" }),
    ...known("github", {
      label: "GitHub",
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
    }),
    ...known("google", { label: "Google", issuer: "https://accounts.google.com", ...OIDC, clientAuth: "post" }),
    ...config.oidc.map((entry): OAuthProvider => ({ ...entry, ...OIDC, clientAuth: "basic" })),
  ];
}

/** OpenID Connect Core 5.1. */
const OIDC = {
  scopes: "openid profile email",
  toProfile: (claims: Readonly<Record<string, unknown>>) =>
    profileOf({ ...claims, name: claims["name"] ?? claims["preferred_username"] ?? claims["nickname"] }),
};

function profileOf(claims: Readonly<Record<string, unknown>>): Profile {
  const { sub, name, email, email_verified } = claims;
  const subject = typeof sub === "number" ? String(sub) : sub;
  if (typeof subject !== "string" || subject === "" || subject.length > 500) throw new Error("a profile without a subject");
  const address = typeof email === "string" ? email : "";
  return { subject, name: typeof name === "string" ? name : "", email: address, emailVerified: address !== "" && email_verified === true };
}
