import { createHmac, createPublicKey } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { danced } from "../../server/auth/dance.ts";
import { google } from "../../server/auth/google.ts";
import { oidc } from "../../server/auth/oidc.ts";
import { outbound } from "../../server/outbound.ts";
import { type TestApp, testApp } from "../server/setup.ts";
import { CLIENT, type Exchange, listen, type Listening } from "./listening.ts";
import { hs256, type Lie, type LyingIssuer, newKey, openLyingIssuer, rs256 } from "./lying-issuer.ts";
import { failures, offer, signIn } from "./offered.ts";
import { openWindow } from "./window.ts";

let it: TestApp;
let issuer: LyingIssuer;
let inside: Listening;
beforeEach(async () => {
  [issuer, inside] = await Promise.all([openLyingIssuer(), listen(({ response }) => response.end("secret"))]);
  it = await testApp({ config: { outboundAllow: [issuer.place] } });
  // What never answers is given up soon enough for a test.
  it.services.outbound = outbound(it.services.config, 1_000);
  offer(it, [danced({ ...oidc(), ...CLIENT, id: "work", label: "Work", issuer: issuer.url })]);
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all([it.close(), issuer.close(), inside.close()]);
});

const come = () => signIn(it, "work", async ({ went }) => issuer.meet(went));
const ANNA = "done: Anna Figure (Work)";
const REFUSED = "refused with 400: failed";
const cause = () => failures(it).at(-1)?.["cause"];

describe("an issuer that is believed", () => {
  test("signs with its key for us, this sign-in and this minute", async () => {
    expect(await come()).toBe(ANNA);
  });

  test("may have a clock that is up to a minute wrong, and no more", async () => {
    const at = (seconds: number): Lie => ({
      claims: { iat: Math.floor(Date.now() / 1_000) + seconds, exp: Math.floor(Date.now() / 1_000) + seconds + 10 },
    });
    for (const [seconds, outcome] of [
      [-60, ANNA],
      [-120, REFUSED],
    ] as const) {
      issuer.lie = at(seconds);
      expect([seconds, await come()]).toEqual([seconds, outcome]);
    }
    expect(cause()).toBe("OAUTH_JWT_TIMESTAMP_CHECK_FAILED");
    for (const [seconds, outcome] of [
      [50, ANNA],
      [90, REFUSED],
    ] as const) {
      const from = Math.floor(Date.now() / 1_000) + seconds;
      issuer.lie = { claims: { nbf: from, exp: from + 60 } };
      expect([seconds, await come()]).toEqual([seconds, outcome]);
    }
  });

  test("has a key that we did not know yet: it is asked for its keys again", async () => {
    expect(await come()).toBe(ANNA);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 90_000 });
    issuer.keys.push(newKey());
    issuer.lie = { header: { kid: "key 1" }, sign: rs256(issuer.keys[1]!) };
    expect(await come()).toBe(ANNA);
    expect(issuer.asked.filter((line) => line === "GET /keys")).toHaveLength(2);
  });

  test("is Google under either of its names, and nobody else is", async () => {
    const told = offer(it, [danced({ ...google, ...CLIENT, id: "google", label: "Google", issuer: issuer.url, issuerAlso: issuer.place })]);
    const asGoogle = () => signIn(it, "google", async ({ went }) => issuer.meet(went));
    for (const iss of [issuer.url, issuer.place]) {
      issuer.lie = { claims: { iss } };
      expect([iss, await asGoogle()]).toEqual([iss, "done: Anna Figure (Google)"]);
    }
    expect(told.map(({ subject }) => subject)).toEqual(["anna", "anna"]);
    for (const iss of [`${issuer.url}/`, "accounts.google.com.evil.example", undefined, [issuer.place]]) {
      issuer.lie = { claims: { iss } };
      expect([iss, await asGoogle()]).toEqual([iss, REFUSED]);
    }
  });
});

describe("a token gets nobody in", () => {
  const lies: [string, () => Lie][] = [
    ["without a signature", () => ({ header: { alg: "none" }, sign: () => "" })],
    [
      "signed with the issuer's public key as if it were a secret",
      () => ({ header: { alg: "HS256" }, sign: hs256(createPublicKey(issuer.keys[0]!)) }),
    ],
    [
      "signed with our own secret, which the issuer knows",
      () => ({ header: { alg: "HS256" }, sign: (text) => hs256ByText(CLIENT.secret, text) }),
    ],
    ["signed with somebody's key under the issuer's name", () => ({ sign: rs256(newKey()) })],
    ["signed with a key that it does not have", () => ({ header: { kid: "another" }, sign: rs256(newKey()) })],
    [
      "with a key of its own in the header",
      () => ({ header: { jwk: newKey().export({ format: "jwk" }), kid: undefined }, sign: rs256(newKey()) }),
    ],
    ["with a header that has to be understood", () => ({ header: { crit: ["b64"], b64: false } })],
    ["by another issuer", () => ({ claims: { iss: "https://evil.example" } })],
    ["by none", () => ({ claims: { iss: undefined } })],
    ["for another client", () => ({ claims: { aud: "another" } })],
    ["for none", () => ({ claims: { aud: undefined } })],
    ["for several, and given to another", () => ({ claims: { aud: [CLIENT.client, "another"], azp: "another" } })],
    ["of another sign-in", () => ({ claims: { nonce: "another" } })],
    ["of no sign-in", () => ({ claims: { nonce: undefined } })],
    ["about nobody", () => ({ claims: { sub: "" } })],
    ["without an end", () => ({ claims: { exp: undefined } })],
    ["about somebody without end", () => ({ claims: { sub: "x".repeat(501) } })],
    ["that is none", () => ({ sign: () => "\u0000" })],
  ];
  test.each(lies)("%s", async (_, lie) => {
    issuer.lie = lie();
    expect(await come()).toBe(REFUSED);
    expect(failures(it)).toHaveLength(1);
    issuer.lie = {};
    expect(await come()).toBe(ANNA);
  });

  test("when the issuer's own word of the person is about another", async () => {
    issuer.lie = { claims: { name: undefined } };
    issuer.instead["/userinfo"] = ({ json }) => json(200, { sub: "berta", name: "Berta" });
    expect(await come()).toBe(REFUSED);
  });
});

const hs256ByText = (secret: string, text: string) => createHmac("sha256", secret).update(text).digest("base64url");

describe("an issuer that fails is survived: one sentence for the reader, a line in the log", () => {
  const sendsTo = (place: string) => (exchange: Exchange) => exchange.response.writeHead(302, { location: `http://${place}/` }).end();
  const bomb = gzipSync(Buffer.alloc(5_000_000));
  const faults: [string, (exchange: Exchange) => unknown][] = [
    ["slow", () => undefined],
    ["cut off", ({ response }) => response.destroy()],
    ["broken", ({ response }) => response.writeHead(500).end("Traceback")],
    ["huge", ({ response }) => response.writeHead(200, { "content-type": "application/json" }).end(`{"x":"${"x".repeat(1_000_001)}"}`)],
    ["a bomb", ({ response }) => response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(bomb)],
    ["HTML", ({ response }) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>Maintenance</h1>")],
    [
      "HTML that is called JSON",
      ({ response }) => response.writeHead(200, { "content-type": "application/json" }).end("<h1>Maintenance</h1>"),
    ],
    ["null", ({ json }) => json(200, null)],
    ["a list", ({ json }) => json(200, [])],
    ["sent on to our own network", (exchange) => sendsTo(inside.place)(exchange)],
  ];
  describe.each(faults)("%s", (_, fault) => {
    test.each([
      ["/.well-known/openid-configuration", "did not go"],
      ["/token", REFUSED],
      ["/keys", REFUSED],
      ["/userinfo", REFUSED],
    ])("at %s", async (path, outcome) => {
      issuer.lie = { claims: { name: undefined } };
      issuer.instead[path] = fault;
      expect(await come()).toBe(outcome);
      expect(inside.asked).toEqual([]);
      expect(failures(it)).toEqual([{ provider: "work", error: expect.any(String), cause: expect.any(String) }]);
      expect(it.lines.filter(({ level }) => level === "error")).toEqual([]);
      expect(JSON.stringify(it.lines)).not.toMatch(/Traceback|Maintenance|a token of|a code/);
      delete issuer.instead[path];
      expect(await come()).toBe(ANNA);
    });
  });

  test("down: the window says so, and so it does with an issuer that is another one's", async () => {
    issuer.description = { issuer: "https://evil.example" };
    const window = await openWindow(it, "work");
    expect(window.went).toBe("");
    const page = await window.ask(`/auth/go/${window.request}`);
    expect([page.status, page.headers.get("content-type")]).toEqual([400, "text/html; charset=utf-8"]);
    expect(await page.text()).toContain("<h1>This sign-in did not work.</h1>");
    expect(cause()).toBe("OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED");
    await issuer.close();
    expect((await window.ask(`/auth/go/${window.request}`)).status).toBe(400);
    expect(failures(it).at(-1)).toEqual({ provider: "work", error: "OutboundError", cause: "ECONNREFUSED" });
  });

  test("with a way to sign in that leads nowhere a browser should go", async () => {
    for (const authorization_endpoint of ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "/authorize", 7, undefined]) {
      issuer.description = { authorization_endpoint };
      expect(await come()).toBe("did not go");
    }
  });
});
