import type * as OAuth from "oauth4webapi";
import type { Outbound } from "../outbound.ts";
import type { Dancing } from "./dance.ts";

/** Loaded at the first sign-in. */
export const load = () => import("oauth4webapi");

/** How long what an issuer says of itself is believed. Its keys the library reads again after five minutes, and when one is unknown. */
const FRESH_MS = 3_600_000;
/** Sites may have issuers of their own. */
const MOST = 200;

interface Known {
  server: OAuth.AuthorizationServer;
  readAt: number;
}
/** Of each way out its own, so that a trial asks anew. */
const known = new WeakMap<Outbound, Map<string, Known>>();

/** Where a provider is to be asked: as its data say, or as it says itself. */
export async function serverOf(oauth: typeof OAuth, dancing: Dancing): Promise<OAuth.AuthorizationServer> {
  const { issuer = "", endpoints } = dancing.provider;
  if (endpoints) {
    const { issuer: name, authorize, token, revoke } = endpoints;
    return { issuer: name, authorization_endpoint: authorize, token_endpoint: token, ...(revoke && { revocation_endpoint: revoke }) };
  }
  const servers = known.get(dancing.outbound) ?? new Map<string, Known>();
  known.set(dancing.outbound, servers);
  const found = servers.get(issuer);
  if (found && Math.abs(dancing.now() - found.readAt) < FRESH_MS) return found.server;
  const address = new URL(issuer);
  const server = await oauth.processDiscoveryResponse(address, await oauth.discoveryRequest(address, optionsOf(oauth, dancing)));
  servers.delete(issuer);
  if (servers.size >= MOST) servers.delete(servers.keys().next().value!);
  servers.set(issuer, { server, readAt: dancing.now() });
  return server;
}

/** Something did not fit: the next reader's sign-in asks the issuer anew, for its keys as well. */
export const forgetServer = ({ outbound, provider }: Dancing) => void known.get(outbound)?.delete(provider.issuer ?? "");

/** Whoever answered has no OpenID Connect there, which is not to be mixed up with one who can't answer today. */
export function hasNoDiscovery(oauth: typeof OAuth, error: unknown): boolean {
  if (!(error instanceof oauth.OperationProcessingError)) return false;
  if (error.code === oauth.RESPONSE_IS_NOT_JSON) return true;
  const status = error.cause instanceof Response ? error.cause.status : 0;
  return error.code === oauth.RESPONSE_IS_NOT_CONFORM && status >= 300 && status < 500 && status !== 408 && status !== 429;
}

/** Whether plain http is right is for the outbound client to say, and it says so for OUTBOUND_ALLOW alone. */
export function optionsOf(oauth: typeof OAuth, { outbound }: Pick<Dancing, "outbound">) {
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
