import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { panelEndpoints } from "../../server/routes/panel.ts";
import { cookieOf, FROM_PANEL, type Panel, panelApp, askPanel, OWNER } from "./owner.ts";

/** What anyone may ask; each checks for itself what it needs. */
const OPEN = new Set([
  "get /session",
  "post /login/options",
  "post /login/passkey",
  "post /login/passphrase",
  "post /login/link",
  "post /setup/options",
  "post /setup",
]);

let app: Panel;
let stale: string;
let comment: string;
beforeAll(async () => {
  app = await panelApp();
  const login = await askPanel(app, "POST", "/login/passphrase", { email: OWNER.email, passphrase: OWNER.passphrase });
  stale = cookieOf(login);
  await askPanel(app, "POST", "/logout", {}, { cookie: stale });
  comment = ((await (await app.post()).json()) as { comment: { id: string } }).comment.id;
});
afterAll(() => app.close());

const routes = panelEndpoints.map(({ method, path }) => ({ method, path: path.replace("/api/v1/panel", "") }));
const real = (path: string) => path.replace("{site}", String(app.site.id)).replace("{id}", comment);
const request = (method: string, path: string, headers: Record<string, string>, body?: string) =>
  app.app.request(`/api/v1/panel${real(path)}`, { method: method.toUpperCase(), headers, ...(body !== undefined && { body }) });

/** What is stored, to show that a refused request changed nothing. */
const stored = async () =>
  JSON.stringify([
    await app.services.store.sites(),
    await app.services.store.owners(),
    await app.services.store.queueCounts(),
    await app.services.store.comment(app.site.id, comment),
    await app.services.store.pages({ site: app.site.id, limit: 10 }),
  ]);

test("every route of the panel is described, and every description is a route", () => {
  const mounted = app.app.routes
    .filter(({ path, method }) => path.startsWith("/api/v1/panel/") && method !== "ALL" && !path.endsWith("*"))
    .map(({ method, path }) => `${method.toLowerCase()} ${path.replace("/api/v1/panel", "").replace(/:(\w+)/g, "{$1}")}`);
  expect([...new Set(mounted)].sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
});

const json = { "content-type": "application/json" };
const bodyOf = (method: string) => (method === "get" ? undefined : "{}");
const closed = routes.filter(({ method, path }) => !OPEN.has(`${method} ${path}`));
const writing = routes.filter(({ method }) => method !== "get");

test("what is open is just the door", () => {
  expect(closed).toHaveLength(routes.length - OPEN.size);
});

describe.each(closed)("$method $path", ({ method, path }) => {
  const body = bodyOf(method);

  test("a stranger is told to sign in", async () => {
    const { status } = await request(method, path, { ...FROM_PANEL, ...json }, body);
    expect(status).toBe(401);
  });

  test("a session that was ended is nobody's", async () => {
    const { status } = await request(method, path, { ...FROM_PANEL, ...json, cookie: stale }, body);
    expect(status).toBe(401);
  });

  test("a cookie that was made up is nobody's", async () => {
    const { status } = await request(method, path, { ...FROM_PANEL, ...json, cookie: `__Host-youfigure=${"A".repeat(43)}` }, body);
    expect(status).toBe(401);
  });

  test("its answers are kept by no cache and no other origin may read them", async () => {
    const answer = await request(method, path, { ...FROM_PANEL, ...json, origin: "https://blog.example" }, body);
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });
});

describe.each(writing)("$method $path", ({ method, path }) => {
  test("nothing is done for another site's page, whatever it sends", async () => {
    const before = await stored();
    const owner = { cookie: app.cookie };
    const header = { "x-youfigure": "1" };
    const refused: [string, Record<string, string>, number][] = [
      ["another origin", { ...owner, ...header, ...json, origin: "https://evil.example" }, 403],
      ["a page of a site of ours", { ...owner, ...header, ...json, origin: "https://blog.example", "sec-fetch-site": "cross-site" }, 403],
      ["a page of the same site", { ...owner, ...header, ...json, "sec-fetch-site": "same-site" }, 403],
      ["no origin at all", { ...owner, ...header, ...json }, 403],
      ["the null origin", { ...owner, ...header, ...json, origin: "null" }, 403],
      ["an origin that begins like ours", { ...owner, ...header, ...json, origin: "https://comments.example.evil.example" }, 403],
      ["our origin over http", { ...owner, ...header, ...json, origin: "http://comments.example" }, 403],
      ["without our header", { ...owner, ...json, origin: FROM_PANEL.origin, "sec-fetch-site": "same-origin" }, 403],
      ["a form that looks like JSON", { ...owner, ...FROM_PANEL, "content-type": "text/plain" }, 415],
      ["a form", { ...owner, ...FROM_PANEL, "content-type": "application/x-www-form-urlencoded" }, 415],
      ["a form with files", { ...owner, ...FROM_PANEL, "content-type": "multipart/form-data; boundary=x" }, 415],
      ["no type", { ...owner, ...FROM_PANEL, "content-type": "" }, 415],
    ];
    for (const [what, headers, status] of refused) {
      expect([what, (await request(method, path, headers, "{}")).status]).toEqual([what, status]);
    }
    expect(await stored()).toBe(before);
  });

  test("a GET, a HEAD or a method override does nothing in its place", async () => {
    const before = await stored();
    for (const other of ["GET", "HEAD"])
      await request(other, path, { ...FROM_PANEL, cookie: app.cookie, "x-http-method-override": method });
    expect(await stored()).toBe(before);
  });
});

test("members that were not asked for are refused, and types are not guessed at", async () => {
  const before = await stored();
  const id = { site: app.site.id, id: comment };
  const requests: [string, string, unknown][] = [
    ["POST", "/comments/status", { ids: [id], to: "trash", is_owner: 1 }],
    ["POST", "/comments/status", { ids: [{ ...id, status: "approved" }], to: "trash" }],
    ["POST", "/comments/status", { ids: id, to: "trash" }],
    ["POST", "/comments/status", { ids: [{ site: String(app.site.id), id: comment }], to: "trash" }],
    ["POST", "/comments/status", { ids: [id], to: "removed" }],
    ["POST", "/comments/status", { ids: [], to: "trash" }],
    ["POST", "/comments/empty", { status: "approved" }],
    ["PATCH", "/owner", { name: "Eve", passphrase: "let me in please" }],
    ["PATCH", "/owner", { name: "Eve", id: "other" }],
    ["PATCH", `/sites/${app.site.id}`, { settings: { images: "yes" } }],
    ["PATCH", `/sites/${app.site.id}`, { settings: { unheardOf: true } }],
    ["PATCH", `/sites/${app.site.id}`, { settings: { __proto__: null, maxDepth: 99 } }],
    ["PATCH", `/sites/${app.site.id}`, { createdAt: 0 }],
    ["POST", `/sites/${app.site.id}/comments/${comment}/reply`, { body: "Hello", key: "0123456789abcdef", role: "Operator" }],
    [
      "PATCH",
      `/sites/${app.site.id}/comments/${comment}`,
      { body: "x", name: "A", email: "", website: "", version: 1, status: "approved" },
    ],
  ];
  for (const [method, path, body] of requests) {
    const { status } = await app.ask(method, path, body);
    expect([path, JSON.stringify(body), status]).toEqual([path, JSON.stringify(body), 422]);
  }
  expect(await stored()).toBe(before);
});

test("repeated and unknown query parameters are refused", async () => {
  for (const query of ["site=1&site=2", "site[]=1", "status=removed", "status=all", "site=1e3", "page=1", "limit=100000"]) {
    expect([query, (await app.ask("GET", `/queue?${query}`)).status]).toEqual([query, 422]);
  }
});

test("another site's comment is not reached through this site", async () => {
  const other = await app.take<{ id: number }>("POST", "/sites", { name: "Other", origins: ["https://other.example"] });
  expect((await app.ask("GET", `/sites/${other.id}/comments/${comment}`)).status).toBe(404);
  const { changes } = await app.take<{ changes: unknown[] }>("POST", "/comments/status", {
    ids: [{ site: other.id, id: comment }],
    to: "trash",
  });
  expect(changes).toEqual([]);
  expect((await app.ask("PATCH", `/sites/${other.id}/pages`, { url: "https://blog.example/post", open: false })).status).toBe(403);
  await app.take("DELETE", `/sites/${other.id}`, {});
});

test("strings that mean something to SQL or to the search find what they say, and never break it", async () => {
  for (const search of ["'", '"', "*", "NEAR(", "%", "a AND", "-x", "(", "\u0000", "col:val", "^", "OR OR", "{", "\\"]) {
    const { status } = await app.ask("GET", `/queue?search=${encodeURIComponent(search)}`);
    expect([search, status]).toEqual([search, 200]);
  }
});
