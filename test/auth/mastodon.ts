import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What one server of Mastodon does otherwise than the newest one. */
export interface Temper {
  /** 4.4 has userinfo, 4.3 the description of RFC 8414, 4.1 neither. */
  version: "4.4" | "4.3" | "4.1";
  /** Whom it says the reader is; "" to leave it out, as old ones do. */
  actor?: string;
  /** As which its person is shown. */
  shownAs?: string;
  /** Answers instead of it. */
  instead?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export interface MastodonAt {
  url: string;
  /** host:port, for OUTBOUND_ALLOW. */
  place: string;
  /** What came in, as “POST /api/v1/apps”. */
  asked: string[];
  temper: Temper;
  /** Ids of apps that it knows. */
  apps: Map<string, App>;
  /** Tokens that still open something. */
  tokens: Map<string, Grant>;
  close(): Promise<void>;
}

interface App {
  secret: string;
  redirectUris: string[];
  scopes: string[];
}
interface Grant {
  client: string;
  scope: string;
  /** "" for the app itself. */
  user: string;
}
interface Code extends Grant {
  redirectUri: string;
  challenge: string | null;
}

/** A server that speaks Mastodon's wire (https://docs.joinmastodon.org/methods/oauth/), with one person, anna. */
export async function openMastodon(temper: Temper = { version: "4.4" }): Promise<MastodonAt> {
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const { pathname } = new URL(request.url ?? "/", at.url);
      at.asked.push(`${request.method} ${pathname}`);
      if (at.temper.instead?.(request, response)) return;
      answer(at, codes, { request, response, body });
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const codes = new Map<string, Code>();
  const at: MastodonAt = {
    url: `http://${place}`,
    place,
    asked: [],
    temper,
    apps: new Map(),
    tokens: new Map(),
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return at;
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  body: URLSearchParams;
}

async function readBody(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return new URLSearchParams(text);
}

function answer(at: MastodonAt, codes: Map<string, Code>, exchange: Exchange): void {
  const { request, response, body } = exchange;
  const url = new URL(request.url ?? "/", at.url);
  const json = (status: number, value: object) =>
    void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  const { version } = at.temper;
  const routes: Record<string, () => void> = {
    "GET /.well-known/webfinger": () => json(200, webfinger(at)),
    "POST /api/v1/apps": () => {
      const client = randomBytes(16).toString("base64url");
      const secret = randomBytes(16).toString("base64url");
      const scopes = (body.get("scopes") ?? "read").split(" ");
      if (version === "4.1" && scopes.includes("profile"))
        return json(422, { error: "Validation failed: Scopes doesn't match configured on the server." });
      at.apps.set(client, { secret, redirectUris: (body.get("redirect_uris") ?? "").split("\n"), scopes });
      json(200, { id: "1", name: body.get("client_name"), scopes, client_id: client, client_secret: secret, client_secret_expires_at: 0 });
    },
    "GET /oauth/authorize": () => authorize(at, codes, { url, response, deny: false }),
    "POST /oauth/authorize": () => authorize(at, codes, { url, response, deny: body.get("deny") === "1" }),
    "POST /oauth/token": () => token(at, codes, { body, json }),
    "POST /oauth/revoke": () => {
      if (at.apps.get(body.get("client_id") ?? "")?.secret !== body.get("client_secret"))
        return json(403, { error: "unauthorized_client" });
      at.tokens.delete(body.get("token") ?? "");
      json(200, {});
    },
    "GET /api/v1/accounts/verify_credentials": () => person(at, exchange, ["profile", "read", "read:accounts"], json),
    ...(version !== "4.1" && { "GET /.well-known/oauth-authorization-server": () => json(200, description(at)) }),
    ...(version === "4.4" && { "GET /oauth/userinfo": () => person(at, exchange, ["profile"], json) }),
  };
  const route = routes[`${request.method} ${url.pathname}`];
  if (route) route();
  else json(404, { error: "Record not found" });
}

export const description = ({ url, temper }: MastodonAt) => ({
  issuer: `${url}/`,
  authorization_endpoint: `${url}/oauth/authorize`,
  token_endpoint: `${url}/oauth/token`,
  revocation_endpoint: `${url}/oauth/revoke`,
  ...(temper.version === "4.4" && { userinfo_endpoint: `${url}/oauth/userinfo` }),
  app_registration_endpoint: `${url}/api/v1/apps`,
  scopes_supported: ["read", "profile", "write", "read:accounts", "follow", "push"],
  response_types_supported: ["code"],
  response_modes_supported: ["query", "fragment", "form_post"],
  grant_types_supported: ["authorization_code", "client_credentials"],
  token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
  code_challenge_methods_supported: ["S256"],
});

const actorAt = (url: string) => `${url}/users/anna`;
const webfinger = ({ url, place }: MastodonAt) => ({
  subject: `acct:anna@${place}`,
  links: [
    { rel: "http://webfinger.net/rel/profile-page", type: "text/html", href: `${url}/@anna` },
    { rel: "self", type: "application/activity+json", href: actorAt(url) },
  ],
});

/** Its own page with a button; an app that it does not know gets a page without one, and nobody is sent anywhere. */
function authorize(
  at: MastodonAt,
  codes: Map<string, Code>,
  { url, response, deny }: { url: URL; response: ServerResponse; deny: boolean },
): void {
  const asked = url.searchParams;
  const [client = "", redirectUri = "", scope = "read"] = ["client_id", "redirect_uri", "scope"].map(
    (name) => asked.get(name) ?? undefined,
  );
  const app = at.apps.get(client);
  const page = (status: number, text: string) =>
    void response.writeHead(status, { "content-type": "text/html" }).end(`<!doctype html><title>Mastodon</title><main>${text}</main>`);
  if (!app) return page(401, "<p>Client authentication failed due to unknown client.</p>");
  if (!app.redirectUris.includes(redirectUri)) return page(422, "<p>The redirect URI included is not valid.</p>");
  if (!scope.split(" ").every((one) => app.scopes.includes(one))) return page(400, "<p>The requested scope is invalid.</p>");
  if (response.req.method === "GET") {
    const form = (extra: string, text: string) =>
      `<form method="post" action="${url.href.replaceAll("&", "&amp;")}">${extra}<button>${text}</button></form>`;
    return page(
      200,
      `<h1>Authorization required</h1>${form("", "Authorize")}${form('<input type="hidden" name="deny" value="1">', "Deny")}`,
    );
  }
  const back = new URL(redirectUri);
  const state = asked.get("state");
  if (state !== null) back.searchParams.set("state", state);
  if (deny) back.searchParams.set("error", "access_denied");
  else {
    const code = randomBytes(16).toString("base64url");
    codes.set(code, { client, scope, user: "anna", redirectUri, challenge: asked.get("code_challenge") });
    back.searchParams.set("code", code);
  }
  response.writeHead(302, { location: back.href }).end();
}

type Json = (status: number, value: object) => void;

function token(at: MastodonAt, codes: Map<string, Code>, { body, json }: { body: URLSearchParams; json: Json }): void {
  const field = (name: string) => body.get(name) ?? "";
  const app = at.apps.get(field("client_id"));
  if (!app || app.secret !== field("client_secret")) {
    return json(401, { error: "invalid_client", error_description: "Client authentication failed due to unknown client." });
  }
  const grant = (scope: string, user: string) => {
    const access = randomBytes(16).toString("base64url");
    at.tokens.set(access, { client: field("client_id"), scope, user });
    json(200, { access_token: access, token_type: "Bearer", scope, created_at: Math.floor(Date.now() / 1_000) });
  };
  if (field("grant_type") === "client_credentials") return grant(field("scope") || "read", "");
  const code = codes.get(field("code"));
  codes.delete(field("code"));
  const challenge = createHash("sha256").update(field("code_verifier")).digest("base64url");
  const fits = code?.client === field("client_id") && code.redirectUri === field("redirect_uri");
  // Before 4.3 there is no PKCE: what belongs to it is passed over.
  const proven = at.temper.version === "4.1" || code?.challenge == null || code.challenge === challenge;
  if (!code || !fits || !proven) return json(400, { error: "invalid_grant" });
  grant(code.scope, code.user);
}

function person(at: MastodonAt, { request }: Exchange, scopes: string[], json: Json): void {
  const grant = at.tokens.get(/^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "");
  if (!grant) return json(401, { error: "The access token is invalid" });
  if (!grant.scope.split(" ").some((scope) => scopes.includes(scope)))
    return json(403, { error: "This action is outside the authorized scopes" });
  const { actor = actorAt(at.url), shownAs = "Anna :blobcat: Figure" } = at.temper;
  const picture = `${at.url}/avatar.png`;
  const page = `${at.url}/@anna`;
  if (request.url === "/oauth/userinfo") {
    return json(200, { iss: `${at.url}/`, sub: actor, name: shownAs, preferred_username: "anna", profile: page, picture });
  }
  json(200, {
    id: "1",
    username: "anna",
    acct: "anna",
    display_name: shownAs,
    url: page,
    ...(actor !== "" && { uri: actor }),
    avatar: picture,
    avatar_static: picture,
  });
}
