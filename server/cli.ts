#!/usr/bin/env node
import { parseArgs } from "node:util";
import { ConfigError, readConfig, VARIABLES } from "./config.ts";
import { ImportError } from "./import/importer.ts";
import { Refusal } from "./refusal.ts";
import { Unusable } from "./store/unusable.ts";
import { MESSAGES } from "./wire/messages.ts";

const USAGE = `youfigure: comments for any page

  youfigure serve                       serve until stopped; configuration comes from the environment
  youfigure import FILE --site ID       read a WordPress export (WXR) into a site
      [--dry-run] [--pingbacks] [--from HOST]...   HOST: pages under this host are this site's pages
  youfigure export --site ID            write a site's comments to standard output, one JSON a line
  youfigure backup FILE                 copy the running database, whole and consistent
  youfigure restore FILE                put such a copy in the place of the database; the server must be stopped
  youfigure migrate                     bring the database to this version's schema
      [--citus]                         and print how its tables are spread over several PostgreSQL servers by Citus
  youfigure move --from sqlite:PATH --to postgres://...
                                        carry a whole database into an empty one in PostgreSQL (default: DATABASE_URL)
  youfigure login-link                  print a one-time link for the owner, or for setting up
  youfigure doctor                      say what is configured, and what is wrong
  youfigure help                        this

Environment:
${Object.entries(VARIABLES)
  .map(([name, variable]) => `  ${name.padEnd(16)} ${variable.doc}${variable.default ? ` Default: ${variable.default}.` : ""}`)
  .join("\n")}
`;

/** Exit codes: 0 done, 1 refused or failed with a line on standard error, 2 called wrongly. */
async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      site: { type: "string" },
      from: { type: "string", multiple: true },
      to: { type: "string" },
      "dry-run": { type: "boolean" },
      pingbacks: { type: "boolean" },
      citus: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  const [verb = "help", file] = positionals;
  if (verb === "help" || values.help) return say(USAGE);
  const verbs = await import("./cli-verbs.ts");
  const config = readConfig(process.env);
  if (verb === "serve") return verbs.serveUntilStopped(config);
  if (verb === "migrate") return verbs.migrate(config, { citus: values.citus ?? false });
  if (verb === "move") return (await import("./cli-move.ts")).moveDatabase(config, { from: values.from?.[0], to: values.to });
  if (verb === "doctor") return verbs.doctor(config);
  if (verb === "login-link") return verbs.loginLink(config);
  if (verb === "export" && values.site) return verbs.exportSite(config, Number(values.site));
  if (verb === "backup" && file) return verbs.backup(config, file);
  if (verb === "restore" && file) return verbs.restore(config, file);
  if (verb === "import" && file && values.site) {
    return verbs.importFile(config, {
      file,
      site: Number(values.site),
      dryRun: values["dry-run"] ?? false,
      pingbacks: values.pingbacks ?? false,
      from: values.from ?? [],
    });
  }
  process.stderr.write(USAGE);
  return 2;
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

/** What a person can mend is one line; a bug keeps its stack. */
function explain(error: unknown): number {
  const { code = "", message, stack } = error as NodeJS.ErrnoException;
  const mendable = error instanceof ConfigError || error instanceof Unusable || error instanceof ImportError || code !== "";
  const text = error instanceof Refusal ? MESSAGES[error.code] : mendable ? message : (stack ?? String(error));
  process.stderr.write(`youfigure: ${text}\n`);
  return code.startsWith("ERR_PARSE_ARGS") ? 2 : 1;
}

// `youfigure export … | head`: whoever reads has had enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});
process.exitCode = await run(process.argv.slice(2)).catch(explain);
