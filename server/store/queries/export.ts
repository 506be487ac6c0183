import { all, once, type Steps } from "../steps.ts";
import type { CommentRow, Page } from "../records.ts";
import type { Context } from "./context.ts";
import { findPageById } from "./pages.ts";
import { commentOf } from "./rows.ts";

export interface Exported {
  row: CommentRow;
  page: Page;
}

/** The next comments of a site in order of pages and time. */
export function* exportBatch(cx: Context, site: number, after: CommentRow | null, limit: number): Steps<Exported[]> {
  const { db, id } = cx.dialect;
  let query = db.selectFrom("comments").selectAll().where("site_id", "=", site).orderBy("page_id").orderBy("id").limit(limit);
  if (after) query = query.where((e) => e(e.refTuple("page_id", "id"), ">", e.tuple(after.page, id.toDb(after.id))));
  const exported: Exported[] = [];
  for (const record of yield* all(once(query))) {
    const row = commentOf(cx.dialect, record);
    const last = exported.at(-1)?.page;
    const page: Page | null = last?.id === row.page ? last : yield* findPageById(cx, site, row.page);
    if (!page) throw new Error("A comment has lost its page");
    exported.push({ row, page });
  }
  return exported;
}
