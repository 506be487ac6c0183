import { afterAll, beforeAll, expect, test } from "vitest";
import * as v from "valibot";
import { openReaderSession } from "../../server/auth/reader-session.ts";
import { ENDPOINTS } from "../../server/routes/openapi.ts";
import { RefusalWire } from "../../server/wire/refusal.ts";
import { ORIGIN, PAGE } from "../server/setup.ts";
import { token as siteToken } from "../auth/site-user.ts";
import { OWNER, type Panel, panelApp } from "./owner.ts";

let app: Panel;
beforeAll(
  async () =>
    void (app = await panelApp({
      settings: { holdWords: ["wait"], rules: "Be *kind*.", privacyUrl: "https://blog.example/privacy" },
      config: { oidc: [{ id: "work", label: "Work", issuer: "https://login.example", client: "comments", secret: "" }] },
    })),
);
afterAll(() => app.close());

const seen = new Set<string>();

/** Asks, and holds the answer against what the description says of it: its status, every member and no other. */
async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<never> {
  const panel = path.startsWith("/api/v1/panel");
  const response = panel
    ? await app.ask(method, path.slice("/api/v1/panel".length), body, headers)
    : await app.send(method, path, body, headers);
  const endpoint = ENDPOINTS.find(
    (candidate) =>
      candidate.method === method.toLowerCase() &&
      new RegExp(`^${candidate.path.replace(/\{\w+\}/g, "[^/]+")}$`).test(path.split("?")[0] as string),
  );
  if (!endpoint) throw new Error(`${method} ${path} is not described`);
  const name = `${method} ${path} ${response.status}`;
  const answer: unknown = await response.json();
  const schema = response.ok ? endpoint.answers[response.status]?.schema : RefusalWire;
  if (!schema) throw new Error(`${name} is not described: ${JSON.stringify(answer)}`);
  expect(v.parse(schema, answer), name).toEqual(answer);
  if (response.ok) seen.add(`${endpoint.method} ${endpoint.path}`);
  return answer as never;
}

test("every answer is what the description says, to the member", async () => {
  const url = encodeURIComponent(PAGE);
  const token = async () => ((await ask("POST", "/api/v1/form-token", { url: PAGE })) as { token: string }).token;
  const post = async (more: object) =>
    (await ask("POST", "/api/v1/comments", {
      url: PAGE,
      name: "Anna",
      email: "anna@reader.example",
      website: "anna.example",
      token: await token(),
      ...more,
    })) as { comment: { id: string; version: number }; editToken: string };
  const first = await post({ body: "First", title: "A page" });
  const own = { authorization: `Bearer ${first.editToken}` };
  const reply = await post({ body: "Reply", parent: first.comment.id });
  const held = await post({ body: "wait" });
  const path = (id: string) => `/api/v1/sites/${app.site.id}/comments/${id}`;
  await ask("POST", "/api/v1/comments", { url: PAGE, body: 7 });
  await ask("PATCH", path(first.comment.id), { body: "Edited" }, own);
  for (const more of ["", "&sort=newest", `&around=${reply.comment.id}`, `&parent=${first.comment.id}`])
    await ask("GET", `/api/v1/thread?url=${url}${more}`);
  await ask("GET", `/api/v1/counts?url=${url}&url=x`);
  await ask("GET", path(first.comment.id));
  await ask("GET", path(first.comment.id), undefined, own);
  await ask("GET", path(held.comment.id), undefined, { authorization: `Bearer ${held.editToken}` });
  await ask("POST", "/api/v1/preview", { url: PAGE, body: "*x*" });
  await ask("DELETE", path(first.comment.id), undefined, own);
  await ask("GET", `/api/v1/thread?url=${url}`);

  const verifier = "v".repeat(43);
  const origin = { origin: ORIGIN };
  const begun = { url: PAGE, provider: "work", verifier, returnTo: "" };
  const { request } = (await ask("POST", "/api/v1/auth/start", begun, origin)) as { request: string };
  await ask("POST", "/api/v1/auth/finish", { request, verifier }, origin);

  const account = {
    id: app.services.newId(),
    site: app.site.id,
    provider: "work",
    name: "Anna",
    email: "",
    emailVerified: false,
    createdAt: 0,
  };
  await app.services.store.keepAccount(account, "anna");
  const bearer = { ...origin, authorization: `Bearer ${await openReaderSession(app.services, app.site.id, account.id)}` };
  await app.send("POST", "/api/v1/comments", { url: PAGE, body: "Signed in", token: await token() }, bearer);
  await ask("POST", "/api/v1/auth/yours", { url: PAGE }, bearer);
  expect(await ask("POST", "/api/v1/auth/mine", { url: PAGE }, bearer)).toMatchObject({ comments: [{}] });

  const panel = "/api/v1/panel";
  const key = "only the site and this server know it";
  await ask("PATCH", `${panel}/sites/${app.site.id}`, { settings: { sso: { algorithm: "HS256", key, roles: false } } });
  const iat = Math.floor(app.services.now() / 1_000);
  const jwt = siteToken({ iss: ORIGIN, sub: "7", name: "Anna", iat, exp: iat + 60, jti: "1" }, key);
  await ask("POST", "/api/v1/auth/sso", { url: PAGE, jwt }, origin);
  const one = (id: string) => `${panel}/sites/${app.site.id}/comments/${id}`;
  await ask("GET", `${panel}/session`);
  for (const query of ["", "?status=held", "?status=trash&site=1", "?search=wait"]) await ask("GET", `${panel}/queue${query}`);
  await ask("GET", one(held.comment.id));
  await ask("POST", `${one(held.comment.id)}/reply`, { body: "Thank you", key: "0123456789abcdef" });
  const view = (await ask("GET", one(reply.comment.id))) as { item: { comment: { version: number } } };
  const change = { body: "Better", name: "Ann", email: "", website: "", version: view.item.comment.version };
  await ask("PATCH", one(reply.comment.id), change);
  await ask("PATCH", one(reply.comment.id), change);
  await ask("GET", `${one(reply.comment.id)}/history`);
  const ids = [{ site: app.site.id, id: reply.comment.id }];
  await ask("POST", `${panel}/comments/status`, { ids, to: "spam" });
  await ask("POST", `${panel}/comments/purge`, { ids });
  await ask("POST", `${panel}/comments/empty`, { status: "trash" });
  await ask("GET", `${panel}/settings`);
  await ask("GET", `${panel}/sites`);
  const { id } = (await ask("POST", `${panel}/sites`, { name: "Two", origins: ["two.example"] })) as { id: number };
  await ask("PATCH", `${panel}/sites/${id}`, { aliases: { "www.two.example": "two.example" }, settings: { holdAll: true } });
  await ask("GET", `${panel}/sites/${app.site.id}/seen`);
  await ask("GET", `${panel}/sites/${app.site.id}/pages`);
  await ask("PATCH", `${panel}/sites/${app.site.id}/pages`, { url: PAGE, open: false });
  const ways = `${panel}/sites/${app.site.id}/ways`;
  const ownWay = `${ways}/${app.site.id}-oidc`;
  await ask("POST", ways, { kind: "oidc" });
  await ask("POST", ways, { kind: "telepathy" });
  await ask("PATCH", ownWay, { label: "Home", issuer: "http://login.example", client: "comments", secret: "s" });
  await ask("PATCH", `${ways}/work`, { on: false });
  const known = (await ask("GET", ways)) as { ways: { id: string }[] };
  await ask("PUT", `${ways}/order`, { ids: known.ways.map((way) => way.id) });
  await ask("POST", `${ownWay}/test`, {});
  await ask("DELETE", ownWay, {});
  await ask("DELETE", `${panel}/sites/${id}`, {});
  await ask("PATCH", `${panel}/owner`, { name: "Olga O." });
  await ask("GET", `${panel}/mail`);
  await ask("POST", `${panel}/mail/retry`, {});
  await ask("POST", `${panel}/mail/test`, {});
  await ask("GET", `${panel}/passkeys`);
  await ask("POST", `${panel}/passkeys/options`, {});
  await ask("POST", `${panel}/login/options`, {});
  await ask("POST", `${panel}/login/link`, { token: "A".repeat(43) });
  await ask("POST", `${panel}/login/passphrase`, { email: OWNER.email, passphrase: OWNER.passphrase }, { cookie: "" });
  await ask("POST", `${panel}/logout-everywhere`, {});

  const described = ENDPOINTS.filter(({ answers }) => Object.values(answers).some(({ schema }) => schema));
  // Streams are held against theirs where they are opened: test/live, test/panel/live.
  const others = /\/live$|\/setup|passkey|\/owner\/passphrase|\/logout$|login\/link$/;
  expect(described.map(({ method, path }) => `${method} ${path}`).filter((name) => !seen.has(name) && !others.test(name))).toEqual([]);
});
