import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../server/setup.ts";
import { type MastodonAt, openMastodon } from "./mastodon.ts";
import { ANNA, authorize, signIn } from "./mastodon-sign-in.ts";
import { openWindow } from "./window.ts";

let it: TestApp;
let home: MastodonAt;
beforeEach(async () => {
  home = await openMastodon();
  it = await testApp({ config: { mastodon: true, outboundAllow: [home.place] } });
});
afterEach(async () => {
  await Promise.all([it.close(), home.close()]);
});

describe("our app at a server", () => {
  test("is registered once, and lies in the database as nobody can read it", async () => {
    expect([await signIn(it, home.url), await signIn(it, home.url)]).toEqual([ANNA, ANNA]);
    expect(home.asked.filter((line) => line === "POST /api/v1/apps")).toHaveLength(1);
    const [client, { secret }] = [...home.apps][0]!;
    const kept = await it.services.store.value(`mastodon_app ${home.url} https://comments.example/auth/callback/mastodon`);
    expect(kept).toBeTruthy();
    for (const text of [client, secret]) expect(Buffer.from(kept!, "base64url").includes(text)).toBe(false);
  });

  test("is registered anew where it was forgotten", async () => {
    expect(await signIn(it, home.url)).toBe(ANNA);
    home.apps.clear();
    home.tokens.clear();
    expect(await signIn(it, home.url)).toBe(ANNA);
    expect(home.apps.size).toBe(1);
  });

  test("of which the server forgets while the reader is there lets nobody in; the next time it is another", async () => {
    const window = await openWindow(it, "mastodon");
    const back = await authorize(await window.say(home.url));
    home.apps.clear();
    expect((await window.ask(back)).status).toBe(400);
    expect(await signIn(it, home.url)).toBe(ANNA);
  });

  test("is used by none who has another key", async () => {
    expect(await signIn(it, home.url)).toBe(ANNA);
    const { keys } = it.services;
    it.services.keys = { ...keys, open: () => null };
    const window = await openWindow(it, "mastodon");
    expect(await window.say(home.url)).toBe("");
    it.services.keys = keys;
    expect(await signIn(it, home.url)).toBe(ANNA);
  });

  test("is registered at so many new servers in an hour, and no more", async () => {
    while ((await it.services.store.takeTurns(0, [{ key: "mastodon apps", every: 60_000, burst: 60 }])) === 0);
    expect((await (await openWindow(it, "mastodon")).ask("/auth/ask/mastodon", { said: home.url })).status).toBe(400);
    expect(home.apps.size).toBe(0);
  });
});

describe("two servers on one database", () => {
  test("who register at the same time end with one app, which both use", async () => {
    const first = await testApp({ engine: "postgres", config: { mastodon: true, outboundAllow: [home.place] } });
    const second = await testApp({ beside: first, config: { mastodon: true, outboundAllow: [home.place] } });
    // Nobody is answered before both have asked.
    let waiting: (() => void)[] = [];
    home.temper.instead = (request, response) => {
      if (request.url !== "/api/v1/apps" || waiting.length >= 2) return false;
      const client = `app-${waiting.length}`;
      home.apps.set(client, { secret: "s", redirectUris: ["https://comments.example/auth/callback/mastodon"], scopes: ["profile"] });
      waiting.push(() =>
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ client_id: client, client_secret: "s" })),
      );
      if (waiting.length === 2) for (const go of waiting) go();
      return true;
    };
    const windows = await Promise.all([openWindow(first, "mastodon"), openWindow(first, "mastodon", second)]);
    const addresses = await Promise.all(windows.map((window) => window.say(home.url)));
    const clients = addresses.map((address) => new URL(address).searchParams.get("client_id"));
    expect(clients[0]).toMatch(/^app-[01]$/);
    expect(clients[1]).toBe(clients[0]);
    // What one began the other ends.
    const page = await windows[1]!.ask(await authorize(addresses[1]!));
    expect(await page.text()).toContain("Continue as Anna Figure on Blog?");
    waiting = [];
    await second.close();
    await first.close();
  });
});
