import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from "vitest";
import { readConfig, VARIABLES } from "../../server/config.ts";
import { corpusPath, haveCorpora } from "../corpora.ts";
import { within } from "../store/databases.ts";
import { type Placed, place } from "./place.ts";

const CLI = join(import.meta.dirname, "..", "..", "dist", "server", "cli.js");

interface Outcome {
  code: number;
  out: string;
  err: string;
}
const youfigure = (args: string[], env: Record<string, string>) =>
  new Promise<Outcome>((resolve) => {
    execFile(process.execPath, [CLI, ...args], { env: { PATH: process.env["PATH"] ?? "", ...env } }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });

let folder: string;
const database = () => ({ DATABASE_URL: `file:${join(folder, "test.db")}` });
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "youfigure-cli-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const issuerWith = (more: object) =>
  JSON.stringify([{ id: "work", label: "Work", issuer: "https://login.example", client: "c", secret: "s", ...more }]);

describe("the configuration", () => {
  test("has working defaults", () => {
    expect(readConfig({})).toEqual({
      github: null,
      githubUrl: "https://github.com",
      x: null,
      facebook: null,
      facebookVersion: "v24.0",
      signInEmail: [],
      google: null,
      wordpress: null,
      oidc: [],
      mastodon: false,
      bluesky: false,
      port: 8080,
      host: "127.0.0.1",
      publicUrl: "",
      databaseUrl: "file:./data/youfigure.db",
      secretKey: "",
      trustedProxies: [],
      liveStreams: 10_000,
      liveStreamsPerAddress: 100,
      outboundAllow: [],
      smtpUrl: "",
      mailFrom: "",
      metricsToken: "",
    });
  });

  const bad: [keyof typeof VARIABLES, string][] = [
    ["PORT", "http"],
    ["PORT", "70000"],
    ["PUBLIC_URL", "comments.example"],
    ["PUBLIC_URL", "http://comments.example"],
    ["PUBLIC_URL", "https://comments.example/path"],
    ["X", "client"],
    ["FACEBOOK_VERSION", "24"],
    ["GITHUB_URL", "https://github.example/path"],
    ["GITHUB_URL", "github.example"],
    ["SIGN_IN_EMAIL", "google"],
    ["OIDC", issuerWith({ claims: { sub: "mail" } })],
    ["OIDC", issuerWith({ claims: { email: "" } })],
    ["OIDC", issuerWith({ claims: null })],
    ["OIDC", issuerWith({ id: "facebook" })],
    ["DATABASE_URL", "mysql://x"],
    ["SECRET_KEY", "changeme"],
    ["SECRET_KEY", "a".repeat(64)],
    ["TRUSTED_PROXIES", "0.0.0.0/0"],
    ["TRUSTED_PROXIES", "everyone"],
    ["OUTBOUND_ALLOW", "10.0.0.1"],
    ["METRICS_TOKEN", "short"],
  ];
  test.each(bad)("%s=%s refuses to start and says what to write", async (name, value) => {
    const { code, out, err } = await youfigure(["serve"], { ...database(), [name]: value });
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(err).toMatch(new RegExp(`^youfigure: ${name}.* is not usable: .+\\.\n$`));
    if (name === "SECRET_KEY") expect(err).not.toContain(value);
  });

  test("BLUESKY refuses to start at an address with a port, which nobody there would take", async () => {
    const { code, err } = await youfigure(["serve"], { ...database(), BLUESKY: "on", PUBLIC_URL: "https://comments.example:8443" });
    expect([code, err]).toEqual([1, expect.stringMatching(/^youfigure: BLUESKY=on needs a PUBLIC_URL without a port: .+\.\n$/)]);
  });

  test.each(["MASTODON", "BLUESKY"])("%s is on or off, and nothing else", async (name) => {
    const { code, err } = await youfigure(["serve"], { ...database(), [name]: "yes" });
    expect([code, err]).toEqual([1, `youfigure: ${name}="yes" is not usable: write on or off.\n`]);
  });
});

test("without a verb it says what it can do, and calls that make no sense exit 2", async () => {
  const { code, out } = await youfigure([], {});
  expect(code).toBe(0);
  for (const name of [...Object.keys(VARIABLES), "serve", "import", "export", "backup", "restore", "migrate", "login-link", "doctor"])
    expect(out).toContain(name);
  expect((await youfigure(["dance"], database())).code).toBe(2);
  expect((await youfigure(["serve", "--fast"], database())).code).toBe(2);
  expect((await youfigure(["import", "x.xml", "--site", "7"], database())).err).toBe(
    "youfigure: There is no site 7; `youfigure doctor` lists them.\n",
  );
});

test("the first start makes a secret and a database for their owner's eyes alone", async () => {
  expect((await youfigure(["migrate"], database())).code).toBe(0);
  expect(statSync(join(folder, "secret-key")).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "test.db")).mode & 0o777).toBe(0o600);
  const secret = readFileSync(join(folder, "secret-key"), "utf8");
  const { out } = await youfigure(["doctor"], database());
  expect(out).toContain("0 sites");
  expect(out).not.toContain(secret);
  expect(readFileSync(join(folder, "secret-key"), "utf8")).toBe(secret);
});

test("a secret that was never written is not signed with", async () => {
  writeFileSync(join(folder, "secret-key"), "");
  const { code, err } = await youfigure(["login-link"], database());
  expect([code, err]).toEqual([1, expect.stringMatching(/^youfigure: .*secret-key holds no secret\. Remove it.*\n$/)]);
});

test("login-link prints one address, with its secret where no log sees it", async () => {
  const { out } = await youfigure(["login-link"], database());
  expect(out).toMatch(/^http:\/\/localhost:8080\/panel#setup=[\w-]{22,}\n$/);
});

test("a reader of what it prints who has had enough ends it without a word", async () => {
  const child = spawn(process.execPath, [CLI, "login-link"], { env: { PATH: process.env["PATH"] ?? "", ...database() } });
  child.stdout.destroy();
  let err = "";
  child.stderr.on("data", (chunk: Buffer) => void (err += String(chunk)));
  const [code] = (await once(child, "close")) as [number];
  expect([code, err]).toEqual([0, ""]);
});

test("a file that is no database is refused, and left as it was", async () => {
  writeFileSync(join(folder, "test.db"), "not a database, but somebody's notes, long enough to look at. ".repeat(20));
  const before = readFileSync(join(folder, "test.db"));
  const { code, err } = await youfigure(["serve"], { ...database(), PORT: "0" });
  expect(code).toBe(1);
  expect(err).toMatch(/^youfigure: .+\n$/);
  expect(readFileSync(join(folder, "test.db")).equals(before)).toBe(true);
});

describe.runIf(haveCorpora)("a site's comments", () => {
  let home: string;
  const env = () => ({ DATABASE_URL: `file:${join(home, "test.db")}` });
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "youfigure-cli-"));
    const { openServices } = await import("../../server/main.ts");
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const { store, newId } = await openServices({ ...readConfig(env()), publicUrl: "http://localhost:8080" }, quiet);
    const { Settings } = await import("../../server/wire/settings.ts");
    const { parse } = await import("valibot");
    const site = { name: "Labs", origins: ["https://labs.example"], aliases: {}, settings: parse(Settings, {}), createdAt: 0 };
    await store.addSite(site, { id: newId(), at: 0, by: "test", action: "site" });
    await store.close();
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test("come from WordPress, once however often they are imported; go out as lines; are copied whole", async () => {
    const file = corpusPath("import/remark42-wordpress-1.xml");
    const run = () => youfigure(["import", file, "--site", "1", "--from", "realmenweardress.es"], env());
    const first = await run();
    expect([first.code, first.err]).toEqual([0, ""]);
    const lines = async () => (await youfigure(["export", "--site", "1"], env())).out.trim().split("\n");
    const once = await lines();
    await run();
    expect(await lines()).toEqual(once);
    expect(once.length).toBe(4);
    expect(JSON.parse(once[0] as string)).toMatchObject({ youfigure: 1, site: { name: "Labs" } });
    const copy = join(home, "copy.db");
    expect((await youfigure(["backup", copy], env())).code).toBe(0);
    expect((await youfigure(["backup", copy], env())).code).toBe(1);
    expect((await youfigure(["export", "--site", "1"], { DATABASE_URL: `file:${copy}` })).out.trim().split("\n")).toEqual(once);
  });
});

describe("with PostgreSQL", () => {
  let placed: Placed;
  beforeAll(async () => void (placed = await place("postgres")));
  afterAll(() => placed.remove());

  test("nothing begins without SECRET_KEY, nor with another than the database's servers use", async () => {
    const { SECRET_KEY: _, ...env } = placed.env;
    expect(await youfigure(["serve"], env)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^youfigure: SECRET_KEY is not set: .+\n$/) as string,
    });
    expect((await youfigure(["migrate"], placed.env)).code).toBe(0);
    const other = { ...placed.env, SECRET_KEY: "another key, which signs nothing here either" };
    expect((await youfigure(["doctor"], other)).err).toMatch(
      /^youfigure: SECRET_KEY is not the one that this database's servers use\. .+\n$/,
    );
  });

  test("no command shows the password", async () => {
    const { password, pathname } = new URL(placed.env["DATABASE_URL"] as string);
    const doctor = await youfigure(["doctor"], placed.env);
    expect(doctor).toMatchObject({ code: 0, out: expect.stringContaining(`${pathname} answers`) as string });
    const failed = await youfigure(["migrate"], { ...placed.env, DATABASE_URL: `postgres://me:${password}@127.0.0.1:1/none` });
    expect(failed).toMatchObject({ code: 1, err: expect.stringMatching(/^youfigure: the database cannot be used .+\n$/) as string });
    const wrong = await youfigure(["migrate"], { ...placed.env, DATABASE_URL: `postgres://me:${password}@127.0.0.1` });
    expect(wrong.err).toMatch(/^youfigure: DATABASE_URL="postgres:.+ is not usable: /);
    for (const { out, err } of [doctor, failed, wrong]) expect(out + err).not.toContain(password);
  });

  test("each table has its place on the servers of a Citus, those it refers to before it", async () => {
    const { code, out } = await youfigure(["migrate", "--citus"], placed.env);
    expect(code).toBe(0);
    const lines = out.split("\n").filter((line) => line !== "" && !line.startsWith("--"));
    const tables = await within(placed.env["DATABASE_URL"] as string, async (client) => {
      const { rows } = await client.query<{ name: string; site: boolean }>(
        `select t.tablename as name, exists (select 1 from information_schema.columns c where c.table_schema = 'public'
          and c.table_name = t.tablename and c.column_name = 'site_id') as site from pg_tables t where t.schemaname = 'public'`,
      );
      return rows;
    });
    expect(tables.length).toBeGreaterThan(15);
    expect(lines).toHaveLength(tables.length);
    const place = (name: string) => lines.findIndex((line) => line.includes(`('${name}'`));
    for (const { name, site } of tables) {
      // The directory of whose an origin is is asked for an origin, before the site is known.
      const [verb, more] = site && name !== "origins" ? ["distributed", ", 'site_id'"] : ["reference", ""];
      expect(lines[place(name)], name).toMatch(
        new RegExp(`^select create_${verb}_table\\('${name}'${more}(?:, colocate_with => '\\w+')?\\);$`),
      );
    }
    expect(lines.filter((line) => line.includes("distributed") && !line.includes("colocate_with"))).toHaveLength(1);
    expect(place("sites")).toBeLessThan(Math.min(place("origins"), place("site_counts")));
    expect(place("pages")).toBeLessThan(place("comments"));
    expect(place("owners")).toBeLessThan(Math.min(place("passkeys"), place("panel_sessions")));
    const sqlite = await youfigure(["migrate", "--citus"], database());
    expect([sqlite.code, sqlite.out, sqlite.err]).toEqual([1, "", expect.stringMatching(/^youfigure: --citus is about PostgreSQL.+\n$/)]);
  });

  test("a copy is left to pg_dump", async () => {
    expect(await youfigure(["backup", join(folder, "copy")], placed.env)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/pg_dump/) as string,
    });
  });
});
