import { afterEach, beforeEach, expect, test } from "vitest";
import { danced } from "../../server/auth/dance.ts";
import { facebook } from "../../server/auth/facebook.ts";
import { type TestApp, testApp } from "../server/setup.ts";
import { type FacebookWire, openFacebook } from "./facebook-wire.ts";
import { backFrom, CLIENT } from "./listening.ts";
import { failures, offer, signIn } from "./offered.ts";
import { openWindow } from "./window.ts";

let it: TestApp;
let wire: FacebookWire;
beforeEach(async () => {
  wire = await openFacebook();
  it = await testApp({ config: { outboundAllow: [wire.place] } });
});
afterEach(async () => {
  await Promise.all([it.close(), wire.close()]);
});

const offerFacebook = ({ version = it.services.config.facebookVersion, secret = CLIENT.secret } = {}) =>
  offer(it, [danced({ ...facebook({ version, base: wire.url, graph: wire.url }), ...CLIENT, secret, id: "facebook", label: "Facebook" })]);
const ANNA = {
  subject: "10158000000000001",
  name: "Anna Figure",
  email: "anna@reader.example",
  // Facebook does not say.
  emailVerified: false,
  picture: "https://platform-lookaside.fbsbx.com/platform/anna.jpg",
  handle: "",
  url: "",
};

test("a reader of Facebook signs in by secret and state, with a proof of the secret beside the token", async () => {
  const told = offerFacebook();
  expect(await signIn(it, "facebook")).toBe("done: Anna Figure (Facebook)");
  expect(told).toEqual([ANNA]);
  expect(wire.asked).toEqual(["GET /v24.0/dialog/oauth", "POST /v24.0/oauth/access_token", "GET /v24.0/me"]);
});

test("who gave no e-mail and has no picture but Facebook's is let in without both", async () => {
  const told = offerFacebook();
  wire.person = { id: ANNA.subject, name: ANNA.name };
  wire.silhouette = true;
  expect(await signIn(it, "facebook")).toBe("done: Anna Figure (Facebook)");
  expect(told).toEqual([{ ...ANNA, email: "", picture: "" }]);
});

test("who says no is a guest again", async () => {
  offerFacebook();
  wire.denies = true;
  expect(await signIn(it, "facebook")).toBe("refused with 400: failed");
  expect(failures(it)).toEqual([
    { provider: "facebook", error: "AuthorizationResponseError", cause: "OAUTH_AUTHORIZATION_RESPONSE_ERROR" },
  ]);
});

test("a wrong secret, a version that is no more, another's state and an answer that came once get nobody in", async () => {
  offerFacebook({ secret: "another" });
  expect(await signIn(it, "facebook")).toBe("refused with 400: failed");
  offerFacebook({ version: "v17.0" });
  expect(await signIn(it, "facebook", async () => "/auth/callback/facebook?code=x")).toBe("refused with 400: failed");
  offerFacebook();
  const [window, other] = [await openWindow(it, "facebook"), await openWindow(it, "facebook")];
  const back = await backFrom(window.went);
  expect((await other.ask(back)).status).toBe(400);
  expect((await window.ask(back)).status).toBe(200);
  expect((await window.ask(back)).status).toBe(400);
});
