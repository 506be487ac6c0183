import { createHash, createPublicKey, type JsonWebKey, randomBytes, verify } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Names under which the one server of this file is found: the client speaks https to each. */
export const NAMES = {
  plc: "plc.directory",
  view: "public.api.bsky.app",
  pds: "pds.example",
  other: "other-pds.example",
  handle: "anna.example",
};

const DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";

/** What it does otherwise than an honest one. */
export interface PdsTemper {
  /** Whom the token is for. */
  sub?: string;
  /** What the token may do. */
  scope?: string;
  /** Who the answer says it is from; "" for nobody. */
  iss?: string;
  /** What the document of the person claims as handle. */
  claims?: string;
  /** The server that the document of the person names. */
  pds?: string;
  /** The public view of profiles is out of order. */
  viewless?: boolean;
}

export interface Pds {
  place: string;
  did: string;
  temper: PdsTemper;
  /** What came in, as “POST pds.example/oauth/par”. */
  asked: string[];
  /** Metadata of the client, as its address gives it; null where it can't be had. */
  clientAt: (id: string) => Promise<{ redirect_uris: string[]; scope: string } | null>;
  tokens: Set<string>;
  close(): Promise<void>;
}

interface Pushed {
  fields: Record<string, string>;
  /** Thumbprint of the key that proved itself (RFC 9449 10). */
  key: string;
}

/** What Bluesky's sign-in touches, in one server: directory, handle, personal data server with OAuth, public view of profiles. */
export async function openPds(): Promise<Pds> {
  const pushed = new Map<string, Pushed>();
  const codes = new Map<string, Pushed>();
  const server = createServer((request, response) => {
    void readBody(request).then(async (body) => {
      const host = request.headers["x-name"] as string;
      const url = new URL(request.url ?? "/", `https://${host}`);
      pds.asked.push(`${request.method} ${host}${url.pathname}`);
      await answer(pds, { pushed, codes }, { request, response, url, body });
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const pds: Pds = {
    place: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    did: DID,
    temper: {},
    asked: [],
    clientAt: () => Promise.resolve(null),
    tokens: new Set(),
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return pds;
}

async function readBody(request: IncomingMessage): Promise<Record<string, string>> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  if (request.headers["content-type"]?.startsWith("application/json")) return JSON.parse(text) as Record<string, string>;
  return Object.fromEntries(new URLSearchParams(text));
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  body: Record<string, string>;
}
interface Memory {
  pushed: Map<string, Pushed>;
  codes: Map<string, Pushed>;
}

async function answer(pds: Pds, memory: Memory, exchange: Exchange): Promise<void> {
  const { request, response, url } = exchange;
  const json = (status: number, value: object) =>
    void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  const { temper } = pds;
  const route = `${request.method} ${url.host}${decodeURIComponent(url.pathname)}`;
  if (route === `GET ${NAMES.plc}/${DID}`) return json(200, document(temper));
  if (route === `GET ${NAMES.handle}/.well-known/atproto-did`)
    return void response.writeHead(200, { "content-type": "text/plain" }).end(DID);
  if (route === `GET ${NAMES.view}/xrpc/app.bsky.actor.getProfile` && !temper.viewless)
    return json(200, {
      did: url.searchParams.get("actor"),
      handle: NAMES.handle,
      displayName: "Anna Figure",
      avatar: "https://cdn.example/a.jpg",
    });
  if (url.host !== NAMES.pds && url.host !== NAMES.other) return json(404, {});
  const origin = url.origin;
  if (route.startsWith("GET") && url.pathname === "/.well-known/oauth-protected-resource")
    return json(200, { resource: origin, authorization_servers: [origin], scopes_supported: [], bearer_methods_supported: ["header"] });
  if (route.startsWith("GET") && url.pathname === "/.well-known/oauth-authorization-server") return json(200, metadata(origin));
  if (url.pathname === "/oauth/authorize") return authorize(pds, memory, exchange);
  if (request.method !== "POST") return json(404, {});
  if (url.pathname === "/oauth/revoke") {
    pds.tokens.delete(exchange.body["token"] ?? "");
    return json(200, {});
  }
  const key = provenKey(exchange);
  if (key === null) {
    response.setHeader("dpop-nonce", NONCE);
    return json(400, { error: "use_dpop_nonce", error_description: "Authorization server requires nonce in DPoP proof" });
  }
  if (url.pathname === "/oauth/par") return push(pds, memory, { ...exchange, key, json });
  if (url.pathname === "/oauth/token") return token(pds, memory, { ...exchange, key, json });
  json(404, {});
}

const document = ({ claims = NAMES.handle, pds = NAMES.pds }: PdsTemper) => ({
  "@context": ["https://www.w3.org/ns/did/v1"],
  id: DID,
  alsoKnownAs: [`at://${claims}`],
  verificationMethod: [],
  service: [{ id: "#atproto_pds", type: "AtprotoPersonalDataServer", serviceEndpoint: `https://${pds}` }],
});

const metadata = (origin: string) => ({
  issuer: origin,
  authorization_endpoint: `${origin}/oauth/authorize`,
  token_endpoint: `${origin}/oauth/token`,
  revocation_endpoint: `${origin}/oauth/revoke`,
  pushed_authorization_request_endpoint: `${origin}/oauth/par`,
  require_pushed_authorization_requests: true,
  scopes_supported: ["atproto"],
  response_types_supported: ["code"],
  response_modes_supported: ["query", "fragment"],
  grant_types_supported: ["authorization_code", "refresh_token"],
  code_challenge_methods_supported: ["S256"],
  token_endpoint_auth_methods_supported: ["none", "private_key_jwt"],
  token_endpoint_auth_signing_alg_values_supported: ["ES256"],
  dpop_signing_alg_values_supported: ["ES256"],
  authorization_response_iss_parameter_supported: true,
  client_id_metadata_document_supported: true,
});

const NONCE = "a-nonce-of-this-server";

/** The proof's key (RFC 9449 4.3), null where it has not our nonce yet; throws for a proof that does not hold. */
function provenKey({ request, url }: Exchange): string | null {
  const [head = "", body = "", signature = ""] = String(request.headers["dpop"]).split(".");
  const part = (text: string) => JSON.parse(Buffer.from(text, "base64url").toString()) as Record<string, unknown>;
  const { typ, alg, jwk } = part(head) as { typ: string; alg: string; jwk: JsonWebKey };
  const claims = part(body);
  const key = createPublicKey({ key: jwk, format: "jwk" });
  const holds = verify("sha256", Buffer.from(`${head}.${body}`), { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url"));
  if (
    !holds ||
    typ !== "dpop+jwt" ||
    alg !== "ES256" ||
    claims["htm"] !== request.method ||
    claims["htu"] !== `${url.origin}${url.pathname}`
  )
    throw new Error("a DPoP proof that does not hold");
  if (claims["nonce"] !== NONCE) return null;
  const { crv, kty, x, y } = jwk;
  return createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
}

type Proven = Exchange & { key: string; json: (status: number, value: object) => void };

async function push(pds: Pds, { pushed }: Memory, { body, key, json }: Proven): Promise<void> {
  const client = await pds.clientAt(body["client_id"] ?? "");
  const fits = client?.redirect_uris.includes(body["redirect_uri"] ?? "") && client.scope === body["scope"];
  if (!fits || body["code_challenge_method"] !== "S256" || body["response_type"] !== "code") return json(400, { error: "invalid_request" });
  const uri = `urn:ietf:params:oauth:request_uri:${randomBytes(16).toString("base64url")}`;
  pushed.set(uri, { fields: body, key });
  json(201, { request_uri: uri, expires_in: 300 });
}

function authorize(pds: Pds, { pushed, codes }: Memory, { request, response, url }: Exchange): void {
  const uri = url.searchParams.get("request_uri") ?? "";
  const found = pushed.get(uri);
  if (found?.fields["client_id"] !== url.searchParams.get("client_id")) return void response.writeHead(400).end("unknown request");
  if (request.method === "GET")
    return void response.writeHead(200, { "content-type": "text/html" }).end(`<form method="post"><button>Accept</button></form>`);
  pushed.delete(uri);
  const code = `cod-${randomBytes(16).toString("hex")}`;
  codes.set(code, found!);
  const back = new URL(found!.fields["redirect_uri"]!);
  const { iss = url.origin } = pds.temper;
  for (const [name, value] of Object.entries({ iss, state: found!.fields["state"]!, code }))
    if (value !== "") back.searchParams.set(name, value);
  response.writeHead(303, { location: back.href }).end();
}

function token(pds: Pds, { codes }: Memory, { body, key, json }: Proven): void {
  const found = codes.get(body["code"] ?? "");
  codes.delete(body["code"] ?? "");
  const challenge = createHash("sha256")
    .update(body["code_verifier"] ?? "")
    .digest("base64url");
  if (!found || found.key !== key || found.fields["code_challenge"] !== challenge || found.fields["redirect_uri"] !== body["redirect_uri"])
    return json(400, { error: "invalid_grant" });
  const access = `tok-${randomBytes(16).toString("hex")}`;
  pds.tokens.add(access);
  const { sub = DID, scope = "atproto" } = pds.temper;
  json(200, { access_token: access, token_type: "DPoP", scope, sub, expires_in: 299 });
}
