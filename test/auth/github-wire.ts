import { createHash, randomBytes } from "node:crypto";
import { CLIENT, type Exchange, listen, type Listening } from "./listening.ts";

export interface GithubWire extends Listening {
  denies: boolean;
  user: Record<string, unknown>;
  emails: { email: string; primary: boolean; verified: boolean; visibility: string | null }[];
  /** Whether it names itself in its answers, as it does since April 2026 and an older Enterprise Server does not. */
  namesItself: boolean;
  tokens: Map<string, string>;
  /** Of all tokens that it ever gave. */
  scopes: string[];
}

interface Code {
  scope: string;
  challenge: string | undefined;
  redirectUri: string;
}

/** GitHub's web flow and the two addresses of its API that are asked, laid out as on an Enterprise Server. */
export async function openGithub(): Promise<GithubWire> {
  const codes = new Map<string, Code>();
  const at = await listen((exchange) => {
    const route = ROUTES[`${exchange.request.method} ${exchange.url.pathname}`];
    if (route) route(wire, codes, exchange);
    else exchange.json(404, { message: "Not Found", status: "404" });
  });
  const wire: GithubWire = Object.assign(at, {
    denies: false,
    user: {
      login: "annafigure",
      id: 583231,
      avatar_url: "https://avatars.githubusercontent.com/u/583231?v=4",
      html_url: "https://github.com/annafigure",
      name: "Anna Figure",
      email: "anna@public.example",
    },
    emails: [
      { email: "old@reader.example", primary: false, verified: true, visibility: null },
      { email: "anna@reader.example", primary: true, verified: true, visibility: "private" },
    ],
    namesItself: true,
    tokens: new Map<string, string>(),
    scopes: [] as string[],
  });
  return wire;
}

const ROUTES: Record<string, (wire: GithubWire, codes: Map<string, Code>, exchange: Exchange) => void> = {
  "GET /login/oauth/authorize"(wire, codes, { url, json, sendOn }) {
    const asked = Object.fromEntries(url.searchParams);
    const { client_id, redirect_uri = "", state = "", scope = "", code_challenge, code_challenge_method = "S256" } = asked;
    if (client_id !== CLIENT.client || code_challenge_method !== "S256") return json(404, { message: "Not Found" });
    const named = wire.namesItself ? { iss: `${wire.url}/login/oauth` } : {};
    const denied = { error: "access_denied", error_description: "The user has denied your application access." };
    if (wire.denies) return sendOn(redirect_uri, { ...denied, state, ...named });
    const code = randomBytes(10).toString("hex");
    codes.set(code, { scope, challenge: code_challenge, redirectUri: redirect_uri });
    sendOn(redirect_uri, { code, state, ...named });
  },
  "POST /login/oauth/access_token": token,
  "DELETE /api/v3/applications/comments/token"(wire, _, { request, response, body, json }) {
    const us = `Basic ${Buffer.from(`${CLIENT.client}:${CLIENT.secret}`).toString("base64")}`;
    const { access_token = "" } = JSON.parse(body) as { access_token?: string };
    if (request.headers.authorization !== us || !wire.tokens.has(access_token)) return json(404, { message: "Not Found" });
    wire.tokens.delete(access_token);
    response.writeHead(204).end();
  },
  "GET /api/v3/user": (wire, _, exchange) => {
    if (scopesOf(wire, exchange)) exchange.json(200, wire.user);
  },
  "GET /api/v3/user/emails": (wire, _, exchange) => {
    const scopes = scopesOf(wire, exchange);
    if (scopes)
      exchange.json(scopes.includes("user:email") ? 200 : 404, scopes.includes("user:email") ? wire.emails : { message: "Not Found" });
  },
};

/** Its errors come as 200, and without `Accept: application/json` everything as a form. */
function token(wire: GithubWire, codes: Map<string, Code>, { request, response, form, json }: Exchange): void {
  const say = (told: Record<string, string>) => {
    if (/json/.test(request.headers.accept ?? "")) return json(200, told);
    response
      .writeHead(200, { "content-type": "application/x-www-form-urlencoded; charset=utf-8" })
      .end(new URLSearchParams(told).toString());
  };
  const refuse = (error: string) => say({ error, error_description: "It is not as it should be.", error_uri: "https://docs.github.com/" });
  if (form.get("client_id") !== CLIENT.client || form.get("client_secret") !== CLIENT.secret) return refuse("incorrect_client_credentials");
  const code = codes.get(form.get("code") ?? "");
  codes.delete(form.get("code") ?? "");
  if (!code) return refuse("bad_verification_code");
  if (code.redirectUri !== form.get("redirect_uri")) return refuse("redirect_uri_mismatch");
  const proof = createHash("sha256").update(form.get("code_verifier") ?? "");
  if (code.challenge !== undefined && code.challenge !== proof.digest("base64url")) return refuse("bad_verification_code");
  const access_token = `gho_${randomBytes(18).toString("hex")}`;
  wire.tokens.set(access_token, code.scope);
  wire.scopes.push(code.scope);
  say({ access_token, token_type: "bearer", scope: code.scope });
}

/** Null when it was answered. */
function scopesOf(wire: GithubWire, { request, response, json }: Exchange): string[] | null {
  if (!request.headers["user-agent"]) {
    response.writeHead(403, { "content-type": "text/plain" }).end("Request forbidden by administrative rules.");
    return null;
  }
  const scope = wire.tokens.get(/^(?:Bearer|token) (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "");
  if (scope === undefined) json(401, { message: "Bad credentials", status: "401" });
  return scope?.split(/[ ,]+/) ?? null;
}
