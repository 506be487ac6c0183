import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltFile, buildWidget } from "../../widget/build.mjs";

let built: Record<string, BuiltFile>;
const outDir = mkdtempSync(join(tmpdir(), "youfigure-weight-"));
beforeAll(async () => {
  built = await buildWidget({ outDir, panel: false });
});
afterAll(() => rmSync(outDir, { recursive: true, force: true }));

const brotli = (...names: string[]) => names.reduce((sum, name) => sum + built[name]!.brotli, 0);

test("reading a thread and seeing the closed box costs 12 kB at most, with CSS and English", () => {
  expect(brotli("embed.js", "app.js")).toBeLessThanOrEqual(12_000);
});

test("being told of what changes costs 1 kB at most, and so does showing it once something does", () => {
  expect(brotli("live.js")).toBeLessThanOrEqual(1_000);
  expect(brotli("news.js")).toBeLessThanOrEqual(1_000);
});

test("signing in costs 3 kB at most, following its window, its drawings, the site's own user and what few accounts need being files of their own", () => {
  expect(brotli("sign-in.js")).toBeLessThanOrEqual(3_000);
  expect(brotli("watch-window.js", "later.js", "add-email.js")).toBeLessThanOrEqual(2_500);
  expect(brotli("own-things.js")).toBeLessThanOrEqual(1_000);
  for (const language of ["de", "ar"]) expect(brotli(`${language}-sign-in.js`)).toBeLessThan(500);
});

test("count.js stays below 1 kB", () => {
  expect(brotli("count.js")).toBeLessThan(1_000);
});

test("the opened box with preview and edit comes in a chunk of at most 4 kB, and so does what a reader can do in the thread", () => {
  expect(brotli("box.js")).toBeLessThanOrEqual(4_000);
  expect(brotli("desk.js")).toBeLessThanOrEqual(4_000);
});

test("nothing is merely moved from one chunk to another: the whole widget but for live updates stays below 19.9 kB", () => {
  expect(brotli("embed.js", "app.js", "desk.js", "box.js")).toBeLessThanOrEqual(19_900);
});

test("another language is one small file for the thread and one for the box", () => {
  for (const language of ["de", "ar"]) expect(brotli(`${language}-thread.js`, `${language}-box.js`)).toBeLessThan(2_000);
});
