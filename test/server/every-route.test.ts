import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ENDPOINTS } from "../../server/routes/openapi.ts";
import { type TestApp, testApp } from "./setup.ts";

let it: TestApp;
beforeAll(async () => void (it = await testApp()));
afterAll(() => it.close());

const routes = () => it.app.routes.filter(({ method, path }) => method !== "ALL" && !path.endsWith("*"));
const concrete = (path: string) =>
  path.replace(/:site/g, "1").replace(/:id/g, "01890000-0000-7000-8000-000000000000").replace(/:\w+/g, "x");

test("every route is described, and nothing else is", () => {
  const described = ENDPOINTS.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort();
  const served = [
    ...new Set(routes().map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}").replace(/(.)\/$/, "$1")}`)),
  ].sort();
  expect(served).toEqual(described);
});

test("every answer carries the security headers, an id, and says nothing of what serves it", async () => {
  for (const { method, path } of [...routes(), { method: "GET", path: "/nothing" }, { method: "OPTIONS", path: "/api/v1/comments" }]) {
    const response = await it.app.request(concrete(path), { method });
    const name = `${method} ${path} ${response.status}`;
    expect(response.status, name).toBeLessThan(500);
    const { headers } = response;
    expect(headers.get("x-content-type-options"), name).toBe("nosniff");
    expect(headers.get("content-security-policy"), name).toContain("default-src 'none'");
    expect(headers.get("referrer-policy"), name).toBeTruthy();
    // But for the window of a sign-in, which the page that opened it sends on and speaks with; it has tests of its own.
    const opened = path.startsWith("/auth/") && response.headers.get("content-type")?.startsWith("text/html");
    expect(headers.get("cross-origin-opener-policy"), name).toBe(opened ? "unsafe-none" : "same-origin");
    expect(headers.get("strict-transport-security"), name).toBeTruthy();
    expect(headers.get("x-request-id"), name).toBeTruthy();
    expect(headers.get("server"), name).toBeNull();
    expect(headers.get("x-powered-by"), name).toBeNull();
    if (path.startsWith("/api/")) expect(headers.get("cache-control"), name).toMatch(/no-store|no-cache/);
  }
});

describe("the OpenAPI description", () => {
  test("is 3.1, names the shared schemas once, and every reference leads somewhere", async () => {
    const text = await (await it.get("/api/openapi.json")).text();
    const api = JSON.parse(text) as { openapi: string; components: { schemas: Record<string, unknown> } };
    expect(api.openapi).toBe("3.1.0");
    expect(Object.keys(api.components.schemas)).toEqual(
      expect.arrayContaining(["Comment", "Thread", "NewComment", "Posted", "Refusal", "PageInfo"]),
    );
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g))
      expect(api.components.schemas[name as string], name).toBeDefined();
    expect(text).not.toContain("$defs");
    expect(text.match(/"\$ref":"#\/components\/schemas\/Comment"/g)?.length).toBeGreaterThan(3);
  });
});

test("a method that a route does not know is 405 and says which it knows; the panel opens with a slash, too", async () => {
  for (const [method, path, allowed] of [
    ["PUT", "/api/v1/comments", "POST"],
    ["POST", "/healthz", "GET, HEAD"],
    ["PUT", "/api/v1/sites/1/comments/x", "DELETE, GET, HEAD, PATCH"],
    ["GET", "/api/v1/comments/", null],
  ] as const) {
    const response = await it.app.request(path, { method });
    expect([path, response.status, response.headers.get("allow")]).toEqual([path, allowed === null ? 404 : 405, allowed]);
    expect(response.headers.get("content-type")).toContain("application/json");
  }
  expect((await it.get("/panel/")).headers.get("location")).toBe("/panel");
});

test("a route that does not exist is 404, a log line is one line and holds no address", async () => {
  it.lines.length = 0;
  await it.get("/nothing?email=a@b.example", { "user-agent": 'x [31m {"level":"error"}', "x-forwarded-for": "203.0.113.9" });
  const line = JSON.stringify(it.lines);
  expect(it.lines.length).toBe(1);
  expect(line).not.toMatch(/203\.0\.113\.9|a@b|\[31m|nothing/);
});
