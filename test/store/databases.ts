/** Databases for tests in the PostgreSQL that TEST_DATABASE_URL names, each a copy of one that was migrated once. */
import { createHash } from "node:crypto";
import pg from "pg";
import { migrate } from "../../server/store/migrations/index.ts";
import { openPostgres } from "../../server/store/postgres/index.ts";
import { postgresDialect } from "../../server/store/postgres/dialect.ts";
import type { Statement } from "../../server/store/steps.ts";

export interface TestDatabase {
  url: string;
  /** Hands it back, empty, to the next test of this process; nobody may be connected any more. */
  drop(): Promise<void>;
}

function home(): string {
  const url = process.env["TEST_DATABASE_URL"];
  if (!url) throw new Error("TEST_DATABASE_URL is not set: run the tests by `npm test`, which begins a PostgreSQL for them");
  return url;
}

const urlOf = (name: string) => {
  const url = new URL(home());
  url.pathname = `/${name}`;
  return url.href;
};

/** Does it on a connection of its own, as an operator would. */
export async function within<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** One without a schema, deleted at the end; `options` are CREATE DATABASE's. */
export async function bareDatabase(options = ""): Promise<TestDatabase> {
  const name = `youfigure_bare_${process.pid}_${++made}`;
  await within(home(), (client) => client.query(`create database ${name} template template0 ${options}`));
  return {
    url: urlOf(name),
    drop: async () => void (await within(home(), (client) => client.query(`drop database ${name} with (force)`))),
  };
}

/** Emptied and ready, whoever had them before. */
const free: string[] = [];
let made = 0;

/** An empty database with today's schema. Making one takes a fifth of a second, emptying one a hundredth, so they are used again. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = free.pop() ?? (await copy());
  return {
    url: urlOf(name),
    async drop() {
      await within(urlOf(name), async (client) => {
        const { rows } = await client.query(
          "select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_versions'",
        );
        // Far quicker than truncate, where there is little to delete. Foreign keys are not looked at meanwhile.
        const deletions = rows.map(({ tablename }) => `delete from "${tablename}"`);
        await client.query(["set session_replication_role = replica", ...deletions].join("; "));
      });
      free.push(name);
    },
  };
}

async function copy(): Promise<string> {
  const template = await templateDatabase();
  const name = `youfigure_test_${process.pid}_${++made}`;
  await within(home(), async (client) => {
    await client.query(`drop database if exists ${name}`);
    await client.query(`create database ${name} template ${template}`);
  });
  return name;
}

let template: Promise<string> | undefined;
const templateDatabase = () => (template ??= makeTemplate());

/** Named for the schema that it has, so that one from an earlier run serves as long as nothing changed. */
async function makeTemplate(): Promise<string> {
  const name = `youfigure_template_${schemaHash()}`;
  await within(home(), async (client) => {
    // One of the processes that run tests at once makes it; it has its name when it is ready.
    await client.query("select pg_advisory_lock(7966100)");
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (rowCount) return;
    await client.query(`drop database if exists ${name}_new`);
    await client.query(`create database ${name}_new template template0 encoding 'UTF8'`);
    await (await openPostgres({ url: urlOf(`${name}_new`) })).close();
    await client.query(`alter database ${name}_new rename to ${name}`);
  });
  return name;
}

function schemaHash(): string {
  const hash = createHash("sha256");
  const steps = migrate(postgresDialect(), 0);
  for (let step = steps.next(); !step.done; step = steps.next({ rows: [], changes: 0 }))
    hash.update((step.value as Statement<unknown>).sql);
  return hash.digest("hex").slice(0, 12);
}
