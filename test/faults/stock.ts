/** Many comments on one page, straight into the store before a server runs. */
import { renderMarkdown } from "../../server/comments/markdown.ts";
import { idOf } from "../../server/new-id.ts";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import type { NewRow } from "../../server/store/records.ts";
import { type Blog, COMMON_WORD, pageOf } from "./blog.ts";

const BATCH = 1_000;
const BEGAN = Date.UTC(2024, 0, 1);

/** Texts are numbered from `from`; every third begins a thread, the others answer it. Returns the ids. */
export async function stock(
  { database, site }: Blog,
  count: number,
  { from = 0, page = pageOf(0), textOf = (n: number) => `${COMMON_WORD} w${n}x` } = {},
): Promise<string[]> {
  const store = await openSqlite({ path: database });
  const ids: string[] = [];
  let root: string | null = null;
  const rowOf = (n: number): NewRow => {
    const createdAt = BEGAN + n * 1_000;
    const id = idOf(createdAt, `stock ${n}`);
    const parent = n % 3 === 0 ? null : root;
    if (parent === null) root = id;
    ids.push(id);
    const source = textOf(n);
    return {
      site,
      pageKey: page.replace("https://", ""),
      pageTitle: "",
      id,
      parent,
      status: "approved",
      reason: null,
      name: `Reader ${n}`,
      email: `reader${n}@reader.example`,
      website: "",
      role: null,
      source,
      format: "markdown",
      body: renderMarkdown(source, { images: false }),
      renderVersion: 1,
      createdAt,
      ipHash: null,
    };
  };
  for (let done = 0; done < count; done += BATCH) {
    await store.load(Array.from({ length: Math.min(BATCH, count - done) }, (_, i) => rowOf(from + done + i)));
  }
  await store.close();
  return ids;
}
