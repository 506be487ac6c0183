import { createHmac, createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { CLIENT, type Exchange, listen, type Listening } from "./listening.ts";

/** In what its token differs from an honest one. */
export interface Lie {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  sign?: (signed: string) => string;
}

export interface LyingIssuer extends Listening {
  lie: Lie;
  /** What it says of itself besides the truth. */
  description: Record<string, unknown>;
  /** What it answers with instead, by path. */
  instead: Record<string, (exchange: Exchange) => unknown>;
  keys: KeyObject[];
  /** The reader comes, and is sent back with a code at once; the path. */
  meet(went: string): string;
}

export const newKey = () => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
export const rs256 = (key: KeyObject) => (signed: string) => createSign("RSA-SHA256").update(signed).sign(key, "base64url");
/** What an issuer's public key is worth as a secret: everybody has it. */
export const hs256 = (key: KeyObject) => (signed: string) =>
  createHmac("sha256", key.export({ type: "pkcs1", format: "pem" }))
    .update(signed)
    .digest("base64url");

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** An issuer that says whatever a test wants, signed as a test wants it. */
export async function openLyingIssuer(): Promise<LyingIssuer> {
  let nonce = "";
  const at = await listen((exchange) => {
    const { request, url, json } = exchange;
    const instead = issuer.instead[url.pathname];
    if (instead) return instead(exchange);
    switch (`${request.method} ${url.pathname}`) {
      case "GET /.well-known/openid-configuration":
        return json(200, { ...description(issuer.url), ...issuer.description });
      case "GET /keys":
        return json(200, {
          keys: issuer.keys.map((key, n) => ({ ...key.export({ format: "jwk" }), d: undefined, kid: `key ${n}`, use: "sig" })),
        });
      case "POST /token":
        return json(200, { access_token: "a token of the issuer", token_type: "Bearer", expires_in: 60, id_token: idToken(issuer, nonce) });
      case "GET /userinfo":
        return json(200, { sub: "anna", name: "Anna Figure", email: "anna@issuer.example", email_verified: true });
      default:
        return json(404, {});
    }
  });
  const issuer: LyingIssuer = Object.assign(at, {
    lie: {},
    description: {},
    instead: {},
    keys: [newKey()],
    meet(went: string) {
      const { searchParams } = new URL(went);
      nonce = searchParams.get("nonce") ?? "";
      const { pathname } = new URL(searchParams.get("redirect_uri")!);
      return `${pathname}?${new URLSearchParams({ code: "a code", state: searchParams.get("state")! }).toString()}`;
    },
  });
  return issuer;
}

const description = (url: string) => ({
  issuer: url,
  authorization_endpoint: `${url}/authorize`,
  token_endpoint: `${url}/token`,
  userinfo_endpoint: `${url}/userinfo`,
  jwks_uri: `${url}/keys`,
  id_token_signing_alg_values_supported: ["RS256", "HS256", "none"],
});

function idToken({ url, keys, lie }: LyingIssuer, nonce: string): string {
  const now = Math.floor(Date.now() / 1_000);
  const honest = {
    iss: url,
    aud: CLIENT.client,
    sub: "anna",
    iat: now,
    exp: now + 300,
    nonce,
    name: "Anna Figure",
    email: "anna@issuer.example",
  };
  const signed = `${encoded({ alg: "RS256", kid: "key 0", ...lie.header })}.${encoded({ ...honest, ...lie.claims })}`;
  return `${signed}.${(lie.sign ?? rs256(keys[0]!))(signed)}`;
}
