/** A durable PostgreSQL that holds the bench's comments, for as long as the bench runs. */
import pg from "pg";
import { beginOwnPostgres } from "../../demo/steps/postgres.mjs";
import { openPostgres } from "../../server/store/postgres/index.ts";
import type { Store } from "../../server/store/store.ts";
import { fillStore } from "./fill.ts";
import { diskFolder, removeFolder } from "./postgres-writes.ts";

export interface PostgresServer {
  url: string;
  within<Result>(use: (store: Store) => Promise<Result>): Promise<Result>;
  end(): Promise<void>;
}

export async function beginPostgresServer(more: number, say: (text: string) => void): Promise<PostgresServer> {
  const folder = diskFolder();
  const postgres = await beginOwnPostgres(process.env, { folder, durable: true });
  const end = async () => {
    await postgres.end();
    removeFolder(folder);
  };
  const url = Object.assign(new URL(postgres.url), { pathname: "/bench" }).href;
  const within = async <Result>(use: (store: Store) => Promise<Result>) => {
    const store = await openPostgres({ url });
    return use(store).finally(() => store.close());
  };
  try {
    await query(postgres.url, "create database bench template template0 encoding 'UTF8'");
    say(`filling PostgreSQL with ${more.toLocaleString("en")} comments`);
    await within((store) => fillStore(store, { more, large: false }));
    await query(url, "vacuum analyze");
  } catch (error) {
    await end();
    throw error;
  }
  return { url, within, end };
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(text).finally(() => client.end());
}
