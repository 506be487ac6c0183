import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../../server/app.ts";
import { makeLink } from "../../server/auth/link.ts";
import { readConfig } from "../../server/config.ts";
import { openServices } from "../../server/main.ts";
import { move } from "../../server/move.ts";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import { FROM_PANEL, type Panel, panelApp } from "../panel/owner.ts";
import { bareDatabase, type TestDatabase, within } from "../store/databases.ts";
import { fill } from "../store/fill.ts";
import { newLog, newRow, newSite, put } from "../store/rows.ts";
import { ORIGIN, PAGE } from "./setup.ts";

const CLI = join(import.meta.dirname, "..", "..", "dist", "server", "cli.js");
const ENV = { PATH: process.env["PATH"] ?? "" };

let folder: string;
let path: string;
let target: TestDatabase;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "youfigure-move-"));
  path = join(folder, "test.db");
  target = await bareDatabase("encoding 'UTF8'");
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await target.drop();
});

const youfigure = (args: string[], env: Record<string, string> = {}) =>
  new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [CLI, ...args], { env: { ...ENV, ...env } }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
const moving = (from = path, env: Record<string, string> = {}) => youfigure(["move", "--from", `sqlite:${from}`, "--to", target.url], env);

/** Rows of each table of the target. */
const rowsThere = () =>
  within(target.url, async (client) => {
    const { rows } = await client.query<{ name: string }>("select tablename as name from pg_tables where schemaname = 'public'");
    const counts: Record<string, number> = {};
    for (const { name } of rows)
      counts[name] = Number((await client.query<{ n: string }>(`select count(*) as n from "${name}"`)).rows[0]!.n);
    return counts;
  });

/** A file of its own, closed, with so many comments. */
async function seeded(comments: number): Promise<void> {
  const store = await openSqlite({ path });
  await store.addSite(newSite(), newLog("site"));
  await fill(store, { site: 1, comments, perPage: 100 });
  await store.close();
}

async function idsOf(store: Panel["services"]["store"]): Promise<string[]> {
  return (await store.queue({ site: 1, sort: "oldest", limit: 50 })).rows.map(({ row }) => row.id);
}

/** What readers and an owner do, so that every table has rows. */
async function livelySource(): Promise<Panel> {
  const app = await panelApp({ engine: "sqlite", settings: { holdWords: ["wait"] } });
  const { store, newId, now } = app.services;
  const posted = async (fields: object) => (await (await app.post({ ...fields })).json()) as { comment: { id: string }; editToken: string };
  const first = await posted({ body: "A *first* thought.", title: "A page" });
  await posted({
    body: "مرحبا \u{1F600} 'quoted' \\ and\ttabs\n\n```js\nlet a = 1;\n```",
    parent: first.comment.id,
    email: "b@reader.example",
  });
  await posted({ body: "Please wait.", email: "held@reader.example" });
  const gone = await posted({ body: "I go.", email: "gone@reader.example" });
  const stub = await posted({ body: "I leave a stub.", email: "stub@reader.example" });
  await posted({ body: "Below a stub.", parent: stub.comment.id, email: "below@reader.example" });
  const bearer = { authorization: `Bearer ${first.editToken}` };
  await app.send("PATCH", `/api/v1/sites/1/comments/${first.comment.id}`, { body: "A second thought." }, bearer);
  const ids = [gone, stub].map(({ comment }) => ({ site: 1, id: comment.id }));
  await app.take("POST", "/comments/status", { ids, to: "trash" });
  await app.take("POST", "/comments/purge", { ids });
  await app.take("POST", "/sites", { name: "Two", origins: ["https://two.example", "https://too.example"] });
  await app.take("POST", "/sites/1/ways", { kind: "oidc" });
  await app.take("PATCH", "/sites/1/ways/1-oidc", { issuer: "https://login.example", client: "comments", secret: "not to be told" });
  const reader = { site: 1, provider: "work", name: "Anna", email: "", emailVerified: false, createdAt: now() };
  const { id: account } = await store.keepAccount({ ...reader, id: newId() }, "anna");
  await store.confirmEmail(1, account, "anna@reader.example");
  await store.addReaderSession({ site: 1, hash: "s", account, createdAt: now(), expiresAt: now() + 60_000 });
  await store.addReaderLink({ site: 1, hash: "l", purpose: "open", account, email: "", expiresAt: now() + 60_000 });
  await store.claimComments({ site: 1, account, email: "below@reader.example", ids: await idsOf(store) });
  await store.setValue("salt", "some salt");
  await store.takeTurns(1, [{ key: "ada", every: 60_000, burst: 1 }]);
  await makeLink(app.services, "login");
  const [owner] = await store.owners();
  const passkey = { id: "k1", owner: owner!.id, publicKey: "pk", counter: 3, transports: ["usb"], label: "Key", createdAt: now() };
  await store.addPasskey(passkey, { id: newId(), at: now(), by: "test", action: "owner" });
  return app;
}

const ASKED = [
  `/api/v1/thread?url=${encodeURIComponent(PAGE)}`,
  `/api/v1/thread?url=${encodeURIComponent(PAGE)}&sort=newest`,
  `/api/v1/counts?url=${encodeURIComponent(PAGE)}`,
  "/api/v1/panel/queue",
  "/api/v1/panel/queue?search=thought",
  "/api/v1/panel/queue?search=leave",
  "/api/v1/panel/sites",
  "/api/v1/panel/sites/1/ways",
  "/api/v1/panel/sites/1/export",
];

/** The same questions, as the owner who signed in before the move. */
async function answers(app: Pick<Panel["app"], "request">, cookie: string): Promise<string[]> {
  const said = [];
  for (const asked of ASKED) {
    const answer = await app.request(asked, { headers: { ...FROM_PANEL, cookie } });
    expect(answer.status, asked).toBe(200);
    said.push(await answer.text());
  }
  return said;
}

describe("moving from SQLite to PostgreSQL", () => {
  it("brings everything: each row of each table, the search, the sign-in, and answers that are the same to the byte", async () => {
    const app = await livelySource();
    const before = await answers(app.app, app.cookie);
    await app.services.store.close();
    const from = app.placed.env["DATABASE_URL"]!.replace("file:", "");
    const { code, out, err } = await moving(from);
    expect([code, err]).toEqual([0, expect.not.stringContaining("in use")]);
    const db = new Database(from, { readonly: true });
    const counts = await rowsThere();
    const names = Object.keys(counts).filter((name) => name !== "search" && name !== "schema_versions");
    for (const name of names) {
      const { n } = db.prepare<[], { n: number }>(`select count(*) as n from "${name}"`).get()!;
      expect(counts[name], name).toBe(n + Number(name === "kept_values"));
      expect(out).toMatch(new RegExp(`^${name} +${n} rows, the same on both sides: [0-9a-f]{64}$`, "m"));
    }
    expect(names.filter((name) => counts[name]! > 0).length).toBeGreaterThanOrEqual(15);
    db.close();

    const key = join(from, "..", "secret-key");
    expect(out).toContain(`SECRET_KEY="$(cat ${key})"`);
    expect(out).not.toContain(readFileSync(key, "utf8"));
    expect(out).not.toContain(new URL(target.url).password || "no password");
    const env = { DATABASE_URL: target.url, PUBLIC_URL: "https://comments.example" };
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const other = readConfig({ ...env, SECRET_KEY: "another key than the one that was moved" });
    await expect(openServices(other, quiet)).rejects.toThrow(/SECRET_KEY is not the one/);
    const services = await openServices(readConfig({ ...env, SECRET_KEY: readFileSync(key, "utf8") }), quiet);
    expect(await answers(createApp(services, { find: () => undefined, read: () => undefined }), app.cookie)).toEqual(before);
    await put(services.store, null, { pageKey: "blog.example/post" });
    await services.store.close();
    await app.placed.remove();
  });

  it("takes a file that is written to as it was at one moment, and says that there is more", async () => {
    await seeded(2_500);
    const store = await openSqlite({ path });
    const late: string[] = [];
    const opened: boolean[] = [];
    const moved = await move({
      from: path,
      to: target.url,
      fingerprint: null,
      now: Date.now,
      onOpen: ({ inUse }) => void opened.push(inUse),
      onProgress: () => void store.load([newRow(null, { source: "Late.", pageKey: `${ORIGIN.slice(8)}/late` })]).then(() => late.push("")),
    });
    expect(opened).toEqual([true]);
    expect(moved.isBehind).toBe(true);
    await store.ping();
    expect(late.length).toBeGreaterThan(10);
    expect(await rowsThere()).toMatchObject({ comments: 2_500, search: 2_500, pages: 25 });
    await within(target.url, async (client) => {
      const { rows } = await client.query("select sum(held + approved + spam + trash)::int as counted from pages");
      expect(rows).toEqual([{ counted: 2_500 }]);
    });
    await store.close();
  });

  it("notes that a server has the file open", async () => {
    await seeded(3);
    const store = await openSqlite({ path });
    await put(store);
    // Its search has nothing left to catch up with, so that it is at rest.
    await store.queue({ search: "word", sort: "oldest", limit: 1 });
    const { code, err } = await moving();
    expect([code, err]).toEqual([0, expect.stringMatching(/is in use, it seems.+stop its server first/)]);
    await store.close();
  });

  it("leaves nothing behind when it is killed midway, and does it all the next time", async () => {
    await seeded(10_000);
    const child = spawn(process.execPath, [CLI, "move", "--from", `sqlite:${path}`, "--to", target.url], { env: ENV });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => void (out += String(chunk)));
    child.stderr.on("data", (chunk: Buffer) => {
      err += String(chunk);
      // The next table is the comments.
      if (err.includes("pages: 100 of 100")) child.kill("SIGKILL");
    });
    const [code, signal] = (await once(child, "close")) as [number | null, string | null];
    expect([code, signal, out]).toEqual([null, "SIGKILL", ""]);
    expect(err).not.toContain("comments:");
    const { schema_versions: versions, ...rest } = await rowsThere();
    expect(versions).toBeGreaterThan(0);
    expect(Object.values(rest).filter((rows) => rows > 0)).toEqual([]);
    expect(await moving()).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^comments +10000 rows, the same on both sides/m) as string,
    });
  });
});

describe("a move is refused, and nothing kept", () => {
  const refused = async (message: RegExp, from = path, env = {}) => {
    const { code, out, err } = await moving(from, env);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/^(?:.+ is in use, it seems.+\n)?youfigure: .+\n$/);
    expect(err).toMatch(message);
  };

  it("where the target has rows, of ours or of another program", async () => {
    await seeded(3);
    expect((await moving()).code).toBe(0);
    await refused(/is not empty: its table \w+ has rows/);
    expect(await rowsThere()).toMatchObject({ comments: 3 });
    await within(target.url, (client) => client.query("drop schema public cascade; create schema public; create table notes as select 1"));
    await refused(/is not empty: its table notes has rows/);
    expect(await rowsThere()).toEqual({ notes: 1 });
  });

  it("where the source is missing, something else, of an older schema, or of a newer", async () => {
    await refused(/is not there/);
    writeFileSync(path, "somebody's notes ".repeat(50));
    await refused(/no SQLite database/);
    rmSync(path);
    new Database(path).exec("create table t (x); pragma application_id = 7").close();
    await refused(/a database of something else/);
    rmSync(path);
    await seeded(1);
    const change = (sql: string) => new Database(path).exec(sql).close();
    change("delete from schema_versions where version = (select max(version) from schema_versions)");
    await refused(/older version .+youfigure migrate/);
    change("insert into schema_versions values (99, 0)");
    await refused(/newer version/);
    const rows = await rowsThere();
    expect(Object.entries(rows).filter(([name, n]) => name !== "schema_versions" && n > 0)).toEqual([]);
  });

  it("where the key that is set is not the one beside the file, or no target is named or answers", async () => {
    await seeded(1);
    writeFileSync(join(folder, "secret-key"), "the key of the old server, kept beside it");
    await refused(/SECRET_KEY is not what stands in/, path, { SECRET_KEY: "quite another key, made for the new one" });
    expect(await rowsThere()).toEqual({});
    const nowhere = await youfigure(["move", "--from", `sqlite:${path}`]);
    expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringMatching(/^youfigure: Name where to/)]);
    const dead = await youfigure(["move", "--from", `sqlite:${path}`, "--to", "postgres://me:hidden@127.0.0.1:1/none"]);
    expect([dead.code, dead.err]).toEqual([1, expect.stringMatching(/^youfigure: the database cannot be used .+\n$/)]);
    expect(dead.err).not.toContain("hidden");
    const unnamed = await youfigure(["move", "--from", "notes.txt", "--to", target.url]);
    expect([unnamed.code, unnamed.err]).toEqual([1, expect.stringMatching(/^youfigure: Name what to move/)]);
  });
});
