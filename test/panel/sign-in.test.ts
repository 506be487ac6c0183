import { afterEach, describe, expect, test } from "vitest";
import { makeLink } from "../../server/auth/link.ts";
import { testApp, type TestApp } from "../server/setup.ts";
import { askPanel, cookieOf, FROM_PANEL, OWNER, panelApp, tokenOf } from "./owner.ts";

const opened: TestApp[] = [];
const open = async <App extends TestApp>(app: Promise<App>): Promise<App> => {
  const made = await app;
  opened.push(made);
  return made;
};
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
});

const codeOf = async (response: Response) => ((await response.json()) as { error?: { code: string } }).error?.code;

describe("setting up", () => {
  test("the link carries its token in the fragment alone, and only its hash is stored", async () => {
    const app = await open(testApp());
    const link = await makeLink(app.services, "setup");
    expect(link).toMatch(/^https:\/\/comments\.example\/panel#setup=[\w-]{43}$/);
    expect(await app.services.store.hasLink(tokenOf(link), "setup", app.services.now())).toBe(false);
  });

  test("of two who race with one link, the second hears that there is an owner", async () => {
    const app = await open(testApp());
    const token = tokenOf(await makeLink(app.services, "setup"));
    const statuses = await Promise.all(
      ["a", "b", "c"].map(async (name) => (await askPanel(app, "POST", "/setup", { ...OWNER, name, token })).status),
    );
    expect(statuses.sort()).toEqual([200, 409, 409]);
    expect(await app.services.store.owners()).toHaveLength(1);
  });

  test("of two who race with two links, too", async () => {
    const app = await open(testApp());
    const tokens = [tokenOf(await makeLink(app.services, "setup")), tokenOf(await makeLink(app.services, "setup"))];
    const statuses = await Promise.all(tokens.map(async (token) => (await askPanel(app, "POST", "/setup", { ...OWNER, token })).status));
    expect(statuses.sort()).toEqual([200, 409]);
  });

  test("a wrong, a login or an expired token opens nothing", async () => {
    const app = await open(testApp());
    for (const token of ["A".repeat(43), tokenOf(await makeLink(app.services, "login"))]) {
      const response = await askPanel(app, "POST", "/setup", { ...OWNER, token });
      expect([response.status, await codeOf(response)]).toEqual([403, "token_invalid"]);
    }
    const token = tokenOf(await makeLink(app.services, "setup"));
    app.pass(24 * 3_600_000 + 1);
    expect((await askPanel(app, "POST", "/setup", { ...OWNER, token })).status).toBe(403);
  });

  test("what is wrong with the fields is said at once, and the link still works", async () => {
    const app = await open(testApp());
    const token = tokenOf(await makeLink(app.services, "setup"));
    const response = await askPanel(app, "POST", "/setup", {
      token,
      name: "",
      role: "Owner",
      email: "nothing",
      passphrase: "long enough for us",
    });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ error: { fields: { name: "required", email: "invalid" } } });
    const short = await askPanel(app, "POST", "/setup", { ...OWNER, token, passphrase: "elevenchars" });
    expect(await short.json()).toMatchObject({ error: { fields: { passphrase: "too_short" } } });
    expect((await askPanel(app, "POST", "/setup", { ...OWNER, token })).status).toBe(200);
  });
});

describe("signing in", () => {
  test("with the passphrase; the cookie is for this host, this site and no script", async () => {
    const app = await open(panelApp());
    const response = await askPanel(app, "POST", "/login/passphrase", { email: "OLGA@blog.example", passphrase: OWNER.passphrase });
    expect(response.status).toBe(200);
    expect(response.headers.get("set-cookie")).toMatch(
      /^__Host-youfigure=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  test("a new token at each sign-in, and the session it replaces ends", async () => {
    const app = await open(panelApp());
    const response = await askPanel(app, "POST", "/login/passphrase", OWNER_LOGIN, { cookie: app.cookie });
    expect(cookieOf(response)).not.toBe(app.cookie);
    expect((await app.ask("GET", "/queue")).status).toBe(401);
    expect((await askPanel(app, "GET", "/queue", undefined, { cookie: cookieOf(response) })).status).toBe(200);
  });

  test("a wrong passphrase and an unknown e-mail get the same answer", async () => {
    const app = await open(panelApp());
    const answers = await Promise.all(
      [
        { email: OWNER.email, passphrase: "wrong wrong wrong" },
        { email: "nobody@blog.example", passphrase: OWNER.passphrase },
      ].map(async (login) => {
        const response = await askPanel(app, "POST", "/login/passphrase", login);
        return [response.status, await response.text()];
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.[0]).toBe(401);
  });

  test("whether an e-mail is the owner's is not told by how many tries it has", async () => {
    const app = await open(panelApp({ config: { trustedProxies: ["127.0.0.1"] } }));
    const tryOnce = async (email: string, address: string) => {
      const headers = { ...FROM_PANEL, "content-type": "application/json", "x-forwarded-for": address };
      const request = { method: "POST", headers, body: JSON.stringify({ email, passphrase: "" }) };
      const bindings = { incoming: { socket: { remoteAddress: "127.0.0.1" } } };
      return (await app.app.request("/api/v1/panel/login/passphrase", request, bindings)).status;
    };
    // At once, so that all but a few are turned away before anything is computed.
    const [emptied, another] = await Promise.all([
      Promise.all(Array.from({ length: 180 }, (_, i) => tryOnce("nobody@blog.example", `203.0.113.${i}`))),
      Promise.all(Array.from({ length: 90 }, (_, i) => tryOnce("another@blog.example", `198.51.100.${i}`))),
    ]);
    expect(emptied).toContain(429);
    expect(another).not.toContain(429);
  });

  test("after ten wrong tries an address waits a minute, and its right one is refused meanwhile", async () => {
    const app = await open(panelApp());
    const tries = [];
    for (let i = 0; i < 12; i++) tries.push((await askPanel(app, "POST", "/login/link", { token: "A".repeat(43) })).status);
    expect(tries).toEqual([...Array<number>(10).fill(403), 429, 429]);
    const refused = await askPanel(app, "POST", "/login/passphrase", OWNER_LOGIN);
    expect([refused.status, Number(refused.headers.get("retry-after")) <= 60]).toEqual([429, true]);
    app.pass(61_000);
    expect((await askPanel(app, "POST", "/login/passphrase", OWNER_LOGIN)).status).toBe(200);
  });

  test("a link signs in once", async () => {
    const app = await open(panelApp());
    const token = tokenOf(await makeLink(app.services, "login"));
    const statuses = await Promise.all([1, 2].map(async () => (await askPanel(app, "POST", "/login/link", { token })).status));
    expect(statuses.sort()).toEqual([200, 403]);
    const late = tokenOf(await makeLink(app.services, "login"));
    app.pass(15 * 60_000 + 1);
    expect((await askPanel(app, "POST", "/login/link", { token: late })).status).toBe(403);
  });

  test("the set-up link is no way in later", async () => {
    const app = await open(panelApp());
    const token = tokenOf(await makeLink(app.services, "setup"));
    expect((await askPanel(app, "POST", "/setup", { ...OWNER, token })).status).toBe(409);
    expect((await askPanel(app, "POST", "/login/link", { token })).status).toBe(403);
  });
});

const OWNER_LOGIN = { email: OWNER.email, passphrase: OWNER.passphrase };

describe("a session", () => {
  test("ends with signing out", async () => {
    const app = await open(panelApp());
    expect((await app.ask("POST", "/logout")).status).toBe(200);
    expect((await app.ask("GET", "/queue")).status).toBe(401);
  });

  test("signing out everywhere ends the others too", async () => {
    const app = await open(panelApp());
    const other = cookieOf(await askPanel(app, "POST", "/login/passphrase", OWNER_LOGIN));
    expect((await app.ask("POST", "/logout-everywhere")).status).toBe(200);
    expect((await askPanel(app, "GET", "/queue", undefined, { cookie: other })).status).toBe(401);
  });

  test("ends, but for one's own, when the passphrase is changed", async () => {
    const app = await open(panelApp());
    const other = cookieOf(await askPanel(app, "POST", "/login/passphrase", OWNER_LOGIN));
    const changed = await app.ask("PUT", "/owner/passphrase", { passphrase: "another long passphrase" });
    expect(changed.status).toBe(200);
    expect((await askPanel(app, "GET", "/queue", undefined, { cookie: other })).status).toBe(401);
    expect((await askPanel(app, "GET", "/queue", undefined, { cookie: cookieOf(changed) })).status).toBe(200);
  });

  test("lasts for 30 days after its last use", async () => {
    const app = await open(panelApp());
    const day = 86_400_000;
    app.pass(29 * day);
    const used = await app.ask("GET", "/queue");
    expect([used.status, cookieOf(used)]).toEqual([200, app.cookie]);
    app.pass(29 * day);
    expect((await app.ask("GET", "/queue")).status).toBe(200);
    app.pass(30 * day + 1);
    expect((await app.ask("GET", "/queue")).status).toBe(401);
  });

  test("changes how one signs in only within 15 minutes of a sign-in", async () => {
    const app = await open(panelApp());
    app.pass(15 * 60_000 + 1);
    const passphrase = "another long passphrase";
    const refused = await app.ask("PUT", "/owner/passphrase", { passphrase });
    expect([refused.status, await codeOf(refused)]).toEqual([403, "forbidden"]);
    expect((await app.ask("PATCH", "/owner", { email: "stranger@blog.example" })).status).toBe(403);
    expect((await app.ask("PATCH", "/owner", { name: "Olga O.", email: "Olga@blog.example" })).status).toBe(200);
    const cookie = cookieOf(await askPanel(app, "POST", "/login/passphrase", OWNER_LOGIN));
    expect((await askPanel(app, "PUT", "/owner/passphrase", { passphrase }, { cookie })).status).toBe(200);
    expect((await askPanel(app, "POST", "/login/passphrase", OWNER_LOGIN)).status).toBe(401);
    expect((await askPanel(app, "POST", "/login/passphrase", { email: OWNER.email, passphrase })).status).toBe(200);
  });

  test("never loses the last passkey, though two tabs remove one each at once", async () => {
    const app = await open(panelApp());
    const { store, now, newId } = app.services;
    const [owner] = await store.owners();
    const log = () => ({ id: newId(), at: now(), by: "test", action: "owner" as const });
    await store.updateOwner(owner!.id, { passphrase: null }, log());
    for (const id of ["one", "two"])
      await store.addPasskey({ id, owner: owner!.id, publicKey: "", counter: 0, transports: [], label: id, createdAt: 0 }, log());
    const answers = await Promise.all(["one", "two"].map((id) => app.ask("DELETE", `/passkeys/${id}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
    expect(await store.passkeys()).toHaveLength(1);
  });

  test("its token and the passphrase are nowhere in the log or the database", async () => {
    const app = await open(panelApp());
    const token = app.cookie.split("=")[1] as string;
    const [owner] = await app.services.store.owners();
    expect(JSON.stringify(app.lines)).not.toContain(token);
    expect(owner?.passphrase).toMatch(/^\$scrypt\$ln=16,r=8,p=1\$/);
    expect(await app.services.store.session(token)).toBeNull();
  });
});
