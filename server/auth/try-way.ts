import type * as OAuth from "oauth4webapi";
import { NotAllowed, type Outbound, OutboundError, placeOf } from "../outbound.ts";
import { WAY_VERDICTS } from "../wire/way-verdicts.ts";
import { proofOf } from "./answer.ts";
import { type Dancing, formerOf } from "./dance.ts";
import { hasNoDiscovery, load, optionsOf, serverOf } from "./discovery.ts";

export type WayVerdict = (typeof WAY_VERDICTS)[number];
export interface Tried {
  verdict: WayVerdict;
  /** What would have to be named in OUTBOUND_ALLOW. */
  place?: string;
}

/** Ends the trial wherever it stands. */
class Found extends Error {
  readonly tried: Tried;
  constructor(verdict: WayVerdict, place?: string) {
    super(verdict);
    this.tried = { verdict, ...(place !== undefined && { place }) };
  }
}

/**
 * Whether a way would work, found out without a reader: by its discovery, and by a code that is certainly wrong, for
 * which a provider has other words than for a wrong client. Of what it answers nothing is handed on, and whatever keeps
 * it from being reached is one verdict (S-27).
 */
export async function tryWay(dancing: Dancing, allowed: readonly string[]): Promise<Tried> {
  const asking: Dancing = { ...dancing, outbound: reaching(dancing.outbound) };
  const oauth = await load();
  try {
    const server = await discover(oauth, asking);
    if (server === null) return await tryWay({ ...dancing, provider: formerOf(dancing.provider)! }, allowed);
    requireEndpoints(server, asking, allowed);
    if (asking.provider.issuer !== undefined) {
      requireAbilities(server, asking);
      await requireKeys(server.jwks_uri!, asking);
    }
    return { verdict: await askWithWrongCode(oauth, server, asking) };
  } catch (error) {
    if (error instanceof Found) return error.tried;
    throw error;
  }
}

/** Null where the provider has to be spoken with as before. */
async function discover(oauth: typeof OAuth, asking: Dancing): Promise<OAuth.AuthorizationServer | null> {
  try {
    return await serverOf(oauth, asking);
  } catch (error) {
    if (error instanceof Found) throw error;
    if (asking.provider.otherwise && hasNoDiscovery(oauth, error)) return null;
    throw new Found(verdictOnDiscovery(error));
  }
}

/** Whatever stands in the way of an answer ends the trial. */
function reaching(outbound: Outbound): Outbound {
  return (address, ask) =>
    outbound(address, ask).catch((error: unknown) => {
      if (!(error instanceof OutboundError)) throw error;
      const { cause } = error;
      if (!(cause instanceof NotAllowed)) throw new Found("unreachable");
      throw cause.reason === "scheme" ? new Found("not_https") : new Found("not_allowed", placeOf(new URL(address)));
    });
}

/** By the library's own codes; an issuer that is no address at all differs as well. */
function verdictOnDiscovery(error: unknown): WayVerdict {
  switch ((error as { code?: string }).code) {
    case "OAUTH_RESPONSE_IS_NOT_CONFORM":
      return "unreachable";
    case "OAUTH_RESPONSE_IS_NOT_JSON":
    case "OAUTH_PARSE_ERROR":
    case "OAUTH_INVALID_RESPONSE":
      return "not_json";
    case "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED":
    case "ERR_INVALID_URL":
      return "issuer_differs";
    default:
      throw error;
  }
}

/** The first of these is the browser's to open: nobody here asks it, so its scheme is looked at here. */
function requireEndpoints(server: OAuth.AuthorizationServer, { provider }: Dancing, allowed: readonly string[]): void {
  const { authorization_endpoint, token_endpoint, jwks_uri } = server;
  for (const endpoint of [authorization_endpoint, token_endpoint, ...(provider.issuer === undefined ? [] : [jwks_uri])]) {
    if (typeof endpoint !== "string" || !URL.canParse(endpoint)) throw new Found("no_endpoints");
    const url = new URL(endpoint);
    if (url.protocol !== "https:" && !(url.protocol === "http:" && allowed.includes(placeOf(url)))) throw new Found("not_https");
  }
}

/** What a server says nothing of, it may well be able to (RFC 8414 2); of proofs it then knows `basic`. */
function requireAbilities(server: OAuth.AuthorizationServer, { provider }: Dancing): void {
  const { code_challenge_methods_supported: challenges, token_endpoint_auth_methods_supported: proofs = ["client_secret_basic"] } = server;
  if (challenges !== undefined && !challenges.includes("S256")) throw new Found("no_s256");
  const proof = provider.secret === "" ? "none" : `client_secret_${provider.clientAuth}`;
  if (!proofs.includes(proof)) throw new Found(provider.secret === "" ? "needs_secret" : "no_client_auth");
}

async function requireKeys(address: string, { outbound }: Dancing): Promise<void> {
  const response = await outbound(address, { headers: { accept: "application/json" } });
  if (response.status !== 200) throw new Found("unreachable");
  const { keys } = await jsonOf(response);
  if (!Array.isArray(keys) || keys.length === 0) throw new Found("no_keys");
}

async function askWithWrongCode(oauth: typeof OAuth, server: OAuth.AuthorizationServer, dancing: Dancing): Promise<WayVerdict> {
  const { provider, redirectUri } = dancing;
  const client = { client_id: provider.client };
  const answer = new URLSearchParams({ code: "certainly-wrong", iss: server.issuer });
  const params = oauth.validateAuthResponse(server, client, answer, oauth.skipStateCheck);
  const options = optionsOf(oauth, dancing);
  const verifier = oauth.generateRandomCodeVerifier();
  const proof = proofOf(oauth, provider);
  return verdictOnWrongCode(await oauth.authorizationCodeGrantRequest(server, client, proof, params, redirectUri, verifier, options));
}

/** RFC 6749 5.2, and GitHub's own words for the same. */
async function verdictOnWrongCode(response: Response): Promise<WayVerdict> {
  if (response.status >= 500) return "unreachable";
  const { error } = await jsonOf(response, "unreachable");
  if (error === "invalid_grant" || error === "bad_verification_code") return "works";
  if (error === "redirect_uri_mismatch") return "wrong_redirect";
  const unknown = ["invalid_client", "unauthorized_client", "incorrect_client_credentials"].includes(String(error));
  return unknown || response.status === 401 ? "wrong_client" : "unclear";
}

async function jsonOf(response: Response, otherwise: WayVerdict = "not_json"): Promise<Record<string, unknown>> {
  try {
    return Object(await response.json()) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) throw new Found(otherwise);
    throw error;
  }
}
