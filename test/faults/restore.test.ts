import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Blog, makeBlog, pageOf, postUntilStored, read } from "./blog.ts";
import { runCommand, startServer } from "./process.ts";
import { recount } from "./recount.ts";
import { stock } from "./stock.ts";

let blog: Blog;
let copy: string;
beforeEach(async () => {
  blog = await makeBlog();
  copy = `${blog.database}.copy`;
  await stock(blog, 30);
  expect((await runCommand(["backup", copy], blog)).code).toBe(0);
});
afterEach(() => blog.remove());

const restore = (file = copy) => runCommand(["restore", file], blog);
const folder = () => readdirSync(dirname(blog.database)).toSorted();
const keptFiles = () => folder().filter((name) => name.includes(".before-"));
const count = async (path: string) => (await recount(path, blog.site)).ids.size;

describe("restoring a copy (R-18)", () => {
  it("puts it in the place of the database, keeps what was there before, and a server serves it", async () => {
    await stock(blog, 12, { from: 100 });
    const done = await restore();
    expect(done).toMatchObject({ code: 0, stderr: "" });
    const [kept] = keptFiles();
    expect(done.stdout).toContain(kept);
    expect(statSync(blog.database).mode & 0o777).toBe(0o600);
    expect([await count(blog.database), await count(join(dirname(blog.database), kept!))]).toEqual([30, 42]);
    const server = await startServer(blog);
    expect((await read(server.url, pageOf(0))).length).toBeGreaterThan(0);
    server.kill("SIGTERM");
    expect((await server.ended).code).toBe(0);
  });

  it("is refused while a server has the database open, which goes on and loses nothing", async () => {
    const server = await startServer(blog);
    const refused = await restore();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toBe(`youfigure: ${blog.database} is in use. Stop the server, then restore\n`);
    const id = await postUntilStored(blog, server.url, 1_000);
    server.kill("SIGTERM");
    expect((await server.ended).code).toBe(0);
    expect((await recount(blog.database, blog.site)).ids).toContain(id);
    expect(keptFiles()).toEqual([]);
  });

  it("is refused while a server has it open, though the file was damaged under it", async () => {
    const server = await startServer(blog);
    await postUntilStored(blog, server.url, 1_000);
    const bytes = readFileSync(blog.database);
    writeFileSync(blog.database, Buffer.concat([Buffer.alloc(4096, 0x55), bytes.subarray(4096)]), { flag: "r+" });
    expect(await restore()).toMatchObject({ code: 1, stderr: expect.stringContaining("is in use") });
    server.kill("SIGKILL");
    await server.ended;
    expect(await restore()).toMatchObject({ code: 0, stderr: "" });
    expect(await count(blog.database)).toBe(30);
  });

  it("takes back with a killed server's log all that it acknowledged into the file that is kept", async () => {
    const server = await startServer(blog);
    const id = await postUntilStored(blog, server.url, 1_000);
    server.kill("SIGKILL");
    await server.ended;
    expect(existsSync(`${blog.database}-wal`)).toBe(true);
    expect((await restore()).code).toBe(0);
    expect(existsSync(`${blog.database}-wal`)).toBe(false);
    expect((await recount(join(dirname(blog.database), keptFiles()[0]!), blog.site)).ids).toContain(id);
    expect(await count(blog.database)).toBe(30);
  });

  const unfit: [string, (path: string) => void, RegExp][] = [
    ["is no database", (path) => writeFileSync(path, "Dear diary.\n".repeat(500)), /is no SQLite database/],
    ["was cut off", (path) => truncateSync(path, 16_384), /is damaged/],
    ["has a page of noise", (path) => noisy(path), /is damaged/],
    ["is a database of something else", (path) => inside(path, "pragma application_id = 1"), /something else/],
    ["a newer version wrote", (path) => inside(path, "insert into schema_versions (version, at) values (99, 0)"), /newer version/],
  ];
  it.each(unfit)("is refused for a copy that %s, and everything stays as it was", async (_, spoil, why) => {
    spoil(copy);
    const before = { database: readFileSync(blog.database), names: folder() };
    const { code, stderr } = await restore();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^youfigure: [^\n]+\n$/);
    expect(stderr).toMatch(why);
    expect(readFileSync(blog.database).equals(before.database)).toBe(true);
    expect(folder()).toEqual(before.names);
  });

  it("makes the database where there is none, and takes the place of one that is damaged", async () => {
    const { database } = blog;
    blog = { ...blog, database: join(dirname(database), "new.db") };
    expect(await restore()).toMatchObject({ code: 0, stderr: "" });
    expect(await count(blog.database)).toBe(30);
    blog = { ...blog, database };
    writeFileSync(database, "no longer a database");
    expect(await restore()).toMatchObject({ code: 0, stderr: "" });
    expect(await count(database)).toBe(30);
    expect(keptFiles().map((name) => readFileSync(join(dirname(database), name), "utf8"))).toEqual(["no longer a database"]);
  });

  it("names a copy that is not there", async () => {
    expect(await restore(`${copy}-lost`)).toMatchObject({ code: 1, stderr: expect.stringContaining(basename(`${copy}-lost`)) });
  });
});

function noisy(path: string): void {
  const bytes = readFileSync(path);
  for (let at = 5 * 4096; at < 8 * 4096; at++) bytes[at] = (at * 151) & 0xff;
  writeFileSync(path, bytes);
}

function inside(path: string, sql: string): void {
  const db = new Database(path);
  db.exec(sql);
  db.close();
}
