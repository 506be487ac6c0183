import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { OutboundError } from "../../server/outbound.ts";
import { type TestApp, testApp } from "../server/setup.ts";
import { description, type MastodonAt, openMastodon } from "./mastodon.ts";
import { ANNA, authorize, signIn } from "./mastodon-sign-in.ts";
import { openWindow } from "./window.ts";

let it: TestApp;
let home: MastodonAt;
let other: MastodonAt;
beforeEach(async () => {
  [home, other] = await Promise.all([openMastodon(), openMastodon()]);
  it = await testApp({ config: { mastodon: true, outboundAllow: [home.place, other.place] } });
});
afterEach(async () => {
  await Promise.all([it.close(), home.close(), other.close()]);
});

describe("a reader who signs in with Mastodon", () => {
  test("is asked for the server, and comes back by its name without the codes of pictures; the token is given back", async () => {
    const window = await openWindow(it, "mastodon");
    expect(window.went).toBe("https://comments.example/auth/ask/mastodon");
    const page = await (await window.ask("/auth/ask/mastodon")).text();
    expect(page).toContain("Your Mastodon server or handle");
    expect(await signIn(it, home.url, window)).toBe(ANNA);
    expect([...home.tokens.values()].filter(({ user }) => user !== "")).toEqual([]);
    expect(home.asked).toEqual([
      "GET /.well-known/oauth-authorization-server",
      "POST /api/v1/apps",
      "POST /oauth/token",
      "POST /oauth/authorize",
      "POST /oauth/token",
      "GET /oauth/userinfo",
      "POST /oauth/revoke",
    ]);
    expect(await (await (await openWindow(it, "mastodon")).ask("/auth/ask/mastodon")).status).toBe(200);
  });

  test("finds the server of the last time in the field, in the same browser", async () => {
    const window = await openWindow(it, "mastodon");
    await window.say(home.url);
    expect(await (await window.ask("/auth/ask/mastodon")).text()).toContain(`value="${home.url}"`);
  });

  test("is asked for the least: the scope profile, or read:accounts where that is not known, with PKCE", async () => {
    for (const [version, scope, at] of [
      ["4.4", "profile", home],
      ["4.1", "read:accounts", other],
    ] as const) {
      at.temper = { version };
      const asked = new URL(await (await openWindow(it, "mastodon")).say(at.url)).searchParams;
      expect(asked.get("scope")).toBe(scope);
      expect(asked.get("code_challenge_method")).toBe("S256");
      expect([...at.apps.values()].map(({ scopes }) => scopes)).toEqual([[scope]]);
    }
  });

  test.each(["4.3", "4.1"] as const)("of a server of version %s is known by verify_credentials", async (version) => {
    home.temper = { version };
    expect(await signIn(it, home.url)).toBe(ANNA);
    expect(home.asked).toContain("GET /api/v1/accounts/verify_credentials");
    expect(home.asked).not.toContain("GET /oauth/userinfo");
  });

  test("of a server that answers with a page where it has nothing to say is known all the same", async () => {
    home.temper = { version: "4.1" };
    home.temper.instead = (request, response) => {
      if (!request.url?.startsWith("/.well-known/")) return false;
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<!doctype html><title>A server</title>");
      return true;
    };
    expect(await signIn(it, home.url)).toBe(ANNA);
  });

  test("is one person, whichever of the two tells, and another on another server", async () => {
    const accounts = new Set<string>();
    const keep = it.services.store.keepAccount.bind(it.services.store);
    it.services.store.keepAccount = async (account, subject) => {
      const kept = await keep(account, subject);
      accounts.add(kept.id);
      return kept;
    };
    for (const temper of [{ version: "4.4" }, { version: "4.3" }, { version: "4.1", actor: "" }] as const) {
      home.temper = temper;
      expect(await signIn(it, home.url)).toBe(ANNA);
    }
    expect(accounts.size).toBe(1);
    expect(await signIn(it, other.url)).toBe(ANNA);
    expect(accounts.size).toBe(2);
  });

  test("who has no name shown is called as they are there", async () => {
    home.temper = { version: "4.4", shownAs: " :verified: " };
    expect(await signIn(it, home.url)).toBe("done: anna (Mastodon)");
  });

  test("who says no there is a guest again", async () => {
    const window = await openWindow(it, "mastodon");
    const answer = await fetch(await window.say(home.url), {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ deny: "1" }),
    });
    const back = new URL(answer.headers.get("location")!);
    expect((await window.ask(back.pathname + back.search)).status).toBe(400);
    expect((await window.finish()).step).toBe("failed");
  });
});

describe("a server that is not what it says", () => {
  test("is not believed when it claims that the reader is somebody of another one", async () => {
    for (const version of ["4.4", "4.1"] as const) {
      home.temper = { version, actor: `${other.url}/users/anna` };
      expect(await signIn(it, home.url)).toBe("refused with 400");
    }
    home.temper = { version: "4.4", actor: `${home.url}.evil.example/users/anna` };
    expect(await signIn(it, home.url)).toBe("refused with 400");
    home.temper = { version: "4.4", actor: "javascript:alert(1)" };
    expect(await signIn(it, home.url)).toBe("refused with 400");
  });

  const failing = async (said: string) => {
    const window = await openWindow(it, "mastodon");
    const answer = await window.ask("/auth/ask/mastodon", { said });
    expect([said, answer.status]).toEqual([said, 400]);
    expect(await answer.text()).toContain("Nobody could be reached there.");
    // The reader may have meant another.
    expect(await signIn(it, other.url, window)).toBe(ANNA);
  };

  test("leads nobody to an address that is not its own", async () => {
    for (const endpoint of [`${other.url}/oauth/authorize`, "javascript:alert(1)", "/oauth/authorize", 7]) {
      home.temper.instead = (request, response) => {
        if (request.url !== "/.well-known/oauth-authorization-server") return false;
        const said = { issuer: home.url, authorization_endpoint: endpoint, token_endpoint: `${home.url}/oauth/token` };
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(said));
        return true;
      };
      await failing(home.url);
    }
  });

  test("does not lead us into our own network, nor anywhere by too many redirects", async () => {
    for (const location of ["http://127.0.0.1:1/", "http://169.254.169.254/latest", "https://10.0.0.1/", "file:///etc/passwd", "/again"]) {
      let asked = 0;
      home.temper.instead = (_, response) => {
        asked++;
        response.writeHead(302, { location }).end();
        return true;
      };
      // Nothing but the address of a handle is looked for elsewhere.
      await failing(home.url);
      expect(asked).toBe(1);
    }
  });

  test("is given up when its answer is huge, no JSON, or no object", async () => {
    const huge = JSON.stringify({ ...description(home), more: "x".repeat(64_000) });
    for (const body of [huge, "<html>", "[]", "null", ""]) {
      home.temper.instead = (request, response) => {
        if (request.url !== "/.well-known/oauth-authorization-server") return false;
        response.writeHead(200, { "content-type": "application/json" }).end(body);
        return true;
      };
      await failing(home.url);
    }
  });

  test("is none when it answers nothing of this, and what names no server is not asked", async () => {
    home.temper.instead = (_, response) => {
      response.writeHead(404).end();
      return true;
    };
    await failing(home.url);
    const asked: string[] = [];
    it.services.outbound = (address) => {
      asked.push(String(address));
      return Promise.reject(new OutboundError("nobody is asked here"));
    };
    for (const said of ["", " ", "anna", "@anna", "social", "http://", "ftp://social.example", "a@b@c", "https://x:y@social.example"]) {
      const window = await openWindow(it, "mastodon");
      expect([said, (await window.ask("/auth/ask/mastodon", { said })).status]).toEqual([said, 400]);
    }
    expect(asked).toEqual([]);
  });
});

test("no port is tried but that of https, and those that the operator named", async () => {
  const asked: string[] = [];
  const { outbound } = it.services;
  it.services.outbound = (address, ask) => {
    asked.push(new URL(address).origin);
    return outbound(address, ask);
  };
  for (const said of ["social.invalid:22", "https://social.invalid:8443", "@anna@social.invalid:25"])
    expect((await (await openWindow(it, "mastodon")).ask("/auth/ask/mastodon", { said })).status).toBe(400);
  // A handle that is at home on such a port.
  home.temper.instead = (request, response) => {
    if (!request.url?.startsWith("/.well-known/webfinger")) return false;
    const links = [{ rel: "self", type: "application/activity+json", href: "https://social.invalid:25/users/anna" }];
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ links }));
    return true;
  };
  expect((await (await openWindow(it, "mastodon")).ask("/auth/ask/mastodon", { said: `@anna@${home.url}` })).status).toBe(400);
  expect(asked).toEqual([home.url]);
  expect((await (await openWindow(it, "mastodon")).ask("/auth/ask/mastodon", { said: "social.invalid:443" })).status).toBe(400);
  expect(asked).toEqual([home.url, "https://social.invalid"]);
});

describe("a handle", () => {
  test("names the server by its own address, through redirects that are looked at", async () => {
    const names = `@anna@${home.url}`;
    expect(await signIn(it, names)).toBe(ANNA);
    expect(home.asked[0]).toBe("GET /.well-known/webfinger");
    // A domain whose people live on another server.
    other.temper.instead = (request, response) => {
      if (!request.url?.startsWith("/.well-known/webfinger")) return false;
      response.writeHead(301, { location: `${home.url}${request.url}` }).end();
      return true;
    };
    const window = await openWindow(it, "mastodon");
    expect(new URL(await window.say(`@anna@${other.url}`)).origin).toBe(home.url);
    expect(other.apps.size).toBe(0);
  });

  test("leads by no redirect into our own network", async () => {
    for (const location of [
      "http://127.0.0.1:1/",
      "https://10.0.0.1/",
      "https://[::1]/",
      "file:///etc/passwd",
      `${home.url}/.well-known/webfinger`,
    ]) {
      home.asked.length = 0;
      home.temper.instead = (_, response) => {
        response.writeHead(302, { location }).end();
        return true;
      };
      const answer = await (await openWindow(it, "mastodon")).ask("/auth/ask/mastodon", { said: `@anna@${home.url}` });
      expect([location, answer.status]).toEqual([location, 400]);
      expect(home.asked.length).toBeLessThanOrEqual(4);
    }
  });
});

test("the page that asks is for the browser that was sent there alone", async () => {
  const window = await openWindow(it, "mastodon");
  expect((await it.get("/auth/ask/mastodon")).status).toBe(400);
  expect((await it.get("/auth/ask/mastodon", { cookie: `__Host-youfigure-sign-in=${window.request}.${"s".repeat(43)}` })).status).toBe(400);
  expect((await window.ask("/auth/ask/bluesky")).status).toBe(400);
  const back = await authorize(await window.say(home.url));
  expect((await it.get(back)).status).toBe(400);
  expect((await window.finish()).step).toBe("waiting");
  expect((await window.ask(back.replace(/state=[^&]*/, "state=another"))).status).toBe(400);
  expect((await window.finish()).step).toBe("failed");
});

test("who comes back without having been anywhere brings nothing", async () => {
  const window = await openWindow(it, "mastodon");
  expect((await window.ask("/auth/callback/mastodon?code=x")).status).toBe(400);
});
