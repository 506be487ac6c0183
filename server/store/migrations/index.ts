/** Numbered by their place, run in order at start, each once. They stand in databases: append, never change. */
import type { Dialect } from "../dialect.ts";
import { first, once, run, type Statement, type Steps } from "../steps.ts";
import { Unusable } from "../unusable.ts";
import { begin } from "./0001-begin.ts";
import { keepFormerReason } from "./0002-former-reason.ts";
import { narrowClaims } from "./0003-narrow-claims.ts";
import { turns } from "./0004-turns.ts";
import { live } from "./0005-live.ts";
import { countWriters } from "./0006-writers-and-crowds.ts";
import { mail } from "./0007-mail.ts";
import { readers } from "./0008-readers.ts";
import { ownThings } from "./0009-own-things.ts";
import { ways } from "./0010-ways.ts";
import { rolesAndPasskeys } from "./0011-roles-and-passkeys.ts";
import { pictures } from "./0013-pictures.ts";

const MIGRATIONS: readonly ((dialect: Dialect, now: number) => Steps<void>)[] = [
  inOrder(begin),
  inOrder(keepFormerReason),
  narrowClaims,
  inOrder(turns),
  inOrder(live),
  countWriters,
  inOrder(mail),
  inOrder(readers),
  inOrder(ownThings),
  inOrder(ways),
  inOrder(rolesAndPasskeys),
  inOrder(pictures),
];

/** Brings the schema up to date within one transaction; throws Unusable for one that is newer than this program. */
export function* migrate(dialect: Dialect, now: number): Steps<void> {
  const { db } = dialect;
  yield* run(
    once(
      db.schema
        .createTable("schema_versions")
        .ifNotExists()
        .addColumn("version", "integer", (c) => c.primaryKey())
        .addColumn("at", "bigint", (c) => c.notNull()),
    ),
  );
  const found = yield* first(once(db.selectFrom("schema_versions").select((e) => e.fn.max("version").as("version"))));
  const version = found?.version ?? 0;
  if (version > MIGRATIONS.length) {
    throw new Unusable(
      `it was written by a newer version of Youfigure (schema ${version}, this one knows up to ${MIGRATIONS.length}). Start that version, or restore a copy from before`,
    );
  }
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index < version) continue;
    yield* migration(dialect, now);
    yield* run(once(db.insertInto("schema_versions").values({ version: index + 1, at: now })));
  }
}

function inOrder(statements: (dialect: Dialect) => readonly Statement<unknown>[]) {
  return function* (dialect: Dialect): Steps<void> {
    for (const statement of statements(dialect)) yield* run(statement);
  };
}
