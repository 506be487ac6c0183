import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Config, ConfigError, isPostgres } from "./config.ts";
import { deriveKeys } from "./keys.ts";
import { databaseName } from "./main.ts";
import { move, type MoveRequest } from "./move.ts";

const say = (text: string) => void process.stdout.write(`${text}\n`);
const tell = (text: string) => void process.stderr.write(`${text}\n`);

/** Exit code 1 when the source was written to meanwhile: then the copy is whole, and not the last word. */
export async function moveDatabase(config: Config, asked: { from: string | undefined; to: string | undefined }): Promise<number> {
  const [from, to] = [sourceOf(asked.from, config), targetOf(asked.to, config)];
  const file = join(dirname(from), "secret-key");
  const secret = secretOf(config, file);
  const { tables, at, isBehind } = await move({
    from,
    to,
    fingerprint: secret.key === null ? null : deriveKeys(secret.key).sign("fingerprint", []),
    now: Date.now,
    onOpen({ inUse }) {
      if (inUse) tell(`${from} is in use, it seems. What is written to it from now on stays there: stop its server first to lose nothing.`);
    },
    onProgress: progress(),
  });
  for (const { name, rows, sha256 } of tables)
    say(`${name.padEnd(16)} ${String(rows).padStart(10)} rows, the same on both sides: ${sha256}`);
  const moment = new Date(at).toISOString();
  say(`\n${databaseName(to)} has all that ${from} had at ${moment}, and its search.`);
  say(`Now give every server DATABASE_URL=${databaseName(to)} with its password, and as SECRET_KEY ${secret.from}.`);
  if (!isBehind) return 0;
  tell(`${from} was written to after ${moment}, and that stayed there. To lose nothing: stop its server, make the new database again`);
  tell("(dropdb and createdb), and move once more before you start the new servers.");
  return 1;
}

function sourceOf(from: string | undefined, { databaseUrl }: Config): string {
  const [, path = ""] = /^(?:sqlite|file):(?:\/\/(?=\/))?(.+)$/.exec(from ?? (isPostgres(databaseUrl) ? "" : databaseUrl)) ?? [];
  if (path === "") throw new ConfigError("Name what to move: --from sqlite:PATH, the file of an SQLite database.");
  return path;
}

function targetOf(to: string | undefined, { databaseUrl }: Config): string {
  const url = to ?? databaseUrl;
  if (isPostgres(url) && URL.canParse(url) && new URL(url).pathname.length > 1) return url;
  throw new ConfigError(
    "Name where to: --to postgres://USER:PASSWORD@HOST:PORT/DATABASE, or in DATABASE_URL, where the password is seen by fewer.",
  );
}

/** The key that the old server signed with, as main.ts finds it: links that readers hold and pictures of people go on only with the same. */
function secretOf({ secretKey }: Config, file: string): { key: string | null; from: string } {
  const kept = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  if (kept !== "" && secretKey !== "" && kept !== secretKey) {
    throw new ConfigError(
      `SECRET_KEY is not what stands in ${file}. The new servers need the key of the old one: set SECRET_KEY="$(cat ${file})", or move that file away if the old server was given another.`,
    );
  }
  if (kept !== "") return { key: kept, from: `what stands in ${file}: SECRET_KEY="$(cat ${file})"` };
  if (secretKey !== "") return { key: secretKey, from: "the one that is set now" };
  return { key: null, from: "the one that the old server was given (there is none beside the file)" };
}

/** One line a table where nobody looks, a line that counts where somebody does. */
function progress(): MoveRequest["onProgress"] {
  return ({ table, rows, of }) => {
    const line = `${table}: ${rows} of ${of}`;
    if (process.stderr.isTTY) process.stderr.write(`\r${line}\u{1b}[K${rows === of ? "\n" : ""}`);
    else if (rows === of || rows % 100_000 === 0) tell(line);
  };
}
