import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KINDS, type Kind } from "../../server/auth/kinds.ts";
import { deriveKeys } from "../../server/keys.ts";
import { panel as arabic } from "../../server/locale/ar/panel.ts";
import { panel as german } from "../../server/locale/de/panel.ts";
import { panel as english } from "../../server/locale/en/panel.ts";
import type { WayLine, WayList, WayTest } from "../../server/wire/panel-ways.ts";
import { WAY_VERDICTS } from "../../server/wire/way-verdicts.ts";
import { type Issuer, openIssuer } from "../auth/issuer.ts";
import { PAGE, testApp, type TestApp } from "../server/setup.ts";
import { askPanel, type Panel, panelApp } from "./owner.ts";

const SECRET = "a secret that is told to nobody";
const ENVIRONMENT = {
  github: { client: "gh", secret: "of the environment" },
  oidc: [{ id: "work", label: "Work", issuer: "https://login.example", client: "comments", secret: "of the environment" }],
};
const TWO = "https://two.example";

let app: Panel;
let base: string;
beforeEach(async () => {
  app = await panelApp({ config: ENVIRONMENT });
  await app.take("POST", "/sites", { name: "Two", origins: [TWO] });
  base = `/sites/${app.site.id}/ways`;
});
afterEach(() => app.close());

/** The server may have others beside these, which are not looked at here. */
const isOurs = ({ id }: { id: string }) => /^(?:github|work|mastodon|\d+-.*)$/.test(id);
const all = async (path = base) => (await app.take<WayList>("GET", path)).ways.filter(isOurs);
const ids = async () => (await all()).map(({ id }) => id);
const wayOf = async (id: string): Promise<WayLine> => (await all()).find((way) => way.id === id)!;
/** What a reader's page is told, from a prepared answer. */
const shown = async (from: Pick<TestApp, "get"> = app, page = PAGE) => {
  const answer = await from.get(`/api/v1/thread?url=${encodeURIComponent(page)}`);
  const { site } = (await answer.json()) as { site: { settings: { ways?: { id: string; label: string }[] } } };
  return (site.settings.ways ?? []).filter(isOurs).map(({ id, label }) => `${id} ${label}`);
};
const start = async (provider: string, page = PAGE) => {
  const body = { url: page, provider, verifier: "v".repeat(43), returnTo: "" };
  return (await app.send("POST", "/api/v1/auth/start", body, { origin: new URL(page).origin })).status;
};
const refusedFields = async (method: string, path: string, body: object) => {
  const answer = await app.ask(method, path, body);
  const { error } = (await answer.json()) as { error?: { code: string; fields?: object } };
  return [answer.status, error?.fields];
};
/** These first, and then whatever else there is. */
const inOrder = async (...first: string[]) => {
  const { ways } = await app.take<WayList>("GET", base);
  return [...first, ...ways.map((way) => way.id).filter((other) => !first.includes(other))];
};
const id = "1-oidc";
const fill = { label: "Figures", issuer: "https://figures.example", client: "comments", secret: SECRET };
const addFilled = async () => {
  await app.take("POST", base, { kind: "oidc" });
  return app.take<WayList>("PATCH", `${base}/${id}`, fill);
};

describe("a way of a site's own", () => {
  test("has its redirect address at once, is shown to readers of that site alone, and only once it is complete", async () => {
    const { ways } = await app.take<WayList>("POST", base, { kind: "oidc" });
    expect(ways.at(-1)).toEqual({
      id,
      kind: "oidc",
      label: "OpenID Connect",
      own: true,
      on: true,
      lacks: "fields",
      issuer: "",
      client: "",
      secret: false,
      redirect: "https://comments.example/auth/callback/1-oidc",
      canTest: true,
    });
    expect(await shown()).toEqual(["github GitHub", "work Work"]);
    await app.take("PATCH", `${base}/${id}`, fill);
    expect(await shown()).toEqual(["github GitHub", "work Work", "1-oidc Figures"]);
    expect(await shown(app, `${TWO}/post`)).toEqual(["github GitHub", "work Work"]);
    expect(await start(id)).toBe(200);
    expect(await start(id, `${TWO}/post`)).toBe(404);
    await app.take("PATCH", `${base}/${id}`, { on: false });
    expect(await shown()).toEqual(["github GitHub", "work Work"]);
    expect(await start(id)).toBe(404);
    await app.take("DELETE", `${base}/${id}`);
    expect(await ids()).toEqual(["github", "work"]);
  });

  test("keeps its secret to itself: it is in no answer, no log and not in the database as it is", async () => {
    const answers = JSON.stringify([await addFilled(), await all(), await app.take("POST", `${base}/${id}/test`, {})]);
    const { store } = app.services;
    const kept = JSON.stringify([await store.ways(app.site.id), await store.log({ limit: 100 }), app.lines]);
    expect(answers + kept).not.toContain(SECRET);
    expect(await wayOf(id)).toMatchObject({ secret: true, client: "comments", issuer: "https://figures.example" });
    await app.take("PATCH", `${base}/${id}`, { label: "Renamed" });
    expect(await wayOf(id)).toMatchObject({ secret: true, label: "Renamed" });
    await app.take("PATCH", `${base}/${id}`, { secret: "" });
    expect(await wayOf(id)).toMatchObject({ secret: false, lacks: "nothing" });
  });

  test("is noted in the site's log whenever it changes, by the names of the fields alone", async () => {
    await addFilled();
    await app.take("PUT", `${base}/order`, { ids: await inOrder(id, "github", "work") });
    await app.take("DELETE", `${base}/${id}`);
    const [owner] = await app.services.store.owners();
    const log = await app.services.store.log({ site: app.site.id, limit: 100 });
    const notes = log.filter(({ by }) => by === owner!.id).map(({ note }) => note);
    expect(notes.toReversed()).toEqual([
      "way added: 1-oidc",
      "way changed: 1-oidc: label issuer client secret",
      "ways put in order",
      "way removed: 1-oidc",
    ]);
  });

  test("asks for its secret again after SECRET_KEY has changed, and nothing else breaks", async () => {
    await addFilled();
    const secretKey = "another key, which signs nothing of worth";
    await app.services.store.setValue("key_fingerprint", deriveKeys(secretKey).sign("fingerprint", []));
    const later = await testApp({ beside: app, config: { ...ENVIRONMENT, secretKey } });
    const ask = async <Answer>(method: string, path: string, body = {}) =>
      (await (await askPanel(later, method, path, body, { cookie: app.cookie })).json()) as Answer;
    expect((await ask<WayList>("GET", base)).ways.at(-1)).toMatchObject({ id, lacks: "secret", secret: false, client: "comments" });
    expect(await ask<WayTest>("POST", `${base}/${id}/test`)).toEqual({ verdict: "secret_again" });
    expect(await shown(later)).toEqual(["github GitHub", "work Work"]);
    await ask("PATCH", `${base}/${id}`, { secret: "again" });
    expect(await shown(later)).toEqual(["github GitHub", "work Work", "1-oidc Figures"]);
    await later.services.store.close();
  });

  test("has a secret that opens in no other row, and for no other issuer", async () => {
    await addFilled();
    const { store, newId, now } = app.services;
    const log = () => ({ id: newId(), at: now(), by: "test", action: "site" as const });
    const row = (await store.ways(app.site.id)).find(({ kind }) => kind === "oidc");
    await store.addWay({ ...row!, id: "1-oidc-2" }, log());
    expect(await wayOf("1-oidc-2")).toMatchObject({ lacks: "secret" });
    await store.changeWay(app.site.id, id, { issuer: "https://evil.example" }, log());
    expect(await wayOf(id)).toMatchObject({ lacks: "secret" });
  });

  test("is given another issuer only together with a secret, and takes the address of the discovery document for the issuer's", async () => {
    await addFilled();
    expect(await refusedFields("PATCH", `${base}/${id}`, { issuer: "https://other.example" })).toEqual([422, { secret: "required" }]);
    const issuer = "https://other.example/realms/main/.well-known/openid-configuration";
    await app.take("PATCH", `${base}/${id}`, { issuer, secret: "another" });
    expect((await wayOf(id)).issuer).toBe("https://other.example/realms/main");
    for (const wrong of ["javascript:alert(1)", "https://me@other.example", "https://other.example/?x", "nonsense"])
      expect(await refusedFields("PATCH", `${base}/${id}`, { issuer: wrong, secret: "x" })).toEqual([422, { issuer: "invalid" }]);
    expect(await refusedFields("PATCH", `${base}/${id}`, { client: " " })).toEqual([422, { client: "required" }]);
    expect(await refusedFields("PATCH", `${base}/${id}`, { label: "a\nb" })).toEqual([422, { label: "bad_text" }]);
    await app.take("POST", base, { kind: "github" });
    expect(await refusedFields("PATCH", `${base}/1-github`, { issuer: "https://x.example" })).toEqual([422, { issuer: "invalid" }]);
    expect(await refusedFields("POST", base, { kind: "telepathy" })).toEqual([422, { kind: "unknown" }]);
    expect(await refusedFields("POST", base, { kind: "__proto__" })).toEqual([422, { kind: "unknown" }]);
  });

  test("is one of several of its kind, each with an address of its own, also when they are added at once", async () => {
    await Promise.all([1, 2, 3].map(() => app.take("POST", base, { kind: "oidc" })));
    await app.take("POST", "/sites/2/ways", { kind: "oidc" });
    const redirects = [...(await all()), ...(await all("/sites/2/ways"))]
      .filter(({ own }) => own)
      .map(({ redirect }) => redirect.split("/").pop());
    expect(redirects.toSorted()).toEqual(["1-oidc", "1-oidc-2", "1-oidc-3", "2-oidc"]);
  });

  test("is not reached through another site", async () => {
    await addFilled();
    for (const [method, path] of [
      ["PATCH", `/sites/2/ways/${id}`],
      ["DELETE", `/sites/2/ways/${id}`],
      ["POST", `/sites/2/ways/${id}/test`],
      ["PATCH", `/sites/9/ways/${id}`],
      ["DELETE", `${base}/github`],
    ] as const)
      expect([method, path, (await app.ask(method, path, {})).status]).toEqual([method, path, 404]);
    expect(await wayOf(id)).toMatchObject({ lacks: "nothing" });
  });
});

describe("a way of the server", () => {
  test("is switched off and on for one site, and nothing else of it is changed there", async () => {
    expect(await wayOf("github")).toMatchObject({ own: false, on: true, client: "", issuer: "", secret: false, canTest: true });
    expect(await shown()).toEqual(["github GitHub", "work Work"]);
    await app.take("PATCH", `${base}/github`, { on: false });
    expect(await shown()).toEqual(["work Work"]);
    expect(await start("github")).toBe(404);
    expect((await app.ask("DELETE", `${base}/github`, {})).status).toBe(404);
    expect(await shown(app, `${TWO}/post`)).toEqual(["github GitHub", "work Work"]);
    expect(await refusedFields("PATCH", `${base}/github`, { secret: "mine" })).toEqual([422, { secret: "invalid" }]);
    await app.take("PATCH", `${base}/github`, { on: true });
    expect(await shown()).toEqual(["github GitHub", "work Work"]);
  });

  test("that works by itself has nothing to register or to try, and is switched off all the same", async () => {
    const there = await panelApp({ config: { mastodon: true } });
    const { ways, kinds } = await there.take<WayList>("GET", base);
    expect(ways.filter(isOurs)).toMatchObject([
      { id: "mastodon", kind: "mastodon", own: false, on: true, lacks: "nothing", canTest: false },
    ]);
    expect(kinds.find(({ id }) => id === "mastodon")?.needs).toEqual([]);
    expect(await there.take<WayTest>("POST", `${base}/mastodon/test`, {})).toEqual({ verdict: "nothing_to_try" });
    expect((await there.ask("POST", base, { kind: "mastodon" })).status).toBe(422);
    await there.take("PATCH", `${base}/mastodon`, { on: false });
    expect(await shown(there)).toEqual([]);
    await there.close();
  });

  test("stands where the owner puts it among the site's own", async () => {
    await addFilled();
    const order = await inOrder("work", id, "github");
    await app.take("PUT", `${base}/order`, { ids: order });
    expect(await shown()).toEqual(["work Work", "1-oidc Figures", "github GitHub"]);
    await app.take("PATCH", `${base}/github`, { on: false });
    await app.take("PATCH", `${base}/github`, { on: true });
    expect(await ids()).toEqual(["work", id, "github"]);
    for (const wrong of [order.slice(1), [...order, "more"], [...order.slice(1), order[1]]])
      expect((await app.ask("PUT", `${base}/order`, { ids: wrong })).status).toBe(409);
  });
});

describe("the test of a way", () => {
  let issuer: Issuer;
  let there: Panel;
  beforeEach(async () => {
    issuer = await openIssuer();
    there = await panelApp({ config: { outboundAllow: [issuer.place] } });
    issuer.open("https://comments.example/auth/callback/1-oidc");
  });
  afterEach(async () => {
    await there.close();
    await issuer.close();
  });

  test("says what is wrong with what was kept, until it is right", async () => {
    const test = () => there.take<WayTest>("POST", `${base}/${id}/test`, {});
    await there.take("POST", base, { kind: "oidc" });
    expect(await test()).toEqual({ verdict: "incomplete" });
    await there.take("PATCH", `${base}/${id}`, { issuer: issuer.url, client: issuer.client.client, secret: "wrong" });
    expect(await test()).toEqual({ verdict: "wrong_client" });
    await there.take("PATCH", `${base}/${id}`, { secret: issuer.client.secret });
    expect(await test()).toEqual({ verdict: "works" });
    await there.take("PATCH", `${base}/${id}`, { issuer: "https://127.0.0.1:9/", secret: "x" });
    expect(await test()).toEqual({ verdict: "not_allowed", place: "127.0.0.1:9" });
    expect(JSON.stringify(there.lines)).not.toContain(issuer.client.secret);
  });
});

describe("words", () => {
  test("every kind and every verdict has words in every language, and the English ones of a kind are the table's", () => {
    const kinds = Object.entries(KINDS as Record<string, Kind>);
    const keys = [...kinds.map(([kind]) => `kind_${kind}`), ...WAY_VERDICTS.map((verdict) => `verdict_${verdict}`)];
    for (const catalogue of [english, german, arabic]) expect(keys.filter((key) => !(key in catalogue))).toEqual([]);
    for (const [kind, { about }] of kinds) expect((english as Record<string, unknown>)[`kind_${kind}`]).toBe(about);
  });
});
