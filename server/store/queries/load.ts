import { first, type Steps } from "../steps.ts";
import type { NewRow } from "../records.ts";
import { keepTitle } from "./add.ts";
import type { Knot } from "./comments.ts";
import type { Context, Act } from "./context.ts";
import { openPage, type OpenPage, savePage } from "./pages.ts";
import { insertComment } from "./tree.ts";

/** Comments that were written elsewhere. Throws, and adds none, where a reply does not fit what it answers. */
export function* loadComments(cx: Context, act: Act, rows: readonly NewRow[]): Steps<{ added: number; known: number }> {
  const pages = new Map<string, OpenPage>();
  let known = 0;
  for (const row of rows) {
    if (yield* first(cx.q.knot({ site: row.site, id: cx.dialect.id.toDb(row.id) }))) {
      known++;
      continue;
    }
    const name = `${row.site} ${row.pageKey}`;
    const open = pages.get(name) ?? (yield* openPage(cx, row.site, row.pageKey));
    pages.set(name, open);
    keepTitle(open, row);
    yield* insertComment(cx, open, row, yield* parentOf(cx, open, row));
  }
  for (const open of pages.values()) yield* savePage(cx, open, act);
  return { added: rows.length - known, known };
}

function* parentOf({ q, dialect }: Context, { page }: OpenPage, row: NewRow): Steps<Knot | null> {
  if (row.parent === null) return null;
  const parent = yield* first(q.knot({ site: row.site, id: dialect.id.toDb(row.parent) }));
  if (!parent) throw new Error(`Comment ${row.id} answers ${row.parent}, which is not there: parents come before their replies`);
  if (parent.page_id !== page.id) throw new Error(`Comment ${row.id} answers ${row.parent}, which stands on another page`);
  // Reading by key relies on it.
  if (row.id <= row.parent) throw new Error(`Comment ${row.id} must sort after ${row.parent}, which it answers`);
  return parent;
}
