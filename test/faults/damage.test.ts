import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Blog, commentOf, makeBlog, post, UnexpectedAnswer } from "./blog.ts";
import { runCommand, startServer } from "./process.ts";
import { recount } from "./recount.ts";

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

  it.each(damages)("that %s is refused in one line and left as it is", async (_, damage) => {
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

describe("a disk that is full", () => {
  it("refuses writers for the time being, still answers readers, and keeps what it acknowledged", async () => {
    // Enough for some comments, in units of 512 bytes; a file beyond it can't be written.
    const server = await startServer({ ...blog, largestFile: 2_000 });
    const acknowledged: string[] = [];
    const full = await (async () => {
      for (let n = 0; ; n++) {
        try {
          acknowledged.push(await post(server.url, commentOf(blog, n, null), `key-${n}`));
        } catch (error) {
          return error;
        }
      }
    })();
    expect(full).toBeInstanceOf(UnexpectedAnswer);
    expect((full as UnexpectedAnswer).status).toBe(503);
    expect(acknowledged.length).toBeGreaterThan(0);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    server.kill("SIGTERM");
    await server.ended;

    const roomy = await startServer(blog);
    acknowledged.push(await post(roomy.url, commentOf(blog, acknowledged.length, null), `key-${acknowledged.length}`));
    roomy.kill("SIGTERM");
    expect((await roomy.ended).code).toBe(0);
    const { ids, wrong } = await recount(blog.database, blog.site);
    expect([...ids].toSorted()).toEqual(acknowledged.toSorted());
    expect(wrong).toEqual([]);
  });
});
