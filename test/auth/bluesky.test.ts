import { createRequire } from "node:module";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Config } from "../../server/config.ts";
import { outbound } from "../../server/outbound.ts";
import { type TestApp, testApp } from "../server/setup.ts";
import { NAMES, openPds, type Pds } from "./pds.ts";
import { openWindow, type Window } from "./window.ts";

let it: TestApp;
let pds: Pds;
const open = async (config: Partial<Config> = {}) => {
  it = await testApp({ config: { bluesky: true, outboundAllow: [pds.place], ...config } });
  // The names of the open Internet lead to the one server of this test; everything else goes the usual way.
  const reach = outbound(it.services.config);
  const led = new Set(Object.values(NAMES));
  it.services.outbound = (address, ask) => {
    const url = new URL(address);
    if (url.protocol !== "https:" || !led.has(url.host)) return reach(address, ask);
    return reach(`http://${pds.place}${url.pathname}${url.search}`, { ...ask, headers: { ...ask?.headers, "x-name": url.host } });
  };
};
beforeEach(async () => {
  pds = await openPds();
  // As their servers do it: what we are is read at the address that is our name.
  pds.clientAt = async (id) => {
    const url = new URL(id);
    if (url.hostname === "localhost")
      return { redirect_uris: url.searchParams.getAll("redirect_uri"), scope: url.searchParams.get("scope") ?? "atproto" };
    const answer = await it.get(url.pathname);
    if (answer.status !== 200 || !answer.headers.get("content-type")?.startsWith("application/json")) return null;
    const said = (await answer.json()) as { client_id: string; redirect_uris: string[]; scope: string };
    return said.client_id === id ? said : null;
  };
});
afterEach(async () => {
  await Promise.all([it.close(), pds.close()]);
});

/** The button on the server's page, pressed by a browser that is led by the same names. */
async function accept(address: string): Promise<URL> {
  const url = new URL(address);
  const answer = await fetch(`http://${pds.place}${url.pathname}${url.search}`, {
    method: "POST",
    redirect: "manual",
    headers: { "x-name": url.host },
  });
  return new URL(answer.headers.get("location") ?? "http://nowhere.example/");
}

async function signIn(window?: Window, said = "@anna.example"): Promise<string> {
  const at = window ?? (await openWindow(it, "bluesky"));
  const back = await accept(await at.say(said));
  const page = await at.ask(back.pathname + back.search);
  if (page.status !== 200) return `refused with ${page.status}`;
  await at.confirm();
  const { step, reader } = await at.finish();
  return `${step}: ${reader?.name} (${reader?.way})`;
}

const ANNA = "done: Anna Figure (Bluesky)";

describe("a reader who signs in with Bluesky", () => {
  test("is asked for the handle, and comes back by name; the token is given back", async () => {
    await open();
    const window = await openWindow(it, "bluesky");
    expect(window.went).toBe("https://comments.example/auth/ask/bluesky");
    expect(await (await window.ask("/auth/ask/bluesky")).text()).toContain("Your Bluesky handle");
    expect(await signIn(window)).toBe(ANNA);
    expect(pds.tokens.size).toBe(0);
    // Pushed first, and again with the server's nonce, as the token.
    expect(pds.asked.filter((line) => line === "POST pds.example/oauth/par")).toHaveLength(2);
    expect(pds.asked.filter((line) => line === "POST pds.example/oauth/token")).toHaveLength(2);
    expect(pds.asked).toContain("POST pds.example/oauth/revoke");
  });

  test("is one person by the DID, and called by the handle where no profile is to be had", async () => {
    await open();
    const subjects: string[] = [];
    const keep = it.services.store.keepAccount.bind(it.services.store);
    it.services.store.keepAccount = (account, subject) => {
      subjects.push(subject);
      return keep(account, subject);
    };
    expect(await signIn()).toBe(ANNA);
    pds.temper.viewless = true;
    expect(await signIn(undefined, pds.did)).toBe("done: anna.example (Bluesky)");
    expect(subjects[1]).toBe(subjects[0]);
  });

  test("of a server on this machine comes back to 127.0.0.1, and from there to the name that the cookie knows", async () => {
    await open({ publicUrl: "http://localhost:8080" });
    const window = await openWindow(it, "bluesky");
    const back = await accept(await window.say("anna.example"));
    expect(back.origin).toBe("http://127.0.0.1:8080");
    const led = await it.app.request(back.href);
    expect(led.headers.get("location")).toBe(`http://localhost:8080${back.pathname}${back.search}`);
    expect((await window.ask(back.pathname + back.search)).status).toBe(200);
  });
});

describe("what does not fit lets nobody in", () => {
  test.each([
    ["a token for somebody whose own server is another", { pds: NAMES.other }],
    ["a token for who is nobody", { sub: "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb" }],
    ["a token that is not of atproto", { scope: "openid" }],
    ["an answer from another issuer", { iss: "https://other-pds.example" }],
    ["an answer from nobody", { iss: "" }],
  ])("%s", async (_, temper) => {
    await open();
    const window = await openWindow(it, "bluesky");
    const address = await window.say("anna.example");
    pds.temper = temper;
    const back = await accept(address);
    expect((await window.ask(back.pathname + back.search)).status).toBe(400);
    expect((await window.finish()).step).toBe("failed");
  });

  test("another state, and an answer that was looked at already", async () => {
    await open();
    const [one, two] = [await openWindow(it, "bluesky"), await openWindow(it, "bluesky")];
    const back = await accept(await one.say("anna.example"));
    await two.say("anna.example");
    // Another's answer in this browser.
    expect((await two.ask(back.pathname + back.search)).status).toBe(400);
    expect((await one.ask(back.pathname + back.search)).status).toBe(200);
    expect((await one.ask(back.pathname + back.search)).status).toBe(400);
  });

  test("a handle that its owner does not claim, or that is none", async () => {
    await open();
    pds.temper.claims = "someone-else.example";
    for (const said of [
      "anna.example",
      "nobody",
      "127.0.0.1",
      "https://127.0.0.1",
      "http://169.254.169.254",
      "did:web:localhost",
      "",
      "x y",
    ]) {
      const answer = await (await openWindow(it, "bluesky")).ask("/auth/ask/bluesky", { said });
      expect([said, answer.status]).toEqual([said, 400]);
      expect(await answer.text()).toContain("Nobody could be reached there.");
    }
  });
});

test("what we are stands at our own address, where Bluesky is on, and holds by the rules of their library", async () => {
  await open();
  const answer = await it.get("/oauth/client-metadata.json");
  const said = (await answer.json()) as Record<string, unknown>;
  expect(said).toMatchObject({
    client_id: "https://comments.example/oauth/client-metadata.json",
    redirect_uris: ["https://comments.example/auth/callback/bluesky"],
    scope: "atproto",
    dpop_bound_access_tokens: true,
  });
  const { oauthClientMetadataSchema } = createRequire(createRequire(import.meta.url).resolve("@atproto/oauth-client-node"))(
    "@atproto/oauth-types",
  ) as { oauthClientMetadataSchema: { parse(value: unknown): unknown } };
  expect(oauthClientMetadataSchema.parse(said)).toBeTruthy();
  it.services.config.bluesky = false;
  expect((await it.get("/oauth/client-metadata.json")).status).toBe(404);
});
