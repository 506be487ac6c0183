import { afterEach, beforeEach, expect, test } from "vitest";
import { hashToken } from "../../server/auth/token.ts";
import { signInAtIssuer } from "../auth/at-issuer.ts";
import { type Issuer, openIssuer } from "../auth/issuer.ts";
import { openWindow } from "../auth/window.ts";
import { type Panel, panelApp } from "./owner.ts";

let first: Issuer;
let second: Issuer;
let app: Panel;
let base: string;
beforeEach(async () => {
  [first, second] = await Promise.all([openIssuer(), openIssuer()]);
  app = await panelApp({ config: { outboundAllow: [first.place, second.place] } });
  base = `/sites/${app.site.id}/ways`;
  for (const issuer of [first, second]) issuer.open("https://comments.example/auth/callback/1-oidc");
  await app.take("POST", base, { kind: "oidc" });
  await app.take("POST", base, { kind: "oidc" });
  for (const id of ["1-oidc", "1-oidc-2"]) await app.take("PATCH", `${base}/${id}`, { issuer: first.url, ...of(first) });
});
afterEach(async () => {
  await app.close();
  await Promise.all([first.close(), second.close()]);
});

const of = ({ client: { client, secret } }: Issuer) => ({ client, secret });

/** The token that anna's page is given. */
async function signIn(): Promise<string> {
  const window = await openWindow(app, "1-oidc");
  expect((await window.ask(await signInAtIssuer(window.went, "anna"))).status).toBe(200);
  await window.confirm();
  const { step, token = "", reader } = await window.finish();
  expect([step, reader?.name, reader?.way]).toEqual(["done", "Anna Figure", "OpenID Connect"]);
  return token;
}
const accountOf = async (token: string) => (await app.services.store.readerSession(app.site.id, hashToken(token)))?.account.id;
const posted = async (token: string, body: string) => (await app.post({ body }, { authorization: `Bearer ${token}` })).status;

test("a way that leads to another issuer than before makes no one of the new issuer someone of the old", async () => {
  const before = await accountOf(await signIn());
  expect(await accountOf(await signIn())).toBe(before);
  await app.take("PATCH", `${base}/1-oidc`, { issuer: second.url, ...of(second) });
  const after = await accountOf(await signIn());
  expect(after).toBeDefined();
  expect(after).not.toBe(before);
  await app.take("DELETE", `${base}/1-oidc`);
  await app.take("POST", base, { kind: "oidc" });
  await app.take("PATCH", `${base}/1-oidc`, { issuer: first.url, ...of(first) });
  expect(await accountOf(await signIn())).toBe(before);
});

test("an answer for one of a site's ways is not taken at the address of another, though both have one issuer", async () => {
  const window = await openWindow(app, "1-oidc");
  const back = await signInAtIssuer(window.went, "anna");
  expect((await window.ask(back.replace("/1-oidc?", "/1-oidc-2?"))).status).toBe(400);
  expect((await window.ask(back.replace("/1-oidc?", "/2-oidc?"))).status).toBe(400);
  expect((await window.ask(back)).status).toBe(200);
});

test("a way that is switched off in between lets no one in who is under way, and leaves those in who are", async () => {
  const token = await signIn();
  const window = await openWindow(app, "1-oidc");
  const back = await signInAtIssuer(window.went, "anna");
  await app.take("PATCH", `${base}/1-oidc`, { on: false });
  expect((await window.ask(back)).status).toBe(400);
  expect(await posted(token, "Still here.")).toBe(201);
});

test("who came in by a way is out once it is removed", async () => {
  const token = await signIn();
  expect(await posted(token, "While it lasts.")).toBe(201);
  await app.take("DELETE", `${base}/1-oidc`);
  expect(await posted(token, "Too late.")).toBe(401);
});
