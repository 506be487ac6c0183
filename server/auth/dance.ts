import type * as OAuth from "oauth4webapi";
import type { Outbound } from "../outbound.ts";
import type { Log } from "../services.ts";
import { forgetServer, hasNoDiscovery, load, optionsOf, serverOf } from "./discovery.ts";
import type { Claims } from "./profile.ts";
import type { Profile, Provider } from "./provider.ts";
import { newToken } from "./token.ts";

/** Seconds by which a provider's clock may differ. */
const SKEW = 60;

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

interface Secrets {
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

interface Step {
  oauth: typeof OAuth;
  server: OAuth.AuthorizationServer;
  client: OAuth.Client;
  response: Response;
}

/** Who came back. The provider's tokens end with this call. Rejects with whatever does not fit. */
async function profileBehind(dancing: Dancing, secrets: Secrets, answer: URLSearchParams): Promise<Profile> {
  const { provider, redirectUri } = dancing;
  const oauth = await load();
  const server = await serverOf(oauth, dancing);
  const client: OAuth.Client = { client_id: provider.client, [oauth.clockTolerance]: SKEW, [oauth.clockSkew]: skewOf(dancing) };
  const params = oauth.validateAuthResponse(server, client, answer, secrets.state);
  const verifier = provider.pkce === false ? oauth.nopkce : secrets.codeVerifier;
  const proof = proofOf(oauth, provider);
  const options = optionsOf(oauth, dancing);
  const response = await oauth.authorizationCodeGrantRequest(server, client, proof, params, redirectUri, verifier, options);
  const step: Step = { oauth, server, client, response };
  return provider.issuer === undefined ? behindToken(dancing, step) : behindIdToken(dancing, step, secrets.nonce);
}

/** The library knows the time by Date.now(); ours may be a test's. */
const skewOf = ({ now }: Dancing) => Math.round((now() - Date.now()) / 1_000);

export function proofOf(oauth: typeof OAuth, { clientAuth, secret }: OAuthProvider): OAuth.ClientAuth {
  if (secret === "") return oauth.None();
  return clientAuth === "basic" ? oauth.ClientSecretBasic(secret) : oauth.ClientSecretPost(secret);
}

async function behindToken(dancing: Dancing, step: Step): Promise<Profile> {
  const { oauth, server, client, response } = step;
  const { access_token: token } = await oauth.processAuthorizationCodeResponse(server, client, response);
  try {
    return dancing.provider.toProfile(await readProfile(dancing, token));
  } finally {
    await takeBack(dancing, step, token);
  }
}

async function readProfile({ provider, outbound }: Dancing, token: string): Promise<Claims> {
  const { profile, emails, headers, proof } = provider.endpoints!;
  const url = new URL(profile);
  for (const [name, value] of Object.entries(proof?.(token, provider.secret) ?? {})) url.searchParams.set(name, value);
  const read = async (address: string | URL): Promise<unknown> => {
    const response = await outbound(address, { headers: { accept: "application/json", ...headers, authorization: `Bearer ${token}` } });
    if (!response.ok) throw new Error(`the profile was refused with ${response.status}`);
    return response.json();
  };
  const claims = Object(await read(url)) as Claims;
  return emails === undefined ? claims : { ...claims, emails: await read(emails) };
}

/** OpenID Connect Core 3.1.3.7; what the token itself leaves out is asked for. */
async function behindIdToken(dancing: Dancing, step: Step, expectedNonce: string): Promise<Profile> {
  const { provider } = dancing;
  const { oauth, server, client, response } = step;
  const options = optionsOf(oauth, dancing);
  const signer = await signerOf(server, response, provider.issuerAlso);
  const tokens = await oauth.processAuthorizationCodeResponse(signer, client, response, { expectedNonce, requireIdToken: true });
  try {
    await oauth.validateApplicationLevelSignature(server, response, options);
    const claims = oauth.getValidatedIdTokenClaims(tokens)!;
    const profile = provider.toProfile(claims);
    if ((profile.name !== "" && profile.email !== "") || !server.userinfo_endpoint) return profile;
    const asked = await oauth.userInfoRequest(server, client, tokens.access_token, options);
    return provider.toProfile({ ...claims, ...(await oauth.processUserInfoResponse(server, client, claims.sub, asked)) });
  } finally {
    await takeBack(dancing, step, tokens.access_token);
  }
}

/** By which of its names it signed; the keys are the same. */
async function signerOf(server: OAuth.AuthorizationServer, response: Response, also?: string): Promise<OAuth.AuthorizationServer> {
  if (also === undefined || !response.ok) return server;
  const { id_token } = Object(await response.clone().json()) as Claims;
  const claims = JSON.parse(Buffer.from(String(id_token).split(".")[1] ?? "", "base64url").toString()) as Claims;
  return claims["iss"] === also ? { ...server, issuer: also } : server;
}

/** RFC 7009, where it is offered. Who somebody is is known by then: a token that outlives it is worth a line in the log, no more. */
async function takeBack(dancing: Dancing, { oauth, server, client }: Step, token: string): Promise<void> {
  const { provider, log } = dancing;
  if (!server.revocation_endpoint || provider.leavesTokens) return;
  try {
    const proof = proofOf(oauth, provider);
    await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, proof, token, optionsOf(oauth, dancing)));
  } catch (error) {
    log.warn({ provider: provider.id, error: (error as Error).name }, "a token was not taken back");
  }
}
