import { createHmac, randomBytes } from "node:crypto";
import { CLIENT, type Exchange, listen, type Listening } from "./listening.ts";

export interface FacebookWire extends Listening {
  denies: boolean;
  person: { id: string; name: string; email?: string };
  /** Whether the person has no picture but Facebook's. */
  silhouette: boolean;
  tokens: Set<string>;
}

/** Facebook Login by hand (https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow), Graph API v24.0 alone. */
export async function openFacebook(): Promise<FacebookWire> {
  const codes = new Map<string, string>();
  const at = await listen((exchange) => {
    const { request, url, json } = exchange;
    const route = ROUTES[`${request.method} ${url.pathname}`];
    if (route) route(wire, codes, exchange);
    else json(400, graphError("Unknown path components", 2500));
  });
  const person = { id: "10158000000000001", name: "Anna Figure", email: "anna@reader.example" };
  const wire: FacebookWire = Object.assign(at, { denies: false, person, silhouette: false, tokens: new Set<string>() });
  return wire;
}

const graphError = (message: string, code: number) => ({ error: { message, type: "OAuthException", code, fbtrace_id: "A1b2C3" } });

const ROUTES: Record<string, (wire: FacebookWire, codes: Map<string, string>, exchange: Exchange) => void> = {
  "GET /v24.0/dialog/oauth"(wire, codes, { url, json, sendOn }) {
    const { client_id, redirect_uri = "", state = "", response_type = "code" } = Object.fromEntries(url.searchParams);
    if (client_id !== CLIENT.client || response_type !== "code") return json(400, graphError("Invalid App ID", 101));
    const denied = { error_reason: "user_denied", error: "access_denied", error_description: "Permissions error", error_code: "200" };
    if (wire.denies) return sendOn(redirect_uri, { ...denied, state }, "#_=_");
    const code = randomBytes(40).toString("base64url");
    codes.set(code, redirect_uri);
    sendOn(redirect_uri, { code, state }, "#_=_");
  },
  "POST /v24.0/oauth/access_token"(wire, codes, { form, json }) {
    if (form.get("client_id") !== CLIENT.client || form.get("client_secret") !== CLIENT.secret)
      return json(400, graphError("Error validating client secret.", 1));
    const redirectUri = codes.get(form.get("code") ?? "");
    codes.delete(form.get("code") ?? "");
    if (redirectUri === undefined || redirectUri !== form.get("redirect_uri"))
      return json(400, graphError("This authorization code has been used.", 100));
    const access_token = `EAA${randomBytes(60).toString("hex")}`;
    wire.tokens.add(access_token);
    json(200, { access_token, token_type: "bearer", expires_in: 5_183_944 });
  },
  "GET /v24.0/me"(wire, _, { request, url, json }) {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    if (!wire.tokens.has(token)) return json(401, graphError("Invalid OAuth access token.", 190));
    const proof = createHmac("sha256", CLIENT.secret).update(token).digest("hex");
    if (url.searchParams.get("appsecret_proof") !== proof)
      return json(400, graphError("Invalid appsecret_proof provided in the API argument", 100));
    const asked = (url.searchParams.get("fields") ?? "").split(",");
    const picture = {
      height: 200,
      is_silhouette: wire.silhouette,
      url: "https://platform-lookaside.fbsbx.com/platform/anna.jpg",
      width: 200,
    };
    const { id, name, email } = wire.person;
    json(
      200,
      {
        id,
        ...(asked.includes("name") && { name }),
        ...(asked.includes("email") && email !== undefined && { email }),
        ...(asked.includes("picture.type(large)") && { picture: { data: picture } }),
      },
      "text/javascript; charset=UTF-8",
    );
  },
};
