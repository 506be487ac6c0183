import { randomBytes } from "node:crypto";
import { CLIENT, listen, type Listening } from "./listening.ts";

export interface WordpressWire extends Listening {
  denies: boolean;
  me: Record<string, unknown>;
  /** What its discovery answers with. */
  discovery: { status: number; type: string; body: string };
  tokens: Set<string>;
}

/** WordPress.com as it was before it had OpenID Connect (https://developer.wordpress.com/docs/oauth2/). */
export async function openWordpress(): Promise<WordpressWire> {
  const codes = new Map<string, string>();
  const at = await listen(({ request, response, url, form, json, sendOn }) => {
    switch (`${request.method} ${url.pathname}`) {
      case "GET /.well-known/openid-configuration":
        return response.writeHead(wire.discovery.status, { "content-type": wire.discovery.type }).end(wire.discovery.body);
      case "GET /oauth2/authorize": {
        const { client_id, redirect_uri = "", state = "", scope, response_type } = Object.fromEntries(url.searchParams);
        if (client_id !== CLIENT.client || scope !== "auth" || response_type !== "code") return json(400, { error: "invalid_request" });
        if (wire.denies) return sendOn(redirect_uri, { error: "access_denied", error_description: "You need to log in.", state });
        const code = randomBytes(5).toString("hex");
        codes.set(code, redirect_uri);
        return sendOn(redirect_uri, { code, state });
      }
      case "POST /oauth2/token": {
        const redirectUri = codes.get(form.get("code") ?? "");
        codes.delete(form.get("code") ?? "");
        const us = form.get("client_id") === CLIENT.client && form.get("client_secret") === CLIENT.secret;
        if (!us) return json(400, { error: "invalid_client", error_description: "The client secret is wrong." });
        if (redirectUri === undefined || redirectUri !== form.get("redirect_uri") || form.get("grant_type") !== "authorization_code")
          return json(400, { error: "invalid_grant", error_description: "The code is not valid." });
        const access_token = randomBytes(32).toString("base64");
        wire.tokens.add(access_token);
        return json(200, { access_token, token_type: "bearer", blog_id: "0", blog_url: null, scope: "auth" });
      }
      case "GET /rest/v1.1/me": {
        const known = wire.tokens.has(/^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "");
        return known ? json(200, wire.me) : json(403, { error: "authorization_required", message: "An active access token must be used." });
      }
      default:
        return json(404, { error: "unknown_endpoint" });
    }
  });
  const me = {
    ID: 78_972_699,
    display_name: "Anna Figure",
    username: "annafigure",
    email: "anna@reader.example",
    email_verified: true,
    avatar_URL: "https://0.gravatar.com/avatar/e8a1?s=96&d=identicon",
    profile_URL: "https://gravatar.com/annafigure",
    primary_blog: null,
  };
  const discovery = { status: 404, type: "text/html; charset=utf-8", body: "<h1>Not Found</h1>" };
  const wire: WordpressWire = Object.assign(at, { denies: false, me, discovery, tokens: new Set<string>() });
  return wire;
}
