import type * as OAuth from "oauth4webapi";
import type { Outbound } from "../outbound.ts";
import type { Log } from "../services.ts";
import type { Profile, Provider } from "./provider.ts";
import { newToken } from "./token.ts";

/** Loaded at the first sign-in. */
export const load = () => import("oauth4webapi");

/** Seconds by which a provider's clock may differ. */
const SKEW = 60;

/** A provider of OAuth 2 or OpenID Connect is data; the dance is danced once for all. */
export interface OAuthProvider {
  id: string;
  label: string;
  /** As in the wire's Way. */
  icon?: string;
  /** OpenID Connect: everything else is discovered there. */
  issuer?: string;
  /** OAuth 2 alone: where to ask. */
  endpoints?: { issuer: string; authorize: string; token: string; profile: string; headers?: Record<string, string>; revoke?: string };
  client: string;
  /** "" for a public client. */
  secret: string;
  scopes: string;
  /** How the client proves itself at the token endpoint. */
  clientAuth: "basic" | "post";
  /** Throws where there is no subject. */
  toProfile: (claims: Readonly<Record<string, unknown>>) => Profile;
}

export function danced(data: OAuthProvider): Provider {
  return {
    id: data.id,
    label: data.label,
    ...(data.icon !== undefined && { icon: data.icon }),
    issuer: data.issuer ?? data.endpoints?.issuer ?? "",
    async begin({ outbound, now, log, randomBytes }, { redirectUri, state }) {
      const secrets = { nonce: newToken(randomBytes), codeVerifier: newToken(randomBytes) };
      const address = await authorizeAddress({ provider: data, outbound, redirectUri, now, log }, { ...secrets, state });
      return { address, kept: JSON.stringify(secrets) };
    },
    answer({ outbound, now, log }, { redirectUri, state, kept, params }) {
      const secrets = JSON.parse(kept) as Omit<Secrets, "state">;
      return profileBehind({ provider: data, outbound, redirectUri, now, log }, { ...secrets, state }, params);
    },
  };
}

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
  const server = await serverOf(oauth, dancing);
  const url = new URL(server.authorization_endpoint ?? "");
  const asked: Record<string, string> = {
    client_id: provider.client,
    redirect_uri: redirectUri,
    response_type: "code",
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: "S256",
    ...(provider.scopes && { scope: provider.scopes }),
    ...(provider.issuer !== undefined && { nonce }),
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return url.href;
}

/** Who came back. The provider's tokens end with this call. Rejects with whatever does not fit. */
async function profileBehind(dancing: Dancing, secrets: Secrets, answer: URLSearchParams): Promise<Profile> {
  const { provider, redirectUri } = dancing;
  const oauth = await load();
  const server = await serverOf(oauth, dancing);
  const client: OAuth.Client = { client_id: provider.client, [oauth.clockTolerance]: SKEW, [oauth.clockSkew]: skewOf(dancing) };
  const options = optionsOf(oauth, dancing);
  const params = oauth.validateAuthResponse(server, client, answer, secrets.state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    proofOf(oauth, provider),
    params,
    redirectUri,
    secrets.codeVerifier,
    options,
  );
  if (provider.issuer === undefined) {
    const { access_token } = await oauth.processAuthorizationCodeResponse(server, client, response);
    return await readProfile(dancing, access_token)
      .then(provider.toProfile)
      .finally(() => revoke(dancing, access_token));
  }
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: secrets.nonce,
    requireIdToken: true,
  });
  await oauth.validateApplicationLevelSignature(server, response, options);
  const claims = oauth.getValidatedIdTokenClaims(tokens)!;
  if (claims["name"] !== undefined || !server.userinfo_endpoint) return provider.toProfile(claims);
  const asked = await oauth.userInfoRequest(server, client, tokens.access_token, options);
  return provider.toProfile({ ...claims, ...(await oauth.processUserInfoResponse(server, client, claims.sub, asked)) });
}

/** The library knows the time by Date.now(); ours may be a test's. */
const skewOf = ({ now }: Dancing) => Math.round((now() - Date.now()) / 1_000);

export function proofOf(oauth: typeof OAuth, { clientAuth, secret }: OAuthProvider): OAuth.ClientAuth {
  if (secret === "") return oauth.None();
  return clientAuth === "basic" ? oauth.ClientSecretBasic(secret) : oauth.ClientSecretPost(secret);
}

export async function serverOf(oauth: typeof OAuth, dancing: Dancing): Promise<OAuth.AuthorizationServer> {
  const { issuer, endpoints } = dancing.provider;
  if (endpoints) return { issuer: endpoints.issuer, authorization_endpoint: endpoints.authorize, token_endpoint: endpoints.token };
  const address = new URL(issuer ?? "");
  return oauth.processDiscoveryResponse(address, await oauth.discoveryRequest(address, optionsOf(oauth, dancing)));
}

/** Whether plain http is right is for the outbound client to say, and it says so for OUTBOUND_ALLOW alone. */
export function optionsOf(oauth: typeof OAuth, { outbound }: Dancing) {
  return {
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: (url: string, init: { method: string; headers: Record<string, string>; body?: unknown }) =>
      outbound(url, {
        method: init.method,
        headers: Object.fromEntries(Object.entries(init.headers)),
        ...(init.body !== undefined && init.body !== null && { body: String(init.body) }),
      }),
  };
}

async function readProfile({ provider, outbound }: Dancing, token: string): Promise<Record<string, unknown>> {
  const { profile, headers } = provider.endpoints!;
  const response = await outbound(profile, { headers: { accept: "application/json", ...headers, authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`the profile was refused with ${response.status}`);
  return (await response.json()) as Record<string, unknown>;
}

/** RFC 7009, where it is offered. Who somebody is is known by then: a token that outlives it is worth a line in the log, no more. */
async function revoke({ provider, outbound, log }: Dancing, token: string): Promise<void> {
  const { id, client, secret, endpoints } = provider;
  if (endpoints?.revoke === undefined) return;
  const body = new URLSearchParams({ token, client_id: client, client_secret: secret }).toString();
  const ended = await outbound(endpoints.revoke, { method: "POST", headers: FORM, body }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (!ended) log.warn({ provider: id }, "a token was not taken back");
}

const FORM = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
