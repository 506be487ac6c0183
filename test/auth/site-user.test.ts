import crypto, { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { SiteWire } from "../../server/wire/panel-sites.ts";
import { type Panel, panelApp } from "../panel/owner.ts";
import { ORIGIN, PAGE, testApp } from "../server/setup.ts";
import { edKeys, part, token } from "./site-user.ts";

const SECRET = "only the site and this server know it: 0123456789";
const ed = edKeys();
let app: Panel;
beforeAll(async () => void (app = await panelApp({ settings: { holdFirst: false } })));
afterAll(() => app.close());
beforeEach(() => app.pass(60_000));

const settle = (sso: object | null) => app.ask("PATCH", `/sites/${app.site.id}`, { settings: { sso } });
const byEd = () => settle({ algorithm: "EdDSA", key: ed.pem, roles: false });
const bySecret = (roles = false) => settle({ algorithm: "HS256", key: SECRET, roles });

const seconds = () => Math.floor(app.services.now() / 1_000);
const claims = (more: object = {}) => ({
  iss: ORIGIN,
  sub: "7",
  name: "Anna",
  iat: seconds(),
  exp: seconds() + 300,
  jti: randomUUID(),
  ...more,
});
const show = (jwt: string, url = PAGE) => app.send("POST", "/api/v1/auth/sso", { url, jwt }, { origin: new URL(url).origin });
interface SignedIn {
  token: string;
  reader: object;
}
const enter = async (jwt: string) => (await (await show(jwt)).json()) as SignedIn;
const post = (reader: SignedIn, body: string) => app.post({ body }, { authorization: `Bearer ${reader.token}` });
const shown = async (answer: Response) => ((await answer.json()) as { comment: { name: string; role?: string } }).comment;

test("a user of the site's own comments under the site's word, by either algorithm", async () => {
  for (const [settled, key] of [
    [byEd, ed.privateKey],
    [bySecret, SECRET],
  ] as const) {
    expect((await settled()).status).toBe(200);
    const reader = await enter(
      token(claims({ email: "anna@blog.example", email_verified: true, aud: [app.services.config.publicUrl, "other"] }), key),
    );
    expect(reader.reader).toEqual({ name: "Anna", way: "Blog", email: true });
    expect(await shown(await post(reader, `By ${typeof key}.`))).toMatchObject({ name: "Anna" });
  }
});

test("the lines of the README make such a token", async () => {
  await bySecret();
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const lines = /```js\n(const part = [^]*?const jwt = [^]*?)```/.exec(readme)?.[1] ?? "";
  const make = new Function("user", "secret", "crypto", `${lines}; return jwt`) as (...given: unknown[]) => string;
  // The clock of this test runs ahead; a token is made now.
  const beside = await testApp();
  const log = { id: beside.services.newId(), at: 0, by: "test", action: "site" } as const;
  const sso = {
    algorithm: "HS256" as const,
    key: beside.services.keys.seal("sso", JSON.stringify([beside.site.id, SECRET])),
    roles: false,
  };
  await beside.services.store.updateSite(beside.site.id, { settings: { ...beside.site.settings, sso } }, log);
  const jwt = make({ id: 7, name: "Änna" }, SECRET, crypto);
  const answer = await beside.send("POST", "/api/v1/auth/sso", { url: PAGE, jwt }, { origin: ORIGIN });
  expect(((await answer.json()) as SignedIn).reader).toMatchObject({ name: "Änna" });
  await beside.close();
});

test("the same subject is the same account, under the name of today, and another site's is another", async () => {
  await bySecret();
  const [one, two, other] = [
    await enter(token(claims(), SECRET)),
    await enter(token(claims({ name: "Anna Figure" }), SECRET)),
    await enter(token(claims({ sub: "8" }), SECRET)),
  ];
  expect(two.reader).toMatchObject({ name: "Anna Figure" });
  expect((await shown(await post(one, "Renamed."))).name).toBe("Anna Figure");
  expect((await shown(await post(other, "Another."))).name).toBe("Anna");
});

test("a role stands beside the name where the site allows it, and goes with the next token that has none", async () => {
  await bySecret(false);
  const plain = await enter(token(claims({ sub: "9", roles: ["Staff"] }), SECRET));
  expect(await shown(await post(plain, "No mark."))).not.toHaveProperty("role");
  await bySecret(true);
  const staff = await enter(token(claims({ sub: "9", roles: ["member", "Staff"] }), SECRET));
  expect((await shown(await post(staff, "With a mark."))).role).toBe("Staff");
  await enter(token(claims({ sub: "9", roles: ["member"] }), SECRET));
  expect(await shown(await post(staff, "No more."))).not.toHaveProperty("role");
});

test("who was let in so stays a day at most, however often the token is used", async () => {
  await bySecret();
  const reader = await enter(token(claims(), SECRET));
  app.pass(20 * 3_600_000);
  expect((await post(reader, "After 20 hours.")).status).toBe(201);
  app.pass(4 * 3_600_000);
  expect((await post(reader, "After 24.")).status).toBe(401);
});

test("attacks: what is not signed with the site's own key in the site's own way is refused", async () => {
  await byEd();
  const x = ed.jwk.x as string;
  const unsigned = (header: object) => `${part(header)}.${part(claims())}.`;
  const tampered = token(claims(), ed.privateKey).split(".");
  const attacks: Record<string, string> = {
    "no algorithm": unsigned({ alg: "none" }),
    "no algorithm, with something as its signature": `${unsigned({ alg: "None" })}AA`,
    "the public key as a secret (PEM)": token(claims(), String(ed.pem)),
    "the public key as a secret (base64url)": token(claims(), x),
    "the public key as a secret, called EdDSA": token(claims(), x, { alg: "EdDSA" }),
    "another's key": token(claims(), edKeys().privateKey),
    "its own key in the header": token(claims(), edKeys().privateKey, { alg: "EdDSA", jwk: edKeys().jwk }),
    "an extension that must be understood": token(claims(), ed.privateKey, { alg: "EdDSA", crit: ["b64"], b64: false }),
    "another kind of token": token(claims(), ed.privateKey, { alg: "EdDSA", typ: "at+jwt" }),
    "other claims": [tampered[0], part(claims({ sub: "1" })), tampered[2]].join("."),
    "no signature": `${tampered[0]}.${tampered[1]}.`,
    "bits that base64url passes over": `${tampered.join(".").slice(0, -1)}${tampered[2]!.endsWith("A") ? "B" : "A"}`,
    "a fourth part": `${tampered.join(".")}.AA`,
    "no token": "x",
    nothing: "",
  };
  for (const [name, jwt] of Object.entries(attacks)) expect([name, (await show(jwt)).status]).toEqual([name, 401]);
  await bySecret();
  for (const [name, jwt] of Object.entries({
    "a secret's site, and no algorithm": unsigned({ alg: "none" }),
    "a secret's site, and another algorithm": token(claims(), SECRET, { alg: "HS512" }),
    "a secret's site, and a key pair": token(claims(), ed.privateKey),
    "a cut signature": token(claims(), SECRET).slice(0, -4),
  }))
    expect([name, (await show(jwt)).status]).toEqual([name, 401]);
});

test("attacks: another time, another site, another server, a claim that is missing", async () => {
  await byEd();
  const attacks = (at: number): Record<string, object> => ({
    "too old": { iat: at - 400, exp: at - 61 },
    "good for more than ten minutes": { exp: at + 601 },
    "good for ever": { exp: 1e12 },
    "no end": { exp: undefined },
    "an end that is no number": { exp: String(at + 300) },
    "no beginning": { iat: undefined },
    "from the future": { iat: at + 120, exp: at + 300 },
    "not before later": { nbf: at + 120 },
    "ended before it began": { iat: at + 30, exp: at + 20 },
    "no number of its own": { jti: undefined },
    "an empty number": { jti: "" },
    "no subject": { sub: undefined },
    "a subject that is a number": { sub: 7 },
    "another site": { iss: "https://other.example" },
    "a name that begins like the site": { iss: `${ORIGIN}.evil.example` },
    "no site": { iss: undefined },
    "for another server": { aud: "https://comments.other.example" },
    "roles that are no list": { roles: "Staff" },
  });
  for (const name of Object.keys(attacks(0)))
    expect([name, (await show(token(claims(attacks(seconds())[name]), ed.privateKey))).status]).toEqual([name, 401]);
  // A clock may be a minute off.
  for (const off of [-1, 1]) {
    const at = seconds() + off * 45;
    expect((await show(token(claims({ iat: at, exp: at + (off < 0 ? 20 : 300) }), ed.privateKey))).status).toBe(200);
  }
});

test("attacks: a token is good once, on all servers together, and longer than it is good", async () => {
  await byEd();
  const beside = await testApp({ beside: app, config: app.services.config });
  beside.pass(app.services.now() - beside.services.now());
  const jwt = token(claims(), ed.privateKey);
  const many = Array.from({ length: 10 }, (_, i) =>
    (i % 2 ? app : beside).send("POST", "/api/v1/auth/sso", { url: PAGE, jwt }, { origin: ORIGIN }),
  );
  const answers = (await Promise.all(many)).map(({ status }) => status);
  expect(answers.toSorted()).toEqual([200, ...Array.from({ length: 9 }, () => 401)]);
  await app.services.store.sweep(app.services.now() + 300_000 + 58_000, 0);
  app.pass(300_000);
  expect((await show(jwt)).status).toBe(401);
  await beside.close();
});

test("attacks: another site's token is worth nothing, even where two sites share a key", async () => {
  const other = await app.take<SiteWire>("POST", "/sites", { name: "Other", origins: ["https://other.example"] });
  await byEd();
  const there = "https://other.example/post";
  expect((await show(token(claims({ iss: "https://other.example" }), ed.privateKey), there)).status).toBe(404);
  await app.take("PATCH", `/sites/${other.id}`, { settings: { sso: { algorithm: "EdDSA", key: ed.pem, roles: false } } });
  expect((await show(token(claims(), ed.privateKey), there)).status).toBe(401);
  const own = await show(token(claims({ iss: "https://other.example" }), ed.privateKey), there);
  expect(own.status).toBe(200);
  expect((await post((await own.json()) as SignedIn, "Here.")).status).toBe(401);
  // From a page that is not the site's.
  const elsewhere = await app.send(
    "POST",
    "/api/v1/auth/sso",
    { url: PAGE, jwt: token(claims(), ed.privateKey) },
    { origin: "https://evil.example" },
  );
  expect(elsewhere.status).toBe(403);
});

test("attacks: a token that is huge, deep or no JSON", async () => {
  await byEd();
  const signed = (body: string) => token(body, ed.privateKey);
  expect((await show(token(claims({ more: "x".repeat(5_000) }), ed.privateKey))).status).toBe(422);
  expect((await show("x".repeat(1_000_000))).status).toBe(413);
  for (const body of ["", "null", "[]", '"x"', "{", `${"[".repeat(900)}${"]".repeat(900)}`, '{"__proto__":{"iss":"x"}}'])
    expect([body.slice(0, 20), (await show(signed(body))).status]).toEqual([body.slice(0, 20), 401]);
});

test("a name is taken by the rules for any name, and a text that hides something is refused", async () => {
  await byEd();
  for (const name of ["", " ", "\u202e", "x".repeat(81), "Z\u0335\u0335\u0335"])
    expect((await show(token(claims({ name }), ed.privateKey))).status).toBe(422);
  expect((await show(token(claims({ email: "no address" }), ed.privateKey))).status).toBe(422);
});

test("a key is taken as an owner has it; a secret never comes back, lies sealed, and opens for its own site alone", async () => {
  const key = async () => ((await app.take<{ sites: SiteWire[] }>("GET", "/sites")).sites[0]!.settings.sso ?? { key: null }).key;
  for (const given of [ed.pem, JSON.stringify(ed.jwk), ed.jwk.x]) {
    expect((await settle({ algorithm: "EdDSA", key: given, roles: false })).status).toBe(200);
    expect(await key()).toBe(ed.jwk.x);
    expect((await show(token(claims(), ed.privateKey))).status).toBe(200);
  }
  const pair = edKeys();
  const secretPem = pair.privateKey.export({ type: "pkcs8", format: "pem" });
  for (const sso of [
    { algorithm: "EdDSA", key: secretPem, roles: false },
    { algorithm: "EdDSA", key: JSON.stringify(pair.privateKey.export({ format: "jwk" })), roles: false },
    { algorithm: "EdDSA", key: SECRET, roles: false },
    { algorithm: "HS256", key: "too short", roles: false },
    { algorithm: "HS256", key: ed.pem, roles: false },
    { algorithm: "HS256", key: "", roles: false },
    { algorithm: "RS256", key: SECRET, roles: false },
    { algorithm: "HS256", key: SECRET },
    { algorithm: "HS256", key: SECRET, roles: false, more: 1 },
  ]) {
    const refused = await settle(sso);
    expect([sso.key, refused.status]).toEqual([sso.key, 422]);
  }
  expect(await key()).toBe(ed.jwk.x);

  await bySecret();
  expect(await key()).toBe("");
  const [site] = await app.services.store.sites();
  expect(JSON.stringify(site)).not.toContain(SECRET);
  // Left as it is.
  expect((await settle({ algorithm: "HS256", key: "", roles: true })).status).toBe(200);
  expect((await show(token(claims(), SECRET))).status).toBe(200);
  const exported = await app.ask("GET", `/sites/${app.site.id}/export`);
  expect(await exported.text()).toContain('"sso":null');
  const moved = await app.take<SiteWire>("POST", "/sites", { name: "Thief", origins: ["https://thief.example"] });
  const log = { id: app.services.newId(), at: app.services.now(), by: "test", action: "site" } as const;
  await app.services.store.updateSite(moved.id, { settings: site!.settings }, log);
  expect((await show(token(claims({ iss: "https://thief.example" }), SECRET), "https://thief.example/post")).status).toBe(404);
  expect((await settle(null)).status).toBe(200);
  expect((await show(token(claims(), SECRET))).status).toBe(404);
});

test("the page is told that it may say who is there, and nothing of the key", async () => {
  await bySecret();
  const thread = await (await app.get(`/api/v1/thread?url=${encodeURIComponent(PAGE)}`)).text();
  expect((JSON.parse(thread) as { site: { settings: { ways?: object[] } } }).site.settings.ways).toEqual([]);
  expect(thread).not.toContain("sso");
});
