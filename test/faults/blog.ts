/** A blog whose readers write over HTTP, each text with a word of its own by which it is known again. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { issueFormToken } from "../../server/comments/tokens.ts";
import { deriveKeys } from "../../server/keys.ts";
import { idMaker } from "../../server/new-id.ts";
import { openPostgres } from "../../server/store/postgres/index.ts";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import type { Store } from "../../server/store/store.ts";
import { Settings } from "../../server/wire/settings.ts";

export const ORIGIN = "https://blog.example";
/** Known to the writers too, so that they sign their own form tokens. */
const SECRET = "of no worth: it signs nothing but what these tests write";
/** On every text. */
export const COMMON_WORD = "saying";
const PAGES = 3;

export interface Blog {
  database: string;
  env: Record<string, string>;
  site: number;
  remove(): void;
}

/** A database in a folder of its own with one site, without limits on speed and without holding. */
export async function makeBlog(folder = mkdtempSync(join(tmpdir(), "youfigure-"))): Promise<Blog> {
  const database = join(folder, "blog.db");
  const store = await openSqlite({ path: database });
  const site = await addBlog(store);
  await store.close();
  return { database, env: { SECRET_KEY: SECRET }, site, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The same in a PostgreSQL, for any number of servers. */
export async function makeSharedBlog(url: string): Promise<Pick<Blog, "env" | "site">> {
  const store = await openPostgres({ url });
  const site = await addBlog(store);
  await store.close();
  return { env: { SECRET_KEY: SECRET, DATABASE_URL: url }, site };
}

async function addBlog(store: Store): Promise<number> {
  const settings = { ...v.parse(Settings, {}), minAge: 0, floor: 0, burst: 0, holdFirst: false };
  const site = await store.addSite(
    { name: "Blog", origins: [ORIGIN], aliases: {}, settings, createdAt: Date.now() },
    { id: idMaker(Date.now)(), at: Date.now(), by: "test", action: "site" },
  );
  return site.id;
}

export const pageOf = (n: number) => `${ORIGIN}/page-${n % PAGES}`;

/** The n-th comment, which answers `parent` of the same page or nothing. */
export function commentOf(blog: Pick<Blog, "site">, n: number, parent: string | null) {
  const token = issueFormToken({ keys: deriveKeys(SECRET), now: Date.now, randomBytes }, blog.site);
  return { url: pageOf(n), parent, body: `${COMMON_WORD} w${n}x`, name: `Reader ${n}`, email: `reader${n}@reader.example`, token };
}

/** The number in a comment's text. */
export const numberIn = (source: string): number => Number(/w(\d+)x/.exec(source)?.[1] ?? Number.NaN);

export interface Acknowledged {
  n: number;
  id: string;
}

export const requestOf = (body: object, key: string): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", origin: ORIGIN, "idempotency-key": key },
  body: JSON.stringify(body),
});

/** Ends in a rejection where no answer came; any answer but 201 is an error of its own. */
export async function post(url: string, body: object, key: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/comments`, requestOf(body, key));
  const said = (await answer.json()) as { comment: { id: string } };
  if (answer.status !== 201) throw new UnexpectedAnswer(answer.status, JSON.stringify(said));
  return said.comment.id;
}

export class UnexpectedAnswer extends Error {
  readonly status: number;
  constructor(status: number, said: string) {
    super(`${status} ${said}`);
    this.status = status;
  }
}

/** The page's thread as its first readers get it: the ids of its comments. */
export async function read(url: string, page: string): Promise<string[]> {
  const answer = await fetch(`${url}/api/v1/thread?url=${encodeURIComponent(page)}`);
  if (answer.status !== 200) throw new UnexpectedAnswer(answer.status, await answer.text());
  const { comments } = (await answer.json()) as { comments: { id: string }[] };
  return comments.map(({ id }) => id);
}

export const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;

/** Writes one after the other until one is refused. Returns what was acknowledged, and the refusal. */
export async function writeUntilRefused(
  blog: Blog,
  url: string,
  from: number,
): Promise<{ ids: string[]; refused: Response; next: number }> {
  const ids: string[] = [];
  for (let n = from; ; n++) {
    const answer = await fetch(`${url}/api/v1/comments`, requestOf(commentOf(blog, n, null), `comment-${n}`));
    if (answer.status !== 201) return { ids, refused: answer, next: n };
    ids.push(((await answer.json()) as { comment: { id: string } }).comment.id);
  }
}

/** Sends the same comment again until it is stored. */
export async function postUntilStored(blog: Blog, url: string, n: number): Promise<string> {
  for (;;) {
    const answer = await fetch(`${url}/api/v1/comments`, requestOf(commentOf(blog, n, null), `comment-${n}`));
    const said = (await answer.json()) as { comment: { id: string } };
    if (answer.status === 201) return said.comment.id;
    if (answer.status !== 503) throw new UnexpectedAnswer(answer.status, JSON.stringify(said));
  }
}
