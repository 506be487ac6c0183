import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Registration } from "../../server/auth/kinds.ts";
import { oauthOf } from "../../server/auth/providers.ts";
import { type Tried, tryWay } from "../../server/auth/try-way.ts";
import { readConfig } from "../../server/config.ts";
import type { Log } from "../../server/services.ts";
import { outbound } from "../../server/outbound.ts";
import { type Issuer, openIssuer } from "./issuer.ts";

const CALLBACK = "https://comments.example/auth/callback/1-oidc";
const registered = (more: Partial<Registration> = {}): Registration => ({
  id: "1-oidc",
  kind: "oidc",
  label: "Work",
  issuer: "https://login.example",
  client: "comments",
  secret: "a secret that is told to nobody",
  ...more,
});

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** With a deadline that a test can wait for. */
const tried = (registration: Registration, allowed: string[], endpoints: object = {}): Promise<Tried> => {
  const ask = outbound({ outboundAllow: allowed }, 1_000);
  const provider = { ...oauthOf(registration, readConfig({})), ...endpoints };
  return tryWay({ provider, outbound: ask, redirectUri: CALLBACK, now: Date.now, log: SILENT }, allowed);
};

describe("with a certified issuer", () => {
  let issuer: Issuer;
  const at = (more: Partial<Registration> = {}, allowed = [issuer.place]) =>
    tried(registered({ issuer: issuer.url, ...issuer.client, ...more }), allowed);
  beforeAll(async () => {
    issuer = await openIssuer();
    issuer.open(CALLBACK);
  });
  afterAll(() => issuer.close());

  it("a way that is right works", async () => {
    expect(await at()).toEqual({ verdict: "works" });
  });

  it("a wrong secret, no secret and an unknown client are told from a right one", async () => {
    expect(await at({ secret: "another" })).toEqual({ verdict: "wrong_client" });
    expect(await at({ client: "another" })).toEqual({ verdict: "wrong_client" });
    expect(await at({ secret: "" })).toEqual({ verdict: "wrong_client" });
  });

  it("on a private address it is not asked at all before OUTBOUND_ALLOW names it, and the place to name is told", async () => {
    expect(await at({ issuer: issuer.url.replace("http:", "https:") }, [])).toEqual({ verdict: "not_allowed", place: issuer.place });
    expect(await at({}, [])).toEqual({ verdict: "not_https" });
  });
});

describe("with a server that says what it likes", () => {
  type Say = (request: IncomingMessage, response: ServerResponse) => void;
  let server: Server;
  let url: string;
  let place: string;
  let say: Record<string, Say>;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const answer = say[(request.url ?? "").split("?")[0]!];
      if (answer) answer(request, response);
      else response.writeHead(404, { "content-type": "text/html" }).end("<h1>An internal page</h1>");
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    url = `http://${place}`;
  });
  afterEach(() => void (say = {}));
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  const json =
    (body: unknown, status = 200): Say =>
    (_, response) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  const honest = () => ({
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/keys`,
    code_challenge_methods_supported: ["S256"],
  });
  const DISCOVERY = "/.well-known/openid-configuration";
  const saying = (discovery: object, rest: Record<string, Say> = {}) => {
    say = {
      [DISCOVERY]: json(discovery),
      "/keys": json({ keys: [{ kty: "RSA" }] }),
      "/token": json({ error: "invalid_grant" }, 400),
      ...rest,
    };
    return tried(registered({ issuer: url }), [place]);
  };

  it("each thing that would keep readers out has its own verdict", async () => {
    const { authorization_endpoint: _, ...nowhere } = honest();
    expect(await saying(honest())).toEqual({ verdict: "works" });
    expect(await saying({ ...honest(), issuer: "https://accounts.example" })).toEqual({ verdict: "issuer_differs" });
    expect(await saying({ ...honest(), issuer: "no address" })).toEqual({ verdict: "issuer_differs" });
    expect(await saying({})).toEqual({ verdict: "not_json" });
    expect(await saying(nowhere)).toEqual({ verdict: "no_endpoints" });
    expect(await saying({ ...honest(), jwks_uri: "keys" })).toEqual({ verdict: "no_endpoints" });
    expect(await saying({ ...honest(), authorization_endpoint: "http://login.example/" })).toEqual({ verdict: "not_https" });
    expect(await saying({ ...honest(), authorization_endpoint: "javascript:alert(1)" })).toEqual({ verdict: "not_https" });
    expect(await saying({ ...honest(), code_challenge_methods_supported: ["plain"] })).toEqual({ verdict: "no_s256" });
    expect(await saying({ ...honest(), token_endpoint_auth_methods_supported: ["private_key_jwt"] })).toEqual({
      verdict: "no_client_auth",
    });
    expect(await saying(honest(), { "/keys": json({ keys: [] }) })).toEqual({ verdict: "no_keys" });
    expect(await saying(honest(), { "/token": json({ error: "slow_down" }, 400) })).toEqual({ verdict: "unclear" });
    expect(await saying(honest(), { "/token": json({ message: "who are you" }, 401) })).toEqual({ verdict: "wrong_client" });
    expect(await saying(honest(), { [DISCOVERY]: (_asked, response) => response.end("<h1>Welcome</h1>") })).toEqual({
      verdict: "not_json",
    });
    say = { [DISCOVERY]: json({ ...honest(), token_endpoint_auth_methods_supported: ["client_secret_basic"] }) };
    expect(await tried(registered({ issuer: url, secret: "" }), [place])).toEqual({ verdict: "needs_secret" });
  });

  it("endpoints on a private network that nobody named are not asked, whoever names them", async () => {
    expect(await saying({ ...honest(), jwks_uri: "https://10.1.2.3/keys" })).toEqual({ verdict: "not_allowed", place: "10.1.2.3:443" });
    expect(await saying({ ...honest(), token_endpoint: "https://[::1]:9/token" })).toEqual({ verdict: "not_allowed", place: "[::1]:9" });
    expect(await saying({ ...honest(), token_endpoint: "http://10.1.2.3/token" })).toEqual({ verdict: "not_https" });
  });

  it("refused, silent, broken, moved and not found are one verdict, with nothing of what was answered (S-27)", async () => {
    const closed = createServer();
    await new Promise<void>((done) => closed.listen(0, "127.0.0.1", done));
    const nobody = `127.0.0.1:${(closed.address() as AddressInfo).port}`;
    await new Promise((done) => closed.close(done));
    expect(await tried(registered({ issuer: `http://${nobody}` }), [nobody])).toEqual({ verdict: "unreachable" });
    const whatever: Say[] = [
      (request) => request.socket.destroy(),
      // Silence, until the deadline.
      () => undefined,
      (_, response) => response.writeHead(404).end("An internal page"),
      (_, response) => response.writeHead(500).end("At secret.internal, line 7"),
      (_, response) => response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data" }).end(),
    ];
    for (const answer of whatever) {
      say = { [DISCOVERY]: answer };
      expect(await tried(registered({ issuer: url }), [place])).toEqual({ verdict: "unreachable" });
    }
    expect(await saying(honest(), { "/token": (_, response) => response.writeHead(404).end("An internal page") })).toEqual({
      verdict: "unreachable",
    });
    expect(await saying(honest(), { "/token": json({ error: "invalid_grant" }, 503) })).toEqual({ verdict: "unreachable" });
    expect(await saying(honest(), { "/keys": (_, response) => response.writeHead(500).end() })).toEqual({ verdict: "unreachable" });
  });

  it("GitHub's own errors, which come as HTTP 200, are understood", async () => {
    const github = (error: string) => {
      say = { "/login/oauth/access_token": json({ error, error_description: "In words." }) };
      const endpoints = {
        issuer: "https://github.com",
        authorize: `${url}/authorize`,
        token: `${url}/login/oauth/access_token`,
        profile: url,
      };
      return tried(registered({ id: "1-github", kind: "github", issuer: "" }), [place], { endpoints });
    };
    expect(await github("bad_verification_code")).toEqual({ verdict: "works" });
    expect(await github("incorrect_client_credentials")).toEqual({ verdict: "wrong_client" });
    expect(await github("redirect_uri_mismatch")).toEqual({ verdict: "wrong_redirect" });
    expect(await github("application_suspended")).toEqual({ verdict: "unclear" });
  });
});
