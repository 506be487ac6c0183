import { createHash, randomBytes } from "node:crypto";
import { CLIENT, type Exchange, listen, type Listening } from "./listening.ts";

export interface XWire extends Listening {
  /** Seconds that pass between a code and its use. */
  late: number;
  denies: boolean;
  /** Whether the person has confirmed an e-mail, and the app may ask for it. */
  email: string;
  /** Answers that come instead of the profile. */
  instead: { status: number; body: unknown } | null;
  tokens: Map<string, string>;
}

interface Code {
  scope: string;
  challenge: string;
  redirectUri: string;
  at: number;
}

/** X's OAuth 2.0 (https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code) for a confidential client and one person. */
export async function openX(): Promise<XWire> {
  const codes = new Map<string, Code>();
  const at = await listen((exchange) => {
    const route = ROUTES[`${exchange.request.method} ${exchange.url.pathname}`];
    if (route) route(wire, codes, exchange);
    else exchange.json(404, { title: "Not Found" });
  });
  const wire: XWire = Object.assign(at, { late: 0, denies: false, email: "", instead: null, tokens: new Map<string, string>() });
  return wire;
}

const ROUTES: Record<string, (wire: XWire, codes: Map<string, Code>, exchange: Exchange) => void> = {
  "GET /i/oauth2/authorize": authorize,
  "POST /2/oauth2/token": token,
  "GET /2/users/me": me,
  "POST /2/oauth2/revoke": revoke,
};

function authorize(wire: XWire, codes: Map<string, Code>, { url, json, sendOn }: Exchange): void {
  const asked = Object.fromEntries(url.searchParams);
  const { client_id, response_type, redirect_uri = "", scope = "", state = "", code_challenge = "", code_challenge_method } = asked;
  const whole = response_type === "code" && scope !== "" && state !== "" && state.length <= 500;
  if (client_id !== CLIENT.client || !whole || code_challenge_method !== "S256" || code_challenge.length !== 43)
    return json(400, { error: "invalid_request" });
  if (wire.denies) return sendOn(redirect_uri, { error: "access_denied", state });
  const code = randomBytes(24).toString("base64url");
  codes.set(code, { scope, challenge: code_challenge, redirectUri: redirect_uri, at: Date.now() });
  sendOn(redirect_uri, { state, code });
}

/** RFC 6749 2.3.1: both halves are form-encoded before they are joined. */
const BASIC = `Basic ${Buffer.from([CLIENT.client, CLIENT.secret].map((part) => new URLSearchParams({ "": part }).toString().slice(1)).join(":")).toString("base64")}`;

const isUs = ({ request, json }: Exchange) => {
  if (request.headers.authorization === BASIC) return true;
  json(401, { error: "unauthorized_client", error_description: "Missing valid authorization header" });
  return false;
};

function token(wire: XWire, codes: Map<string, Code>, exchange: Exchange): void {
  const { form, json } = exchange;
  if (!isUs(exchange)) return;
  const code = codes.get(form.get("code") ?? "");
  codes.delete(form.get("code") ?? "");
  const proof = createHash("sha256")
    .update(form.get("code_verifier") ?? "")
    .digest("base64url");
  const fresh = code && Date.now() - code.at + wire.late * 1_000 <= 30_000;
  if (
    !fresh ||
    code.challenge !== proof ||
    code.redirectUri !== form.get("redirect_uri") ||
    form.get("grant_type") !== "authorization_code"
  )
    return json(400, { error: "invalid_request", error_description: "Value passed for the authorization code was invalid." });
  const access_token = randomBytes(30).toString("base64url");
  wire.tokens.set(access_token, code.scope);
  json(200, { token_type: "bearer", expires_in: 7200, access_token, scope: code.scope });
}

function me(wire: XWire, _: Map<string, Code>, { request, url, json }: Exchange): void {
  const scopes = wire.tokens.get(/^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "")?.split(" ");
  const problem = "application/problem+json; charset=utf-8";
  if (!scopes) return json(401, { title: "Unauthorized", type: "about:blank", status: 401, detail: "Unauthorized" }, problem);
  if (wire.instead) return json(wire.instead.status, wire.instead.body);
  if (!scopes.includes("users.read") || !scopes.includes("tweet.read")) return json(403, { title: "Forbidden", status: 403 }, problem);
  const fields = (url.searchParams.get("user.fields") ?? "").split(",");
  json(200, {
    data: {
      id: "2244994945",
      name: "Anna Figure",
      username: "annafigure",
      ...(fields.includes("profile_image_url") && { profile_image_url: "https://pbs.twimg.com/profile_images/1/anna_normal.jpg" }),
      ...(fields.includes("confirmed_email") && scopes.includes("users.email") && wire.email && { confirmed_email: wire.email }),
    },
  });
}

function revoke(wire: XWire, _: Map<string, Code>, exchange: Exchange): void {
  if (!isUs(exchange)) return;
  wire.tokens.delete(exchange.form.get("token") ?? "");
  exchange.json(200, { revoked: true });
}
