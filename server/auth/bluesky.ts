import type { NodeSavedState, OAuthClientMetadataInput } from "@atproto/oauth-client-node";
import { type Config, isLoopback } from "../config.ts";
import type { Outbound } from "../outbound.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import { askingBriefly } from "./named-by-readers.ts";
import { type Claims, profileOf } from "./profile.ts";
import type { Provider } from "./provider.ts";

/** An optional dependency, loaded at the first sign-in of this kind. */
const load = () => import("@atproto/oauth-client-node");

const ID = "bluesky";
/** Shows public profiles to whoever asks. */
const VIEW = "https://public.api.bsky.app/xrpc/app.bsky.actor.getProfile";

/** Any server of atproto: the reader gives a handle, and the handle leads to its server. We are known there by our own address. */
export const bluesky: Provider = {
  id: ID,
  label: "Bluesky",
  // Subjects are DIDs, of which there is one in the world.
  issuer: "atproto",
  async begin(services, { said }) {
    if (said === "") return { address: `${services.config.publicUrl}/auth/ask/${ID}`, kept: "" };
    const states = new Map<string, NodeSavedState>();
    const client = await clientOf(services, states);
    try {
      const { href } = await client.authorize(said.replace(/^@/, ""));
      return { address: href, kept: JSON.stringify([...states]) };
    } catch (error) {
      services.log.info({ provider: ID, error: error instanceof Error ? error.name : "unknown" }, "a sign-in could not begin");
      throw new Refusal("not_found");
    }
  },
  async answer(services, { kept, params }) {
    const client = await clientOf(services, new Map(JSON.parse(kept) as [string, NodeSavedState][]));
    // It knows the states that it made for this sign-in, and no others.
    const { session } = await client.callback(params);
    // Who it is has been proven: everything else about them is public.
    await session.signOut();
    const { did } = session;
    const shown = await shownOf(services, did);
    const handle = shown["handle"] ?? (await client.identityResolver.resolve(did)).handle;
    const url = `https://bsky.app/profile/${encodeURIComponent(did)}`;
    return profileOf({ subject: did, name: shown["displayName"], handle, picture: shown["avatar"], url });
  },
};

/** What we are to their servers, which read it at its own address. */
export const clientMetadata = ({ publicUrl }: Pick<Config, "publicUrl">): OAuthClientMetadataInput => ({
  client_id: `${publicUrl}/oauth/client-metadata.json`,
  client_name: new URL(publicUrl).host,
  client_uri: publicUrl,
  redirect_uris: [`${publicUrl}/auth/callback/${ID}`],
  grant_types: ["authorization_code"],
  response_types: ["code"],
  scope: "atproto",
  application_type: "web",
  // The token is given back at once, so that a key of our own would protect nothing.
  token_endpoint_auth_method: "none",
  dpop_bound_access_tokens: true,
});

/** A client for one step: what it keeps lies in `states`, and its sessions end with it. */
async function clientOf(services: Services, states: Map<string, NodeSavedState>) {
  const { config, outbound } = askingBriefly(services);
  const { NodeOAuthClient, buildAtprotoLoopbackClientMetadata: ofThisMachine } = await load();
  const { hostname, port } = new URL(config.publicUrl);
  // Nobody could read ours there: what we are stands in the name itself, and the answer comes to 127.0.0.1 (RFC 8252 7.3).
  const redirectUri = `http://127.0.0.1:${port || "80"}/auth/callback/${ID}` as const;
  return new NodeOAuthClient({
    clientMetadata: isLoopback(hostname) ? ofThisMachine({ scope: "atproto", redirect_uris: [redirectUri] }) : clientMetadata(config),
    stateStore: storeOver(states),
    sessionStore: storeOver(new Map()),
    requestLock: (_, act) => act(),
    fetch: fetchBy(outbound),
  });
}

const storeOver = <Value>(map: Map<string, Value>) => ({
  get: (key: string) => map.get(key),
  set: (key: string, value: Value) => void map.set(key, value),
  del: (key: string) => void map.delete(key),
});

/** The library's requests, all by the guarded client. */
const fetchBy =
  (outbound: Outbound): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init);
    const { url, method, headers, redirect } = request;
    const body = request.body === null ? {} : { body: await request.text() };
    const response = await outbound(url, { method, headers: Object.fromEntries(headers), ...body });
    if (redirect === "error" && response.status >= 300 && response.status < 400) throw new TypeError("redirected");
    return response;
  };

/** As the public view shows them; nothing where it does not. */
async function shownOf(services: Services, did: string): Promise<Claims> {
  const { outbound, log } = askingBriefly(services);
  const address = `${VIEW}?actor=${encodeURIComponent(did)}`;
  try {
    const response = await outbound(address, { headers: { accept: "application/json" } });
    return Object(response.ok ? await response.json() : {}) as Claims;
  } catch (error) {
    log.info({ provider: ID, error: error instanceof Error ? error.name : "unknown" }, "a profile could not be read");
    return {};
  }
}
