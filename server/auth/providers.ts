import { createRequire } from "node:module";
import { type Config, ConfigError } from "../config.ts";
import { bluesky } from "./bluesky.ts";
import { danced, type OAuthProvider, type Spoken } from "./dance.ts";
import { facebook } from "./facebook.ts";
import { github } from "./github.ts";
import { google } from "./google.ts";
import { KINDS, type RegisteredKind, type Registration } from "./kinds.ts";
import { mastodon } from "./mastodon.ts";
import { oidc } from "./oidc.ts";
import type { Provider } from "./provider.ts";
import { wordpress } from "./wordpress.ts";
import { x } from "./x.ts";

/** What a server's environment says of kinds, for its own ways and for those of its sites. */
export type Speaking = Pick<Config, "githubUrl" | "facebookVersion" | "signInEmail">;
type Named = Pick<Config, "wordpress" | "x" | "facebook" | "github" | "google" | "oidc">;
type Chosen = Named & Speaking & Pick<Config, "mastodon" | "bluesky">;

/** Those that the environment names, in the order in which the box shows them. */
export const configuredProviders = (config: Chosen): Provider[] => [
  ...registeredIn(config).map((registration) => danced(oauthOf(registration, config))),
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
  const known = (kind: Exclude<keyof Named, "oidc">): Registration[] => {
    const client = config[kind];
    return client === null ? [] : [{ id: kind, kind, label: KINDS[kind].label, issuer: "", ...client }];
  };
  return [
    ...known("wordpress"),
    ...known("x"),
    ...known("facebook"),
    ...known("github"),
    ...known("google"),
    ...config.oidc.map((entry): Registration => ({ ...entry, kind: "oidc" })),
  ];
}

/** What was registered, with how its kind is spoken with. */
export function oauthOf(registration: Registration, config: Speaking): OAuthProvider {
  const { id, kind, label, issuer, client, secret, icon = kind } = registration;
  return {
    ...(issuer !== "" && { issuer }),
    ...SPOKEN[kind](config, registration),
    id,
    // An issuer's own, or that of its kind where the id does not say it.
    ...(icon !== "oidc" && icon !== id && { icon }),
    label,
    client,
    secret,
  };
}

const SPOKEN: Record<RegisteredKind, (config: Speaking, registration: Registration) => Spoken> = {
  wordpress: () => wordpress(),
  x: ({ signInEmail }) => x({ email: signInEmail.includes("x") }),
  facebook: ({ facebookVersion }) => facebook({ version: facebookVersion }),
  github: ({ githubUrl, signInEmail }) => github({ base: githubUrl, email: signInEmail.includes("github") }),
  google: () => google,
  oidc: (_, { claims }) => oidc(claims),
};
