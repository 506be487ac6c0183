/** What the store's writes in PostgreSQL are measured beside: `pg` alone, one durable transaction after the other. */
import pg from "pg";
import { beginPace, type Pace } from "./pace.ts";

/** The rows that one write of the store has left, column by column, as text. */
export interface KeptRows {
  comment: unknown[];
  words: unknown[];
  claims: unknown[][];
  site: number;
  page: number;
}

const rawRows = { rowMode: "array" as const, types: { getTypeParser: () => String } };

/** Reads what the store has put on disk since it was last asked, in the order of writing. */
export async function watchKept(url: string): Promise<{ since(): Promise<KeptRows[]>; close(): Promise<void> }> {
  const client = new pg.Client(url);
  await client.connect();
  let last = "00000000-0000-0000-0000-000000000000";
  const read = async (table: string, id: string) => {
    const text = `select ${id}, site_id, page_id, t.* from ${table} t where ${id} > $1 order by ${id}`;
    return (
      await client.query<string[]>({ ...rawRows, text: table === "claims" ? text.replace("page_id", "site_id") : text, values: [last] })
    ).rows;
  };
  return {
    async since() {
      const [comments, words, claims] = [
        await read("comments", "id"),
        await read("search", "comment_id"),
        await read("claims", "comment_id"),
      ];
      const wordsOf = new Map(words.map(([id, , , ...row]) => [id, row]));
      const claimsOf = new Map<string | undefined, string[][]>();
      for (const [id, , , ...row] of claims) claimsOf.set(id, [...(claimsOf.get(id) ?? []), row]);
      last = comments.at(-1)?.[0] ?? last;
      return comments.map(([id, site, page, ...comment]) => ({
        comment,
        words: wordsOf.get(id)!,
        claims: claimsOf.get(id) ?? [],
        site: Number(site),
        page: Number(page),
      }));
    },
    close: () => client.end(),
  };
}

export interface BareWriter {
  /** Each by itself, all that it puts on disk in one transaction, every statement prepared. */
  oneByOne(kept: readonly KeptRows[]): Promise<Pace>;
  /** The comments' own rows, each a transaction, into a table of its own without further index. */
  rowsAlone(kept: readonly KeptRows[]): Promise<Pace>;
  close(): Promise<void>;
}

/**
 * On a copy of the store's database before anything was written, so the same schema, indexes and pages. With `pipeline`
 * all statements of a transaction are sent at once, which is the quickest that one connection can do.
 */
export async function bareWriter(url: string, { pipeline }: { pipeline: boolean }): Promise<BareWriter> {
  const client = new pg.Client({ connectionString: url, pipeline } as pg.ClientConfig);
  await client.connect();
  const send = (name: string, text: string, values: unknown[] = []) => client.query({ name, text, values });
  const insert = (table: string, row: unknown[]) =>
    send(table, `insert into ${table} values (${row.map((_, i) => `$${i + 1}`).join(", ")})`, row);
  const statements = ({ comment, words, claims, site, page }: KeptRows) => [
    () => client.query("begin"),
    () => insert("comments", comment),
    () => insert("search", words),
    () => send("page", "update pages set version = version + 1, approved = approved + 1 where site_id = $1 and id = $2", [site, page]),
    () => send("site", "update site_counts set approved = approved + 1 where site_id = $1", [site]),
    ...claims.map((claim) => () => insert("claims", claim)),
    () => client.query("commit"),
  ];
  return {
    async oneByOne(kept) {
      const end = beginPace(kept.length);
      for (const each of kept) {
        if (pipeline) await Promise.all(statements(each).map((statement) => statement()));
        else for (const statement of statements(each)) await statement();
      }
      await client.query("select 1");
      return end();
    },
    async rowsAlone(kept) {
      await client.query(
        "drop table if exists alone; create table alone (like comments); alter table alone add primary key (site_id, page_id, id)",
      );
      const end = beginPace(kept.length);
      for (const { comment } of kept) await insert("alone", comment);
      return end();
    },
    close: () => client.end(),
  };
}
