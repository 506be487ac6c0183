/**
 * A page of few comments is walked whole, whatever is asked of it. Only where there are more do indexes of its threads,
 * replies and changes pay: they would be a quarter of the file and half of what a new comment writes. A page that was
 * crowded once stays so.
 */
import type { Kysely } from "kysely";
import { run, type Steps, template } from "../steps.ts";
import type { Context } from "./context.ts";
import { NO, YES } from "./comments.ts";
import type { OpenPage } from "./pages.ts";
import type { Tables } from "./tables.ts";

/** Comments above which a page is crowded: as many as the first answer has. It stands in databases: never change it. */
export const CROWD = 200;

export const crowdStatements = (db: Kysely<Tables>) => ({
  crowd: template(db, (db, v: { site: number; page: number }) =>
    db.updateTable("comments").set({ crowded: YES }).where("site_id", "=", v.site).where("page_id", "=", v.page).where("crowded", "=", NO),
  ),
});

/** Puts the comments of a page into the indexes once there are too many to walk. */
export function* watchCrowd({ q }: Context, open: OpenPage): Steps<void> {
  const { held, approved, spam, trash } = open.page.counts;
  if (open.crowded || held + approved + spam + trash <= CROWD) return;
  open.crowded = true;
  yield* run(q.crowd({ site: open.page.site, page: open.page.id }));
}
