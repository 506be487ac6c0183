import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Blog, makeBlog } from "./blog.ts";
import { damageLog, flipBytes } from "./flips.ts";
import { runCommand } from "./process.ts";

let blog: Blog;
beforeEach(async () => {
  blog = await makeBlog();
});
afterEach(() => blog.remove());

describe("a database that cannot be used", () => {
  const damages: [string, (path: string) => void][] = [
    ["is no database", (path) => writeFileSync(path, "Dear diary, today it rained.\n".repeat(50))],
    ["is empty", (path) => truncateSync(path, 0)],
    ["was cut off", (path) => truncateSync(path, 8192)],
    ["has a page of noise for its schema", (path) => writeFileSync(path, noisy(readFileSync(path)))],
  ];

  it.each(damages)("that %s is refused in one line and left as it is (R-05)", async (_, damage) => {
    damage(blog.database);
    const before = readFileSync(blog.database);
    const beside = readdirSync(dirname(blog.database)).toSorted();
    const { code, stderr } = await runCommand(["serve"], blog);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^youfigure: [^\n]*(?:is damaged|is no SQLite database)[^\n]*\n$/);
    expect(readFileSync(blog.database).equals(before)).toBe(true);
    expect(readdirSync(dirname(blog.database)).toSorted()).toEqual(beside);
  });
});

/** Overwrites the first page behind the file's header of 100 bytes. */
function noisy(file: Buffer): Buffer {
  for (let at = 100; at < 4096; at++) file[at] = (at * 151) & 0xff;
  return file;
}

it("whose bytes are not what was written is refused and left as it is, unless SQLite itself finds nothing (R-05)", async () => {
  expect(await flipBytes(blog, 2, 1)).toMatchObject({ wrong: [] });
});

it.each(["missing", "garbled"] as const)("whose log is %s is served from the file (R-05)", async (damage) => {
  expect(await damageLog(blog, damage)).toMatchObject({ wrong: [] });
});
