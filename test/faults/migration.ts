/** the process dies after the n-th statement of a migration. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { bars, type Outcome } from "./fault.ts";
import { runCommand } from "./process.ts";

/** Kills it at each of these statements, until there is none; each time `youfigure migrate` must finish the work. */
export async function killMigration(statements: Iterable<number>): Promise<Outcome & { kills: number }> {
  const { wrong, must } = bars();
  const folder = mkdtempSync(join(tmpdir(), "youfigure-"));
  try {
    const whole = join(folder, "whole.db");
    must((await runCommand(["migrate"], { database: whole })).code === 0, "it does not migrate at all");
    const expected = schemaOf(whole);
    let kills = 0;
    for (const n of statements) {
      const database = join(folder, `killed-${n}.db`);
      if (!(await killedAt(database, n))) break;
      kills++;
      const { code, stderr } = await runCommand(["migrate"], { database });
      must(code === 0 && stderr === "", `after statement ${n}: ${code} ${stderr}`);
      must(schemaOf(database) === expected, `after statement ${n} the schema is another`);
    }
    const future = new Database(whole);
    future.exec("insert into schema_versions (version, at) values (99, 0)");
    future.close();
    const newer = await runCommand(["serve"], { database: whole });
    must(newer.code === 1 && /newer version of Youfigure/.test(newer.stderr), `a newer schema gave ${newer.code} ${newer.stderr}`);
    return { wrong, kills, seen: `killed after ${kills} statements, each time completed by the next start; a newer schema is refused` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function killedAt(database: string, n: number): Promise<boolean> {
  const script = join(import.meta.dirname, "migrate-until.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, database, String(n)], { stdio: ["ignore", "ignore", "inherit"] });
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  if (signal === "SIGKILL") return true;
  if (code === 3) return false;
  throw new Error(`It was to be killed at statement ${n} and ended with ${code}`);
}

/** The schema as SQL and SQLite's own verdict. */
function schemaOf(database: string): string {
  const db = new Database(database, { readonly: true });
  const rows = db.prepare("select type, name, sql from sqlite_schema order by type, name").all();
  const verdict = db.pragma("integrity_check", { simple: true });
  db.close();
  return JSON.stringify([verdict, rows]);
}
