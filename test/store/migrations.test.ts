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

/** Comment `n` of a page, as that version kept it: of three writers in turn, one of whom writes her name in two ways. */
function oldComment(n: number, { page, site, status }: { page: number; site: number; status: number }): Record<string, unknown> {
  const [email, name] = [
    ["ada@reader.example", n % 2 ? "Ada" : "ADA"],
    ["ben@reader.example", "Ben"],
    ["", "Nobody"],
  ][n % 3]!;
  const author = createHash("sha256").update(`${email}\n${name!.toLowerCase()}`).digest("base64url").slice(0, 16);
  const words = { name, email, website: "", author, source: `Comment ${n}.`, format: 0, render_version: 1, created_at: NOW };
  const place = { site_id: site, page_id: page, id: toBytes(newId()), depth: 0, status, version: n + 1, shown: Number(status === 1) };
  return { ...place, ...words, replies: 0, children: 0, shown_children: 0 };
}

describe("a database of schema 1", () => {
  it("keeps its comments, knows who wrote before, and answers pages of few and of many", async () => {
    const db = firstVersion();
    const insert = (table: string, row: Record<string, unknown>) =>
      db
        .prepare(
          `insert into ${table} (${Object.keys(row).join(", ")}) values (${Object.keys(row)
            .map((key) => `@${key}`)
            .join(", ")})`,
        )
        .run(row);
    const MANY = 700;
    db.transaction(() => {
      for (const site of [1, 2]) {
        insert("sites", { id: site, name: `Site ${site}`, aliases: "{}", settings: "{}", created_at: NOW });
        insert("site_counts", { site_id: site, approved: site === 1 ? MANY + 30 : 0, held: site === 1 ? 0 : 3 });
      }
      const tally = { title: "", title_fixed: 0, open: 1, version: MANY };
      insert("pages", { site_id: 1, id: 1, key: "blog.example/many", ...tally, approved: MANY });
      insert("pages", { site_id: 1, id: 2, key: "blog.example/few", ...tally, approved: 30 });
      insert("pages", { site_id: 2, id: 1, key: "other.example/", ...tally, held: 3 });
      for (let n = 0; n < MANY; n++) insert("comments", oldComment(n, { site: 1, page: 1, status: 1 }));
      for (let n = 0; n < 30; n++) insert("comments", oldComment(n, { site: 1, page: 2, status: 1 }));
      for (let n = 0; n < 3; n++) insert("comments", oldComment(n, { site: 2, page: 1, status: 0 }));
    })();
    db.close();

    const store = await openSqlite({ path, now: () => NOW });
    expect(await store.hasApproved(1, "ADA@reader.example", "ada")).toBe(true);
    expect(await store.hasApproved(1, "ben@reader.example", "Ben")).toBe(true);
    expect(await store.hasApproved(2, "ben@reader.example", "Ben")).toBe(false);
    for (const [page, key, count] of [
      [1, "blog.example/many", MANY],
      [2, "blog.example/few", 30],
    ] as const) {
      const seen: string[] = [];
      for (let after: string | undefined; ;) {
        const { rows, next } = await store.threads({ site: 1, page, sort: "newest", threads: 20, comments: 50, after });
        seen.push(...rows.map(({ source }) => source));
        if (next === null) break;
        after = next;
      }
      expect(seen).toEqual(Array.from({ length: count }, (_, i) => `Comment ${count - 1 - i}.`));
      const changes = await store.changes({ site: 1, key, after: count - 5, limit: 10 });
      expect(changes?.rows.map(({ source }) => source)).toEqual(seen.slice(0, 5).toReversed());
    }
    await store.close();
    const after = new Database(path, { readonly: true });
    expect(after.prepare("select site_id, approved from writers order by approved").raw().all()).toEqual([
      [1, 243],
      [1, 244],
    ]);
    expect(after.prepare("select page_id, crowded, count(*) from comments where site_id = 1 group by 1, 2").raw().all()).toEqual([
      [1, 1, MANY],
      [2, 0, 30],
    ]);
    expect(after.pragma("integrity_check", { simple: true })).toBe("ok");
    after.close();
  });

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
