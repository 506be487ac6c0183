import { afterEach, beforeEach, expect, test } from "vitest";
import { danced } from "../../server/auth/dance.ts";
import { x } from "../../server/auth/x.ts";
import { type TestApp, testApp } from "../server/setup.ts";
import { backFrom, CLIENT } from "./listening.ts";
import { failures, offer, signIn } from "./offered.ts";
import { openWindow } from "./window.ts";
import { openX, type XWire } from "./x-wire.ts";

let it: TestApp;
let wire: XWire;
beforeEach(async () => {
  wire = await openX();
  it = await testApp({ config: { outboundAllow: [wire.place] } });
});
afterEach(async () => {
  await Promise.all([it.close(), wire.close()]);
});

const offerX = (email = false) => offer(it, [danced({ ...x({ email, base: wire.url, api: wire.url }), ...CLIENT, id: "x", label: "X" })]);
const ANNA = {
  subject: "2244994945",
  name: "Anna Figure",
  email: "",
  emailVerified: false,
  picture: "https://pbs.twimg.com/profile_images/1/anna_400x400.jpg",
  handle: "annafigure",
  url: "https://x.com/annafigure",
};

test("a reader of X signs in by PKCE and Basic, without an e-mail, and the token is taken back", async () => {
  const told = offerX();
  expect(await signIn(it, "x")).toBe("done: Anna Figure (X)");
  expect(told).toEqual([ANNA]);
  expect(wire.tokens.size).toBe(0);
  expect(wire.asked).toEqual(["GET /i/oauth2/authorize", "POST /2/oauth2/token", "GET /2/users/me", "POST /2/oauth2/revoke"]);
});

test("where it is asked for, a confirmed e-mail counts as verified; who has none is let in all the same", async () => {
  const told = offerX(true);
  wire.email = "anna@reader.example";
  expect(await signIn(it, "x")).toBe("done: Anna Figure (X)");
  wire.email = "";
  expect(await signIn(it, "x")).toBe("done: Anna Figure (X)");
  expect(told).toEqual([{ ...ANNA, email: "anna@reader.example", emailVerified: true }, ANNA]);
});

test("a code is used within its 30 seconds; after them it is worth nothing", async () => {
  offerX();
  wire.late = 29;
  expect(await signIn(it, "x")).toBe("done: Anna Figure (X)");
  wire.late = 31;
  expect(await signIn(it, "x")).toBe("refused with 400: failed");
  expect(failures(it)).toEqual([{ provider: "x", error: "ResponseBodyError", cause: "OAUTH_RESPONSE_BODY_ERROR" }]);
});

test("the state is one that X takes, and names nobody", async () => {
  offerX();
  const state = new URL((await openWindow(it, "x")).went).searchParams.get("state")!;
  expect(state.length).toBeLessThanOrEqual(500);
});

test("should X begin to name itself in its answers, readers get in all the same", async () => {
  offerX();
  const named = async ({ went }: { went: string }) => `${await backFrom(went)}&iss=https%3A%2F%2Fapi.x.com`;
  expect(await signIn(it, "x", named)).toBe("done: Anna Figure (X)");
});

test("who says no, and a profile that is refused or is none, get nobody in; the token is taken back", async () => {
  offerX();
  wire.denies = true;
  expect(await signIn(it, "x")).toBe("refused with 400: failed");
  wire.denies = false;
  for (const instead of [
    { status: 403, body: { title: "Client Forbidden", reason: "client-not-enrolled" } },
    { status: 429, body: { title: "UsageCapExceeded" } },
    { status: 200, body: { errors: [{ title: "Not Found Error" }] } },
    { status: 200, body: { data: { name: "Anna Figure", username: "annafigure" } } },
  ]) {
    wire.instead = instead;
    expect(await signIn(it, "x")).toBe("refused with 400: failed");
  }
  expect(wire.tokens.size).toBe(0);
  expect(failures(it)).toHaveLength(5);
});

test("another's state, an answer that came once, and a wrong secret are refused", async () => {
  offerX();
  const [window, other] = [await openWindow(it, "x"), await openWindow(it, "x")];
  const back = await backFrom(window.went);
  expect((await other.ask(back)).status).toBe(400);
  expect((await window.ask(back)).status).toBe(200);
  expect((await window.ask(back)).status).toBe(400);
  offer(it, [danced({ ...x({ email: false, base: wire.url, api: wire.url }), ...CLIENT, secret: "another", id: "x", label: "X" })]);
  expect(await signIn(it, "x")).toBe("refused with 400: failed");
});
