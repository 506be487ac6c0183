import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readAssets } from "../../server/routes/assets.ts";
import { type TestApp, testApp } from "./setup.ts";

let it: TestApp;
const folder = mkdtempSync(join(tmpdir(), "youfigure-assets-"));
beforeAll(async () => {
  const files = { "embed.js": "embed-AAAAAAAA.js", "app.js": "app-BBBBBBBB.js", "thread.css": "thread-CCCC-_CC.css" };
  for (const file of [...Object.values(files), "chunk-DDDDDDDD.js"]) {
    for (const ending of ["", ".br", ".gz"]) writeFileSync(join(folder, file + ending), `${file} as ${ending || "it is"}`);
  }
  const manifest = Object.entries(files).map(([name, file]) => [name, { file, integrity: "sha384-x", raw: 1, brotli: 1 }]);
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(Object.fromEntries(manifest)));
  it = await testApp({ assets: readAssets(folder) });
});
afterAll(async () => {
  await it.close();
  rmSync(folder, { recursive: true });
});

test("a built file is immutable under its hash, for every origin, compressed as asked", async () => {
  const response = await it.get("/assets/chunk-DDDDDDDD.js", { "accept-encoding": "br", origin: "https://anyone.example" });
  expect(await response.text()).toBe("chunk-DDDDDDDD.js as .br");
  expect(response.headers.get("cache-control")).toContain("immutable");
  expect(response.headers.get("content-encoding")).toBe("br");
  expect(response.headers.get("access-control-allow-origin")).toBe("*");
  expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
});

test("the addresses that pages name stay, and are asked for again", async () => {
  for (const [path, file] of [
    ["/embed.js", "embed-AAAAAAAA.js"],
    ["/assets/app.js", "app-BBBBBBBB.js"],
  ] as const) {
    const response = await it.get(path);
    expect(await response.text()).toBe(`${file} as it is`);
    expect(response.headers.get("cache-control")).not.toContain("immutable");
    const again = await it.get(path, { "if-none-match": response.headers.get("etag") as string });
    expect(again.status).toBe(304);
  }
});

test("a part of an earlier build leads to today's", async () => {
  const old = await it.get("/assets/app-OLD_OLD-.js");
  expect([old.status, old.headers.get("location")]).toEqual([302, "/assets/app-BBBBBBBB.js"]);
  expect(old.headers.get("access-control-allow-origin"), "a module's redirect must pass CORS too").toBe("*");
  expect((await it.get("/assets/thread-OLDOLDOL.css")).headers.get("location")).toBe("/assets/thread-CCCC-_CC.css");
  expect((await it.get("/assets/nothing-OLDOLDOL.js")).status).toBe(404);
});

test("no path leads out of the folder", async () => {
  for (const path of [
    "..%2fmanifest.json",
    "%2e%2e/secret-key",
    "..%5csecret-key",
    "manifest.json",
    "app-BBBBBBBB.js%00",
    "app-BBBBBBBB.js.br",
    "....//x",
  ]) {
    expect((await it.get(`/assets/${path}`)).status, path).toBe(404);
  }
});
