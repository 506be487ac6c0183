import { relative } from "node:path";
import { makeLink } from "../server/auth/link.ts";
import { type Config, ConfigError, isPostgres, readConfig } from "../server/config.ts";
import { jsonLog } from "../server/log.ts";
import { databaseName, type Running, serve } from "../server/main.ts";
import { type Blog, openBlog } from "./blog-pages.ts";
import { prepareSite } from "./site.ts";

/** The demo: the server as in production, with a blog in front of it on the same address and a discussion to look at. */
async function runDemo(): Promise<void> {
  const config = readConfig({ ...process.env, DATABASE_URL: process.env["DATABASE_URL"] || "file:./data/demo.db" });
  const log = jsonLog("warn");
  const blog = openBlog();
  const running = await listen(config, blog, log);
  await prepareSite(running.services);
  await greet(running);
  endWith(running);
}

/** On the port that was asked for; where another program has it, on a free one. */
async function listen(config: Config, blog: Blog, log: ReturnType<typeof jsonLog>): Promise<Running> {
  const start = (port: number) => serve({ ...config, port }, { log, before: (request, next) => blog.answer(request) ?? next() });
  try {
    return await start(config.port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || config.publicUrl) throw error;
    say(`Port ${config.port} is taken by another program, so a free one is used. Choose one with PORT=8081 npm start.`);
    return start(0);
  }
}

async function greet({ services }: Running): Promise<void> {
  const { publicUrl, databaseUrl } = services.config;
  const owners = await services.store.owners();
  say("");
  say(`  The blog      ${publicUrl}/demo/`);
  if (owners.length > 0) say(`  The panel     ${publicUrl}/panel`);
  else say(`  The panel     ${await makeLink(services, "setup")}\n                (works once: it makes you the owner)`);
  say(`  The data      ${isPostgres(databaseUrl) ? databaseName(databaseUrl) : relative(process.cwd(), databaseName(databaseUrl))}`);
  say("");
  say("  Ctrl+C stops it.");
  say("");
}

/** Ends cleanly when told to, or when the process that watches our source goes away. */
function endWith(running: Running): void {
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    running.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  if (process.channel) process.once("disconnect", end);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What a person can mend is one line; a bug keeps its stack. */
function fail(error: unknown): void {
  const known = error instanceof ConfigError || (error as NodeJS.ErrnoException).code !== undefined;
  process.stderr.write(`${known ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
  process.exit(1);
}

await runDemo().catch(fail);
