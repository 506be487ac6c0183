import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { debianInstall, isDebianRoot } from "./debian.mjs";
import { downloadPostgres } from "./embedded-postgres.mjs";
import { StepError } from "./run.mjs";

/** Folders under which each version has its own. */
const ELSEWHERE = ["/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt", "/Applications/Postgres.app/Contents/Versions"];
/** PostgreSQL refuses to run as root: Debian's `nobody`. */
const NOBODY = 65_534;

/**
 * A PostgreSQL for tests: the one that TEST_DATABASE_URL names (its user may create databases), else one of our own in
 * a temporary folder, on a free port of this machine alone. `end` stops it and removes what it kept.
 */
export async function beginPostgres(env = process.env) {
  if (env.TEST_DATABASE_URL) return { url: env.TEST_DATABASE_URL, end: async () => undefined };
  return beginOwnPostgres(env);
}

/** One of our own, whatever there is: for tests that stop it as well. `durable`: on disk with each commit, as an operator's is. `programs`: the folder of others than are found. */
export async function beginOwnPostgres(env = process.env, { folder = tmpdir(), durable = false, programs = undefined } = {}) {
  const bin = programs ?? (await ensureProgram(env));
  const home = mkdtempSync(join(folder, "youfigure-postgres-"));
  const password = randomBytes(12).toString("hex");
  try {
    makeCluster(bin, home, password);
    return await startCluster(bin, { home, password, settings: durable ? SETTINGS : { ...SETTINGS, ...NOT_DURABLE } });
  } catch (error) {
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
}

/** The folder with `postgres` and `initdb`; on Debian as root it is installed, elsewhere downloaded. */
async function ensureProgram(env) {
  const found = findPostgres(env);
  if (found) return found;
  if (isDebianRoot()) debianInstall(["postgresql"]);
  return findPostgres(env) ?? downloadPostgres();
}

/** On the path, else the newest of what is installed elsewhere; undefined where there is none. */
export function findPostgres(env = process.env, places = ELSEWHERE) {
  const versions = (place) => (existsSync(place) ? readdirSync(place).sort((a, b) => versionIn(b) - versionIn(a)) : []);
  const folders = [
    ...(env.PATH ?? "").split(delimiter).filter(Boolean),
    ...places.flatMap((place) => [join(place, "bin"), ...versions(place).map((version) => join(place, version, "bin"))]),
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

const versionIn = (name) => Number(/\d+/.exec(name)?.[0] ?? 0);

/** Arguments that run a program as an ordinary user, who loses it when we end. */
function asOrdinaryUser(program, args) {
  if (process.getuid?.() !== 0) return [program, args];
  const drop = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--pdeathsig=INT"];
  return ["setpriv", [...drop, program, ...args]];
}

const data = (home) => join(home, "data");

function makeCluster(bin, home, password) {
  const secret = join(home, "password");
  writeFileSync(secret, password, { mode: 0o600 });
  if (process.getuid?.() === 0) for (const path of [home, secret]) chownSync(path, NOBODY, NOBODY);
  // The locale is the same on every machine; md5 spares each new connection the cost of scram, and only we know the password.
  const settings = ["-D", data(home), "-U", "youfigure", "-E", "UTF8", "--locale=C", "-A", "md5", `--pwfile=${secret}`, "--no-sync"];
  const made = spawnSync(...asOrdinaryUser(join(bin, "initdb"), settings), { cwd: home, encoding: "utf8" });
  if (made.status !== 0) throw new StepError(`initdb failed: ${made.stderr || String(made.error)}`);
}

/** Nothing of it has to outlive the machine, so it waits for no disk: a killed server or database loses nothing all the same. */
const NOT_DURABLE = { fsync: "off", full_page_writes: "off" };
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "300",
  shared_buffers: "64MB",
  lc_messages: "C",
};

async function startCluster(bin, { home, password, settings: chosen }) {
  const port = await freePort();
  const settings = Object.entries({ ...chosen, port }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const start = () => startServer(...asOrdinaryUser(join(bin, "postgres"), ["-D", data(home), ...settings]), home);
  let server = await start();
  // When we end early, nothing of it is worth a clean end.
  const drop = () => {
    server.child.kill("SIGQUIT");
    rmSync(home, { recursive: true, force: true });
  };
  process.once("exit", drop);
  return {
    url: `postgres://youfigure:${password}@127.0.0.1:${port}/postgres`,
    pid: () => server.child.pid,
    async stop() {
      server.child.kill("SIGINT");
      await server.ended;
    },
    async start() {
      server = await start();
    },
    /** Stops it at once, as a crash would, and starts it on what it left. */
    async restart() {
      server.child.kill("SIGQUIT");
      await server.ended;
      server = await start();
    },
    async end() {
      process.off("exit", drop);
      server.child.kill("SIGINT");
      await server.ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function startServer(program, args, home) {
  const child = spawn(program, args, { cwd: home, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  await ready(child, ended);
  return { child, ended };
}

/** Resolves once it says that it takes connections; what it says after that is not kept. */
function ready(child, ended) {
  let said = "";
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    ended.then(() => reject(new StepError(`PostgreSQL did not start: ${said}`)));
    child.stderr.setEncoding("utf8").on("data", (text) => {
      if (said.length < 10_000) said += text;
      if (said.includes("ready to accept connections")) resolve();
    });
  });
}

/** A port that was free a moment ago. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
