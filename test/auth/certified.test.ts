import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { danced } from "../../server/auth/dance.ts";
import { google } from "../../server/auth/google.ts";
import { oidc } from "../../server/auth/oidc.ts";
import { wordpress } from "../../server/auth/wordpress.ts";
import { type TestApp, testApp } from "../server/setup.ts";
import { backFrom, CLIENT } from "./listening.ts";
import { failures, offer, signIn } from "./offered.ts";
import { openQuickIssuer, type QuickIssuer } from "./quick-issuer.ts";
import { openWindow } from "./window.ts";

const callback = (id: string) => `https://comments.example/auth/callback/${id}`;
const ANNA = { name: "Anna Figure", email: "anna@issuer.example", emailVerified: true };
/** As Google and WordPress.com do it: the claims are in the token, and the secret in the body. */
const IN_TOKEN = { conformIdTokenClaims: false };

let it: TestApp;
let issuer: QuickIssuer;
beforeEach(async () => {
  issuer = await openQuickIssuer();
  it = await testApp({ config: { outboundAllow: [issuer.place] } });
});
afterEach(async () => {
  vi.useRealTimers();
  await it.close();
  await issuer.close();
});

const offerAll = () =>
  offer(it, [
    danced({ ...oidc(), ...CLIENT, id: "work", label: "Work", issuer: issuer.url }),
    danced({ ...google, ...CLIENT, id: "google", label: "Google", issuer: issuer.url }),
    danced({ ...wordpress(issuer.url), ...CLIENT, id: "wordpress", label: "WordPress.com" }),
  ]);

describe.each([
  ["work", "Work", {}],
  ["google", "Google", IN_TOKEN],
  ["wordpress", "WordPress.com", IN_TOKEN],
] as const)("with a certified issuer, as %s", (id, label, more) => {
  beforeEach(() => issuer.open(callback(id), more));

  test("a reader signs in, and is one person however often", async () => {
    const told = offerAll();
    issuer.reader!.claims["picture"] = "https://issuer.example/anna.png";
    issuer.reader!.claims["preferred_username"] = "@anna";
    issuer.reader!.claims["profile"] = "https://issuer.example/anna";
    for (let n = 0; n < 2; n++) expect(await signIn(it, id)).toBe(`done: Anna Figure (${label})`);
    const whole = { ...ANNA, picture: "https://issuer.example/anna.png", handle: "anna", url: "https://issuer.example/anna" };
    expect(told).toEqual([0, 1].map(() => ({ subject: "anna", ...whole })));
  });

  test("the reader is sent with S256, a nonce, a state, and no more than is needed", async () => {
    offerAll();
    const { searchParams } = new URL((await openWindow(it, id)).went);
    const { state, nonce, code_challenge, ...rest } = Object.fromEntries(searchParams);
    expect([state?.length, nonce?.length, code_challenge?.length]).toEqual([89, 43, 43]);
    expect(rest).toEqual({
      client_id: CLIENT.client,
      redirect_uri: callback(id),
      response_type: "code",
      code_challenge_method: "S256",
      scope: "openid profile email",
      ...(id === "google" && { prompt: "select_account" }),
    });
  });

  test("who says no is a guest again", async () => {
    offerAll();
    issuer.reader = null;
    expect(await signIn(it, id)).toBe("refused with 400: failed");
    expect(failures(it)).toEqual([{ provider: id, error: "AuthorizationResponseError", cause: "OAUTH_AUTHORIZATION_RESPONSE_ERROR" }]);
  });

  test("an e-mail that nobody vouches for stays one, and one that is absent is no fault", async () => {
    const told = offerAll();
    issuer.reader!.claims["email_verified"] = false;
    expect(await signIn(it, id)).toBe(`done: Anna Figure (${label})`);
    issuer.reader!.claims = { name: "Anna Figure" };
    expect(await signIn(it, id)).toBe(`done: Anna Figure (${label})`);
    expect(told.map(({ email, emailVerified }) => [email, emailVerified])).toEqual([
      ["anna@issuer.example", false],
      ["", false],
    ]);
  });

  test("another's state, none, and an answer that came once already are refused", async () => {
    offerAll();
    const window = await openWindow(it, id);
    const back = await backFrom(window.went);
    const other = await openWindow(it, id);
    expect((await other.ask(back)).status).toBe(400);
    expect((await window.ask(back)).status).toBe(200);
    expect((await window.ask(back)).status).toBe(400);
    const without = await openWindow(it, id);
    expect((await without.ask((await backFrom(without.went)).replace(/state=[^&]*/, ""))).status).toBe(400);
    expect((await without.finish()).step).toBe("failed");
  });

  test("a code that was used, or was given for another sign-in, is worth nothing", async () => {
    offerAll();
    const first = await openWindow(it, id);
    const used = await backFrom(first.went);
    expect((await first.ask(used)).status).toBe(200);
    for (const again of [used, await backFrom((await openWindow(it, id)).went)]) {
      const window = await openWindow(it, id);
      const code = new URL(again, issuer.url).searchParams.get("code")!;
      const back = (await backFrom(window.went)).replace(/code=[^&]*/, `code=${code}`);
      expect((await window.ask(back)).status).toBe(400);
      expect((await window.finish()).step).toBe("failed");
    }
    expect(failures(it).map(({ cause }) => cause)).toEqual(["OAUTH_RESPONSE_BODY_ERROR", "OAUTH_RESPONSE_BODY_ERROR"]);
  });

  test("an answer that names another issuer, or none where it always does, is refused", async () => {
    offerAll();
    for (const change of [
      (back: string) => back.replace(/iss=[^&]*/, "iss=https%3A%2F%2Fevil.example"),
      (back: string) => back.replace(/&iss=[^&]*/, ""),
    ]) {
      expect(await signIn(it, id, async ({ went }) => change(await backFrom(went)))).toBe("refused with 400: failed");
    }
    expect(failures(it).map(({ cause }) => cause)).toEqual(["OAUTH_INVALID_RESPONSE", "OAUTH_INVALID_RESPONSE"]);
  });

  test("an answer at another provider's address is refused", async () => {
    offerAll();
    const other = id === "work" ? "google" : "work";
    expect(await signIn(it, id, async ({ went }) => (await backFrom(went)).replace(`/${id}?`, `/${other}?`))).toBe(
      "refused with 400: waiting",
    );
  });
});

test("who has changed its keys is asked for them again, and a reader notices nothing", async () => {
  offerAll();
  issuer.open(callback("work"));
  expect(await signIn(it, "work")).toBe("done: Anna Figure (Work)");
  const read = () => issuer.asked.filter((line) => line === "GET /jwks").length;
  expect(await signIn(it, "work")).toBe("done: Anna Figure (Work)");
  expect(read()).toBe(1);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 120_000 });
  issuer.open(callback("work"));
  expect(await signIn(it, "work")).toBe("done: Anna Figure (Work)");
  expect(read()).toBe(2);
});

test("discovery is read once an hour, and anew after a sign-in that failed", async () => {
  offerAll();
  issuer.open(callback("work"));
  const read = () => issuer.asked.filter((line) => line.endsWith("/.well-known/openid-configuration")).length;
  for (let n = 0; n < 3; n++) await signIn(it, "work");
  expect(read()).toBe(1);
  it.pass(3_600_000);
  await signIn(it, "work", async () => "/auth/callback/work?error=server_error");
  expect(read()).toBe(2);
  await signIn(it, "work");
  expect(read()).toBe(3);
});

test("one that is told of under other names of its claims is understood", async () => {
  const claims = { name: "display", email: "mail", emailVerified: "mail_ok" };
  const told = offer(it, [danced({ ...oidc(claims), ...CLIENT, id: "work", label: "Work", issuer: issuer.url })]);
  issuer.open(callback("work"), { claims: { openid: ["sub"], profile: ["display"], email: ["mail", "mail_ok"] } });
  issuer.reader!.claims = { display: "Anna Figure", mail: "anna@issuer.example", mail_ok: "true", name: "ignored" };
  expect(await signIn(it, "work")).toBe("done: Anna Figure (Work)");
  expect(told).toEqual([{ subject: "anna", ...ANNA, picture: "", handle: "", url: "" }]);
});

test("where a token can be taken back, it is", async () => {
  offerAll();
  issuer.open(callback("work"), { features: { revocation: { enabled: true } } });
  expect(await signIn(it, "work")).toBe("done: Anna Figure (Work)");
  expect(issuer.asked.at(-1)).toBe("POST /token/revocation");
  expect(it.lines.filter(({ level }) => level === "warn")).toEqual([]);
});
