import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { begin } from "../../server/store/migrations/0001-begin.ts";
import { toBytes } from "../../server/store/sqlite/ids.ts";
import { openSqlite, sqliteDialect } from "../../server/store/sqlite/index.ts";
import { newId, newLog, newRow, newSite } from "./rows.ts";

const NOW = 1_700_000_000_000;
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "youfigure-migrations-"));
  path = join(folder, "comments.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A file as the first version of the schema left it. */
function firstVersion(): Database.Database {
  const db = new Database(path);
  db.pragma(`application_id = ${0x79_66_69_67}`);
  db.pragma("journal_mode = wal");
  db.exec("create table schema_versions (version integer primary key, at bigint not null)");
  for (const { sql, parameters } of begin(sqliteDialect())) db.prepare(sql).run(...parameters);
  db.prepare("insert into schema_versions values (1, 0)").run();
  return db;
}

const digits = (text: string) => createHash("sha256").update(text).digest("hex");

describe("a database of schema 1", () => {
  it("keeps its claims, of which there are more than are carried over at a time", async () => {
    const db = firstVersion();
    const add = db.prepare("insert into claims values (?, ?, ?, ?, ?, ?)");
    const holder = newId();
    const MANY = 1_203;
    db.transaction(() => {
      for (let n = 0; n < MANY; n++) add.run(1 + (n % 3), n % 2, digits(`claim ${n}`), toBytes(holder), n === 4 ? "r" : null, NOW + 1);
      add.run(1, 2, digits("over"), toBytes(holder), null, NOW);
    })();
    db.close();

    const store = await openSqlite({ path, now: () => NOW });
    for (let n = 0; n < MANY; n++) {
      const kind = n % 2 === 0 ? "idempotency" : "token";
      expect(await store.claimed(1 + (n % 3), kind, digits(`claim ${n}`))).toEqual({ comment: holder, request: n === 4 ? "r" : null });
    }
    expect(await store.claimed(1, "duplicate", digits("over"))).toBeNull();
    await store.addSite(newSite(), newLog("site"));
    const claim = { kind: "idempotency" as const, hash: digits("claim 0"), expiresAt: NOW + 5 };
    expect(await store.add(newRow(), [claim])).toMatchObject({ ok: false, taken: "idempotency", comment: holder });
    await store.close();
  });
});
