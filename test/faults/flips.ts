/** bytes of the file that are not what was written. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { type Blog, pageOf, postUntilStored, statusOf } from "./blog.ts";
import { bars, type Outcome } from "./fault.ts";
import { runCommand, startServer } from "./process.ts";
import { stock } from "./stock.ts";

/** Copies a database, changes 100 bytes anywhere in it, and starts a server on it: it refuses, or nothing that SQLite can know is wrong. */
export async function flipBytes(blog: Blog, files: number, seed: number): Promise<Outcome & { refused: number; served: number }> {
  const { wrong, must } = bars();
  await stock(blog, 600);
  const good = readFileSync(blog.database);
  const random = randomFrom(seed);
  const sum = { refused: 0, served: 0 };
  const folder = join(dirname(blog.database), "flipped");
  for (let file = 0; file < files; file++) {
    const bytes = Buffer.from(good);
    for (let n = 0; n < 100; n++) bytes[Math.floor(random() * bytes.length)]! ^= 1 + Math.floor(random() * 255);
    const database = join(folder, "blog.db");
    rmSync(folder, { recursive: true, force: true });
    await runCommand(["migrate"], { database, env: blog.env });
    writeFileSync(database, bytes);
    const beside = readdirSync(folder).toSorted();
    const sound = isSound(bytes, join(folder, "looked-at.db"));
    const started = await startServer({ database, env: blog.env }).catch((error: Error) => error.message);
    if (typeof started === "string") {
      sum.refused++;
      must(
        /ended with 1: youfigure: [^\n]*(?:is damaged|is no SQLite database|something else)[^\n]*\n$/.test(started),
        `file ${file}: ${started}`,
      );
      must(readFileSync(database).equals(bytes), `file ${file}: its bytes were changed`);
      must(readdirSync(folder).toSorted().join() === beside.join(), `file ${file}: files were left beside it`);
      continue;
    }
    sum.served++;
    must(sound, `file ${file}: served though SQLite's own check finds it damaged`);
    must(
      (await statusOf(`${started.url}/api/v1/thread?url=${encodeURIComponent(pageOf(0))}`)) < 500,
      `file ${file}: a reader got an error`,
    );
    started.kill("SIGTERM");
    must((await started.ended).code === 0, `file ${file}: it did not end well`);
  }
  rmSync(folder, { recursive: true, force: true });
  return {
    wrong,
    ...sum,
    seen: `${files} files with 100 changed bytes: ${sum.refused} refused and left as they were, ${sum.served} served, of which SQLite's check finds none damaged`,
  };
}

/** What SQLite itself says of a copy. */
function isSound(bytes: Buffer, copy: string): boolean {
  writeFileSync(copy, bytes);
  try {
    const db = new Database(copy, { readonly: true });
    try {
      return db.pragma("quick_check(1)", { simple: true }) === "ok";
    } finally {
      db.close();
    }
  } catch {
    return false;
  } finally {
    for (const end of ["", "-wal", "-shm"]) rmSync(copy + end, { force: true });
  }
}

/** A killed server's log is gone, or holds other bytes: what was in the file before is served, or it is refused. */
export async function damageLog(blog: Blog, damage: "missing" | "garbled"): Promise<Outcome> {
  const { wrong, must } = bars();
  await stock(blog, 50);
  const server = await startServer(blog);
  for (let n = 100; n < 110; n++) await postUntilStored(blog, server.url, n);
  server.kill("SIGKILL");
  await server.ended;
  const log = `${blog.database}-wal`;
  must(existsSync(log), "there was no log");
  if (damage === "missing") rmSync(log);
  else
    writeFileSync(
      log,
      readFileSync(log).map((byte, at) => (at > 32 && at % 7 === 0 ? byte ^ 0x55 : byte)),
    );
  const again = await startServer(blog);
  const status = await statusOf(`${again.url}/api/v1/thread?url=${encodeURIComponent(pageOf(0))}`);
  must(status === 200, `a reader got ${status}`);
  await postUntilStored(blog, again.url, 200);
  again.kill("SIGTERM");
  must((await again.ended).code === 0, "it did not end well");
  const db = new Database(blog.database, { readonly: true });
  must(db.pragma("integrity_check", { simple: true }) === "ok", "the file is not sound afterwards");
  db.close();
  return { wrong, seen: `a log that is ${damage}: what the file held is served, and it is sound` };
}

/** mulberry32 */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
