import { chmodSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sealSecret } from "../../server/auth/ways.ts";
import { deriveKeys } from "../../server/keys.ts";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import { newLog } from "../store/rows.ts";
import { CLIENT } from "../auth/listening.ts";
import { openQuickIssuer } from "../auth/quick-issuer.ts";
import { type Blog, makeBlog } from "../faults/blog.ts";
import { runCommand, startServer } from "../faults/process.ts";

let blog: Blog;
beforeEach(async () => void (blog = await makeBlog()));
afterEach(() => blog.remove());
const doctor = (env: Record<string, string> = {}) => runCommand(["doctor"], { ...blog, env: { ...blog.env, ...env } });

test("a server that runs is found under its address, and what is missing is named with what to do", async () => {
  const server = await startServer(blog);
  const { stdout, code } = await doctor({ PUBLIC_URL: server.url.replace("127.0.0.1", "localhost") });
  server.kill("SIGTERM");
  await server.ended;
  expect(stdout).toMatch(/^ {2}ok +address +http:\/\/localhost:\d+ leads here\.$/m);
  expect(stdout).toMatch(/^ {2}ok +database +Sound: /m);
  expect(stdout).toMatch(/^ {2}note +owner .+\n +Run `youfigure login-link`/m);
  expect(stdout).toMatch(/^ {2}note +backups .+\n +Run `youfigure backup FILE`/m);
  expect(stdout).not.toContain(blog.env["SECRET_KEY"]);
  expect(code).toBe(0);
});

test("an address that something else answers is wrong, one that nobody answers may be started later", async () => {
  const other = createServer((_, response) => response.end("hello"));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const env = { PUBLIC_URL: `http://127.0.0.1:${(other.address() as AddressInfo).port}` };
  const answered = await doctor(env);
  expect(answered.stdout).toMatch(/^ {2}WRONG +address .+ is answered by something else \(200\)\.$/m);
  expect(answered.stdout).toMatch(/^ {2}note +sign-in +Passkeys need a name/m);
  expect(answered.code).toBe(1);
  await new Promise((resolve) => other.close(resolve));
  const alone = await doctor(env);
  expect(alone.stdout).toMatch(/^ {2}note +address .+ can't be reached \(ECONNREFUSED\)\.$/m);
  expect(alone.code).toBe(0);
});

test("https without a trusted proxy is noted, a made backup remembered, a secret that others can read wrong", async () => {
  expect((await doctor({ PUBLIC_URL: "https://localhost:1" })).stdout).toMatch(/^ {2}note +proxy .+\n +Set TRUSTED_PROXIES/m);
  const folder = join(blog.database, "..");
  const { SECRET_KEY: _, ...env } = blog.env;
  blog = { ...blog, env };
  expect((await runCommand(["backup", join(folder, "copy.db")], blog)).code).toBe(0);
  chmodSync(join(folder, "secret-key"), 0o644);
  const { stdout, code } = await doctor();
  expect(stdout).toMatch(/^ {2}ok +backups +The last was made 20/m);
  expect(stdout).toMatch(/^ {2}WRONG +secret .+\n +Run chmod 600/m);
  expect(code).toBe(1);
});

test("it names where requests may go besides the open Internet, and tries each way in that is set up", async () => {
  const issuer = await openQuickIssuer();
  issuer.open("http://localhost:1/auth/callback/work");
  const entry = { id: "work", label: "Work", issuer: issuer.url, ...CLIENT };
  const env = { OIDC: JSON.stringify([entry, { ...entry, id: "typo", label: "Typo", secret: "wrong" }]), OUTBOUND_ALLOW: issuer.place };
  const { stdout, stderr, code } = await doctor(env);
  await issuer.close();
  expect(stdout).toMatch(/^ {2}ok +outbound +.+ 127\.0\.0\.1:\d+ \(OUTBOUND_ALLOW\)\.$/m);
  expect(stdout).toMatch(/^ {2}ok +way in +Work: It works/m);
  expect(stdout).toMatch(
    /^ {2}WRONG +way in +Typo: .+\n +Look at OIDC, and at what is registered there for http:\/\/localhost:\d+\/auth\/callback\/typo\.$/m,
  );
  expect(code).toBe(1);
  expect(stdout + stderr).not.toContain(CLIENT.secret);
  const { stdout: without } = await doctor();
  expect(without).toMatch(/^ {2}ok +outbound +Other servers are asked by https alone, none on a private network\.$/m);
  expect(without).not.toContain("way in");
});

test("ways in are counted by sites, and those whose secret another SECRET_KEY sealed are named without it", async () => {
  expect((await doctor()).stdout).toMatch(/^ {2}ok +ways +Readers may sign in on 0 of 1 sites\.$/m);
  expect((await doctor({ MASTODON: "on" })).stdout).toMatch(/^ {2}ok +ways +Readers may sign in on 1 of 1 sites\.$/m);
  const row = { site: blog.site, id: `${blog.site}-oidc`, kind: "oidc", issuer: "https://login.example" };
  const secret = sealSecret(deriveKeys("the key of a former server, of no worth"), row, "told to nobody");
  const store = await openSqlite({ path: blog.database });
  await store.addWay({ ...row, label: "Figures", client: "comments", secret, on: true, place: 0 }, newLog("site"));
  await store.close();
  const { stdout, code } = await doctor();
  expect(stdout).toMatch(/^ {2}note +ways +Secrets were kept under another SECRET_KEY: Figures \(site 1\)\.\n +Enter them in the panel/m);
  expect(code).toBe(0);
});
