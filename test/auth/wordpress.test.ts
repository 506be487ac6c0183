import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { danced } from "../../server/auth/dance.ts";
import { tryWay } from "../../server/auth/try-way.ts";
import { wordpress } from "../../server/auth/wordpress.ts";
import { outbound } from "../../server/outbound.ts";
import { type TestApp, testApp } from "../server/setup.ts";
import { backFrom, CLIENT } from "./listening.ts";
import { failures, offer, signIn } from "./offered.ts";
import { openWindow } from "./window.ts";
import { openWordpress, type WordpressWire } from "./wordpress-wire.ts";

let it: TestApp;
let wire: WordpressWire;
beforeEach(async () => {
  wire = await openWordpress();
  it = await testApp({ config: { outboundAllow: [wire.place] } });
  it.services.outbound = outbound(it.services.config, 1_000);
});
afterEach(async () => {
  await Promise.all([it.close(), wire.close()]);
});

const data = () => ({ ...wordpress(wire.url), ...CLIENT, id: "wordpress", label: "WordPress.com" });
const IN = "done: Anna Figure (WordPress.com)";
const ANNA = {
  subject: "ID 78972699",
  name: "Anna Figure",
  email: "anna@reader.example",
  emailVerified: true,
  picture: "https://0.gravatar.com/avatar/e8a1?s=96&d=identicon",
  handle: "annafigure",
  url: "https://gravatar.com/annafigure",
};

// With OpenID Connect it is held against a certified issuer, in certified.test.ts.
describe("WordPress.com where it has no OpenID Connect", () => {
  test.each([
    ["not found", { status: 404, type: "text/html", body: "" }],
    ["forbidden", { status: 403, type: "application/json", body: `{"error":"unauthorized"}` }],
    ["moved", { status: 301, type: "text/html", body: "" }],
    ["a page", { status: 200, type: "text/html", body: "<h1>Welcome</h1>" }],
  ])("is spoken with as it always was, when its discovery is %s", async (_, discovery) => {
    const told = offer(it, [danced(data())]);
    wire.discovery = discovery;
    expect(await signIn(it, "wordpress")).toBe(IN);
    expect(told).toEqual([ANNA]);
  });

  test("is asked for who the reader is, and for no blog", async () => {
    offer(it, [danced(data())]);
    const { state, ...rest } = Object.fromEntries(new URL((await openWindow(it, "wordpress")).went).searchParams);
    expect(state?.length).toBe(89);
    expect(rest).toEqual({
      client_id: CLIENT.client,
      redirect_uri: "https://comments.example/auth/callback/wordpress",
      response_type: "code",
      scope: "auth",
    });
  });

  test("lets nobody in who said no, with another's state, or a second time by one answer", async () => {
    offer(it, [danced(data())]);
    const [window, other] = [await openWindow(it, "wordpress"), await openWindow(it, "wordpress")];
    const back = await backFrom(window.went);
    expect((await other.ask(back)).status).toBe(400);
    expect((await window.ask(back)).status).toBe(200);
    expect((await window.ask(back)).status).toBe(400);
    wire.denies = true;
    expect(await signIn(it, "wordpress")).toBe("refused with 400: failed");
    wire.denies = false;
    wire.me["ID"] = "78972699";
    expect(await signIn(it, "wordpress")).toBe("refused with 400: failed");
  });

  test("is answered in the way in which it was asked, also when the other comes up meanwhile", async () => {
    offer(it, [danced(data())]);
    const window = await openWindow(it, "wordpress");
    const back = await backFrom(window.went);
    const said = { issuer: wire.url, authorization_endpoint: `${wire.url}/a`, token_endpoint: `${wire.url}/t`, jwks_uri: `${wire.url}/k` };
    wire.discovery = { status: 200, type: "application/json", body: JSON.stringify(said) };
    expect((await window.ask(back)).status).toBe(200);
    expect(new URL((await openWindow(it, "wordpress")).went).pathname).toBe("/a");
  });

  test("can be tried by its owner", async () => {
    const { outbound: ask, now, log } = it.services;
    const redirectUri = "https://comments.example/auth/callback/wordpress";
    const trial = (secret: string) => tryWay({ provider: { ...data(), secret }, outbound: ask, redirectUri, now, log }, [wire.place]);
    expect(await trial(CLIENT.secret)).toEqual({ verdict: "works" });
    expect(await trial("another")).toEqual({ verdict: "wrong_client" });
  });
});

test.each([
  ["broken", 500, "application/json", "{}"],
  ["busy", 429, "text/html", ""],
  ["another's", 200, "application/json", `{"issuer":"https://evil.example"}`],
  ["nonsense", 200, "application/json", "<h1>"],
])(
  "WordPress.com of which the discovery is %s is not taken for one without: nobody signs in as somebody else that day",
  async (_, status, type, body) => {
    offer(it, [danced(data())]);
    wire.discovery = { status, type, body };
    expect(await signIn(it, "wordpress")).toBe("did not go");
    expect(wire.asked).not.toContain("GET /oauth2/authorize");
    expect(failures(it)).toHaveLength(1);
  },
);
