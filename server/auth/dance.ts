import type * as OAuth from "oauth4webapi";
import type { Outbound, OutboundAsk } from "../outbound.ts";
import type { Log } from "../services.ts";
import { profileBehind } from "./answer.ts";
import { forgetServer, hasNoDiscovery, load, serverOf } from "./discovery.ts";
import type { Claims } from "./profile.ts";
import type { Profile, Provider } from "./provider.ts";
import { newToken } from "./token.ts";

/** A provider of OAuth 2 or OpenID Connect is data; the dance is danced once for all. */
export interface OAuthProvider extends Spoken {
  id: string;
  label: string;
  /** As in the wire's Way. */
  icon?: string;
  client: string;
  /** "" for a public client. */
  secret: string;
}

/** How a kind of provider is spoken with. */
export interface Spoken {
  /** OpenID Connect: everything else is discovered there. */
  issuer?: string;
  /** Another name by which it signs. */
  issuerAlso?: string;
  /** OAuth 2 alone: where to ask. */
  endpoints?: Endpoints;
  /** Where there is no discovery at the issuer: the same provider as it was before. */
  otherwise?: Spoken;
  scopes: string;
  /** Sent with the reader besides what OAuth has. */
  asks?: Record<string, string>;
  /** How the client proves itself at the token endpoint. */
  clientAuth: "basic" | "post";
  /** False where it is not known there (RFC 7636): then the secret and the state do. */
  pkce?: false;
  /** Tokens are left to expire. Default: they are taken back where that is offered. */
  leavesTokens?: true;
  /** Throws where there is no subject. */
  toProfile: (claims: Claims) => Profile;
}

export interface Endpoints {
  issuer: string;
  authorize: string;
  token: string;
  profile: string;
  /** Asked as well; the answer is the claim `emails`. */
  emails?: string;
  headers?: Record<string, string>;
  /** What the profile's address is given, so that a token is of no use to others. */
  proof?: (token: string, secret: string) => Record<string, string>;
  /** RFC 7009. */
  revoke?: string;
  /** Where a token is taken back in another way: what to ask of whom. */
  takeBack?: (token: string, client: Pick<OAuthProvider, "client" | "secret">) => { address: string; ask: OutboundAsk };
  /**
   * By which name it would call itself in its answers is not known (RFC 9207). Should it begin to, readers get in all the
   * same: its answers come to an address of their own, which does as well (RFC 9700 4.4.2).
   */
  unnamed?: true;
}

export function danced(data: OAuthProvider): Provider {
  const { otherwise: _, ...rest } = data;
  const former = formerOf(data);
  const before = former && danced(former);
  return {
    id: data.id,
    label: data.label,
    ...(data.icon !== undefined && { icon: data.icon }),
    issuer: data.issuer ?? data.endpoints?.issuer ?? "",
    async begin(services, asked) {
      const { outbound, now, log, randomBytes } = services;
      const secrets = { nonce: newToken(randomBytes), codeVerifier: newToken(randomBytes) };
      const dancing = { provider: rest, outbound, redirectUri: asked.redirectUri, now, log };
      try {
        return { address: await authorizeAddress(dancing, { ...secrets, state: asked.state }), kept: JSON.stringify(secrets) };
      } catch (error) {
        if (!before || !hasNoDiscovery(await load(), error)) throw error;
        const { address, kept } = await before.begin(services, asked);
        return { address, kept: JSON.stringify({ before: kept }) };
      }
    },
    answer(services, came) {
      const { before: kept, ...secrets } = JSON.parse(came.kept) as Omit<Secrets, "state"> & { before?: string };
      if (before && kept !== undefined) return before.answer(services, { ...came, kept });
      const { outbound, now, log } = services;
      const dancing = { provider: rest, outbound, redirectUri: came.redirectUri, now, log };
      return profileBehind(dancing, { ...secrets, state: came.state }, came.params).catch((error: unknown) => {
        forgetServer(dancing);
        throw error;
      });
    },
  };
}

/** The same provider as it is spoken with where there is no discovery. */
export const formerOf = ({ otherwise, id, label, client, secret }: OAuthProvider): OAuthProvider | null =>
  otherwise ? { ...otherwise, id, label, client, secret } : null;

export interface Dancing {
  provider: OAuthProvider;
  outbound: Outbound;
  redirectUri: string;
  /** Milliseconds since 1970. */
  now: () => number;
  log: Log;
}

export interface Secrets {
  state: string;
  nonce: string;
  /** RFC 7636. */
  codeVerifier: string;
}

/** Where to send the reader (RFC 6749 4.1.1, with PKCE). Rejects when the provider can't be asked. */
async function authorizeAddress(dancing: Dancing, { state, nonce, codeVerifier }: Secrets): Promise<string> {
  const { provider, redirectUri } = dancing;
  const oauth = await load();
  const url = addressFor(await serverOf(oauth, dancing));
  const asked: Record<string, string> = {
    client_id: provider.client,
    redirect_uri: redirectUri,
    response_type: "code",
    state,
    ...(provider.pkce !== false && {
      code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: "S256",
    }),
    ...(provider.scopes && { scope: provider.scopes }),
    ...(provider.issuer !== undefined && { nonce }),
    ...provider.asks,
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return url.href;
}

/** The reader's browser goes there, which no outbound client guards: by https, as the issuer itself unless that has leave to do without. */
function addressFor({ issuer, authorization_endpoint: endpoint }: OAuth.AuthorizationServer): URL {
  const url = new URL(String(endpoint));
  if (url.protocol !== "https:" && !(url.protocol === "http:" && issuer.startsWith("http:"))) throw new TypeError("no address to go to");
  return url;
}
