/** The way back of the dance: from a provider's answer to who somebody is. */
import type * as OAuth from "oauth4webapi";
import type { Dancing, OAuthProvider, Secrets } from "./dance.ts";
import { load, optionsOf, serverOf } from "./discovery.ts";
import type { Claims } from "./profile.ts";
import type { Profile } from "./provider.ts";

/** Seconds by which a provider's clock may differ. */
const SKEW = 60;

interface Step {
  oauth: typeof OAuth;
  server: OAuth.AuthorizationServer;
  client: OAuth.Client;
  response: Response;
}

/** Who came back. The provider's tokens end with this call. Rejects with whatever does not fit. */
export async function profileBehind(dancing: Dancing, secrets: Secrets, answer: URLSearchParams): Promise<Profile> {
  const { provider, redirectUri } = dancing;
  const oauth = await load();
  const server = await serverOf(oauth, dancing);
  const client: OAuth.Client = { client_id: provider.client, [oauth.clockTolerance]: SKEW, [oauth.clockSkew]: skewOf(dancing) };
  const said = new URLSearchParams(answer);
  if (provider.endpoints?.unnamed) said.delete("iss");
  const params = oauth.validateAuthResponse(server, client, said, secrets.state);
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

/** Where it is offered (RFC 7009). Who somebody is is known by then: a token that outlives it is worth a line in the log, no more. */
async function takeBack(dancing: Dancing, step: Step, token: string): Promise<void> {
  const { provider, log } = dancing;
  if (provider.leavesTokens) return;
  try {
    await (provider.endpoints?.takeBack ? takeBackOtherwise(dancing, token) : revoke(dancing, step, token));
  } catch (error) {
    log.warn({ provider: provider.id, error: (error as Error).name }, "a token was not taken back");
  }
}

async function revoke(dancing: Dancing, { oauth, server, client }: Step, token: string): Promise<void> {
  if (!server.revocation_endpoint) return;
  const proof = proofOf(oauth, dancing.provider);
  await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, proof, token, optionsOf(oauth, dancing)));
}

async function takeBackOtherwise({ provider, outbound }: Dancing, token: string): Promise<void> {
  const { address, ask } = provider.endpoints!.takeBack!(token, provider);
  const { ok, status } = await outbound(address, ask);
  if (!ok) throw new Error(`refused with ${status}`);
}
