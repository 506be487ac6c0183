import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openFile } from "../../server/store/sqlite/file.ts";
import { type SqliteOptions, openSqlite } from "../../server/store/sqlite/index.ts";
import type { Store } from "../../server/store/store.ts";
import { newLog, newRow, newSite, PAGE, put } from "./rows.ts";

let folder: string;
let path: string;
const opened: Store[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "youfigure-sqlite-"));
  path = join(folder, "data", "comments.db");
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  rmSync(folder, { recursive: true });
});

async function open(options: Partial<SqliteOptions> = {}): Promise<Store> {
  const store = await openSqlite({ path, ...options });
  opened.push(store);
  return store;
}

async function openWithSite(options: Partial<SqliteOptions> = {}): Promise<Store> {
  const store = await open(options);
  await store.addSite(newSite(), newLog("site"));
  return store;
}

describe("the file", () => {
  it("is readable by its owner alone, with its log", async () => {
    const store = await openWithSite();
    await put(store);
    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("keeps everything for the next start", async () => {
    const row = await put(await openWithSite());
    await opened.pop()!.close();
    expect(await (await open()).comment(1, row.id)).toEqual(row);
  });

  it("is refused as it is when it is no database", async () => {
    await open();
    await opened.pop()!.close();
    const good = readFileSync(path);
    const garbled = Buffer.from(good);
    garbled.fill(0x5a, 100, 4_096);
    const cases: [string, Buffer, RegExp][] = [
      ["empty", Buffer.alloc(0), /no SQLite database/],
      ["text", Buffer.from("hello ".repeat(1000)), /no SQLite database/],
      ["cut short", good.subarray(0, good.length - 4_096 * 3), /damaged/],
      ["garbled", garbled, /damaged/],
    ];
    for (const [name, bytes, message] of cases) {
      const bad = join(folder, `${name}.db`);
      writeFileSync(bad, bytes);
      await expect(openSqlite({ path: bad })).rejects.toThrow(message);
      expect(readFileSync(bad).equals(bytes)).toBe(true);
    }
  });

  it("is refused when it belongs to another program", async () => {
    const bad = join(folder, "other.db");
    const other = new Database(bad);
    other.exec("create table t (x)");
    other.close();
    const bytes = readFileSync(bad);
    await expect(openSqlite({ path: bad })).rejects.toThrow(/something else/);
    expect(readFileSync(bad).equals(bytes)).toBe(true);
  });

  it("is refused when a newer version wrote it", async () => {
    await open();
    await opened.pop()!.close();
    const other = new Database(path);
    other.exec("insert into schema_versions (version, at) values (99, 0)");
    other.close();
    await expect(openSqlite({ path })).rejects.toThrow(/newer version of Youfigure \(schema 99/);
  });

  it("that is whole passes SQLite's own check after much was written and deleted", async () => {
    const store = await openWithSite();
    const rows = await Promise.all(Array.from({ length: 300 }, () => put(store)));
    await store.purge(
      rows.map(({ id }) => ({ site: 1, id })),
      newLog("purge"),
    );
    await store.queue({ search: "word", sort: "newest", limit: 5 });
    await opened.pop()!.close();
    const other = new Database(path, { readonly: true });
    expect(other.pragma("integrity_check")).toEqual([{ integrity_check: "ok" }]);
    expect(other.pragma("foreign_key_check")).toEqual([]);
    other.close();
    expect(readFileSync(path).includes("ada@reader.example")).toBe(false);
  });
});

describe("writing", () => {
  it("shares commits among those who come together", async () => {
    const store = await openWithSite();
    const before = store.stats();
    const writers = 16;
    await Promise.all(
      Array.from({ length: writers }, async () => {
        for (let i = 0; i < 20; i++) await put(store);
      }),
    );
    const { commits, writes } = store.stats();
    expect(writes - before.writes).toBe(writers * 20);
    expect((commits - before.commits) / (writes - before.writes)).toBeLessThanOrEqual(0.25);
  });

  it("waits for another's lock without stopping the event loop, then succeeds", async () => {
    const store = await openWithSite();
    const other = new Database(path);
    other.exec("begin immediate");
    const added = store.add(newRow(), []);
    // Reads and turns of the loop go on while it waits.
    for (let i = 0; i < 50; i++) {
      expect(await store.page(1, PAGE)).toBeNull();
      await new Promise((resolve) => setImmediate(resolve));
    }
    other.exec("commit");
    expect((await added).ok).toBe(true);
    other.close();
  });

  it("is refused as busy once the lock has been held too long", async () => {
    const store = await openWithSite({ patience: 50 });
    const other = new Database(path);
    other.exec("begin immediate");
    await expect(store.add(newRow(), [])).rejects.toMatchObject({ code: "busy", status: 503 });
    other.exec("rollback");
    other.close();
    expect((await store.add(newRow(), [])).ok).toBe(true);
  });

  it("is refused as busy when the disk takes no more, and goes on when there is room", async () => {
    await openWithSite();
    await opened.pop()!.close();
    // A limit on the size of files stands for the end of the disk; Node ignores SIGXFSZ, so that SQLite sees the error.
    const { said } = await runWriter(["bash", "-c", 'ulimit -f 2000; exec "$0" "$@"'], "9000");
    expect(said.at(-1)).toBe("busy true");
    const store = await open();
    await holdsAll(store, said.slice(0, -1));
    expect((await store.add(newRow(null, { source: "x".repeat(9_000) }), [])).ok).toBe(true);
  });

  it("of another process is heard of", async () => {
    const store = await openWithSite();
    const heard = new Promise((resolve) => store.onChange(resolve));
    const other = await open();
    await put(other);
    expect(await heard).toBe("all");
    expect((await store.page(1, PAGE))?.counts.approved).toBe(1);
  });

  it("is on disk when it is acknowledged, whatever kills the process", async () => {
    await openWithSite();
    await opened.pop()!.close();
    const { said } = await runWriter([], "20", 200);
    expect(said.length).toBeGreaterThanOrEqual(200);
    await holdsAll(await open(), said);
  });
});

/** Runs writer.ts under `prefix` until it ends by itself or, killed, has said so many lines. */
async function runWriter(prefix: readonly string[], length: string, lines = Number.POSITIVE_INFINITY): Promise<{ said: string[] }> {
  const command = [...prefix, process.execPath, "--import", "tsx", join(import.meta.dirname, "writer.ts"), path, length];
  const writer = spawn(command[0]!, command.slice(1), { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(writer, "exit");
  let said = "";
  for await (const chunk of writer.stdout) {
    said += String(chunk);
    if (said.split("\n").length > lines) writer.kill("SIGKILL");
  }
  await ended;
  return { said: said.split("\n").slice(0, -1) };
}

/** Everything acknowledged is there, and counted. */
async function holdsAll(store: Store, ids: readonly string[]): Promise<void> {
  for (const id of ids) expect(await store.comment(1, id)).not.toBeNull();
  let rows = 0;
  for await (const { row } of store.exportRows(1)) rows += Number(row.status === "approved");
  expect((await store.queueCounts()).approved).toBe(rows);
}

describe("the connections", () => {
  it("wait for the disk at each commit and trust nothing in the file", async () => {
    await open();
    await opened.pop()!.close();
    const writer = openFile(path);
    const settings = ["journal_mode", "synchronous", "foreign_keys", "trusted_schema", "secure_delete", "busy_timeout"];
    expect(settings.map((name) => writer.pragma(name))).toEqual(["wal", 2, 1, 0, 1, 0]);
    writer.close();
  });
});
