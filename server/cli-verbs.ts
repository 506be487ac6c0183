import { existsSync } from "node:fs";
import { addressReader } from "./comments/address.ts";
import { exportLines } from "./comments/export-site.ts";
import { type Config, ConfigError, isPostgres, shown, VARIABLES } from "./config.ts";
import { makeLink } from "./auth/link.ts";
import { examine, LAST_BACKUP } from "./doctor.ts";
import { jsonLog } from "./log.ts";
import { databaseName, openServices, serve } from "./main.ts";
import type { Services } from "./services.ts";

const say = (text: string) => void process.stdout.write(`${text}\n`);

/** Production: nothing but the server. Ends cleanly on SIGTERM and SIGINT. */
export async function serveUntilStopped(config: Config): Promise<number> {
  const log = jsonLog();
  addressReader(config.trustedProxies);
  const running = await serve(config, { log });
  log.info({ url: running.url, publicUrl: running.services.config.publicUrl }, "listening");
  await new Promise<void>((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
  });
  await running.close();
  log.info({}, "stopped");
  log.flush();
  return 0;
}

/** Opening the store migrates it. With `citus`, says how its tables are spread over the servers of one. */
export async function migrate(config: Config, { citus }: { citus: boolean }): Promise<number> {
  if (citus && !isPostgres(config.databaseUrl))
    throw new ConfigError("--citus is about PostgreSQL; DATABASE_URL names an SQLite database.");
  await withServices(config, async () => {
    if (!citus) return say(`${databaseName(config.databaseUrl)} has this version's schema.`);
    const { citusScript } = await import("./store/postgres/citus.ts");
    process.stdout.write(await citusScript(config.databaseUrl));
  });
  return 0;
}

/** A way in for an owner who lost the passkey, or the way to set up while there is no owner. */
export async function loginLink(config: Config): Promise<number> {
  await withServices(config, async (services) => {
    const purpose = (await services.store.owners()).length === 0 ? "setup" : "login";
    say(await makeLink(services, purpose));
  });
  return 0;
}

/** JSON lines: first the site, then each comment with its page. */
export async function exportSite(config: Config, id: number): Promise<number> {
  await withServices(config, async (services) => {
    for await (const line of exportLines(services, await requireSite(services, id))) {
      if (!process.stdout.write(line)) await new Promise((resolve) => process.stdout.once("drain", resolve));
    }
  });
  return 0;
}

export async function backup(config: Config, file: string): Promise<number> {
  if (isPostgres(config.databaseUrl)) {
    throw new ConfigError(
      "PostgreSQL has its own tool for this: pg_dump --format=custom --file=FILE with the address from DATABASE_URL, and pg_restore to bring it back.",
    );
  }
  if (existsSync(file)) throw new ConfigError(`${file} exists already; name a new file.`);
  const { backupSqlite } = await import("./store/sqlite/backup.ts");
  await backupSqlite(databaseName(config.databaseUrl), file);
  await withServices(config, ({ store, now }) => store.setValue(LAST_BACKUP, String(now())));
  say(`${file} is a whole copy, checked.`);
  return 0;
}

/** The secret beside the database stays: what it signs is not in the copy. */
export async function restore(config: Config, file: string): Promise<number> {
  if (isPostgres(config.databaseUrl)) throw new ConfigError("PostgreSQL has its own tool for this: pg_restore, for what pg_dump made.");
  const path = databaseName(config.databaseUrl);
  const { restoreSqlite } = await import("./store/sqlite/restore.ts");
  const { kept } = await restoreSqlite(file, path, new Date().toISOString());
  say(`${path} is what ${file} holds.${kept ? ` What was there before is kept as ${kept}.` : ""}`);
  return 0;
}

export interface ImportRequest {
  file: string;
  site: number;
  dryRun: boolean;
  pingbacks: boolean;
  from: string[];
}

export async function importFile(config: Config, request: ImportRequest): Promise<number> {
  const { runImport } = await import("./import/load.ts");
  return withServices(config, async (services) => {
    const site = await requireSite(services, request.site);
    const report = await runImport({
      services,
      site,
      file: request.file,
      dryRun: request.dryRun,
      pingbacks: request.pingbacks,
      hosts: request.from,
      onProgress: ({ read }) => void (process.stderr.isTTY && process.stderr.write(`\r${read} comments read`)),
    });
    if (process.stderr.isTTY) process.stderr.write("\n");
    say(JSON.stringify(report, null, 2));
    return 0;
  });
}

const MARKS = { well: "  ok   ", careful: "  note ", wrong: "  WRONG" } as const;

/** What is configured, whether it works, and what to do about it. Secrets are named, never shown. Exit code 1 when something is wrong. */
export async function doctor(config: Config): Promise<number> {
  for (const [name, variable] of Object.entries(VARIABLES)) {
    const value = process.env[name];
    const printed = !value ? `(default) ${variable.default}` : "secret" in variable ? "(set)" : shown(variable, value);
    say(`${name.padEnd(16)} ${printed}`);
  }
  return withServices(config, async (services) => {
    const findings = await examine(services, databaseName(config.databaseUrl));
    say("");
    for (const { about, state, says, todo } of findings) {
      say(`${MARKS[state]} ${about.padEnd(9)} ${says}`);
      if (todo) say(`${" ".repeat(18)}${todo}`);
    }
    return findings.some(({ state }) => state === "wrong") ? 1 : 0;
  });
}

async function withServices<Result>(config: Config, use: (services: Services) => Promise<Result>): Promise<Result> {
  const log = jsonLog("warn");
  const services = await openServices({ ...config, publicUrl: config.publicUrl || `http://localhost:${config.port}` }, log);
  try {
    return await use(services);
  } finally {
    await services.store.close();
    log.flush();
  }
}

async function requireSite({ store }: Services, id: number) {
  const site = (await store.sites()).find((candidate) => candidate.id === id);
  if (!site) throw new ConfigError(`There is no site ${id}; \`youfigure doctor\` lists them.`);
  return site;
}
