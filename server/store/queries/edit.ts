import type { Selectable } from "kysely";
import { all, first, once, run, type Steps } from "../steps.ts";
import type { CommentRow, EditPatch, LogEntry, Revision } from "../records.ts";
import { formatCode, formatName, statusCode, statusName } from "./codes.ts";
import { findComment } from "./comments.ts";
import type { Context, Act } from "./context.ts";
import { writeLog } from "./log.ts";
import { openPageById, savePage } from "./pages.ts";
import { commentOf, keptBody } from "./rows.ts";
import { moveComment, type Target } from "./status.ts";
import type { CommentTable } from "./tables.ts";
import { credit, debit } from "./writers.ts";

interface Edit {
  patch: EditPatch;
  log: LogEntry;
  /** Must still be the comment's. */
  version?: number | undefined;
}

export function* editComment(cx: Context, act: Act, { site, id }: Target, edit: Edit): Steps<CommentRow | "changed" | null> {
  const { patch, log } = edit;
  const row = yield* first(cx.q.comment({ site, id: cx.dialect.id.toDb(id) }));
  if (!row || row.status === statusCode("removed")) return null;
  if (edit.version !== undefined && edit.version !== row.version) return "changed";
  const open = yield* openPageById(cx, site, row.page_id);
  yield* keepRevision(cx, row, edit);
  yield* debit(cx, row);
  const changed = yield* writePatch(cx, row, patch, open.page.version);
  yield* credit(cx, changed);
  const from = statusName(row.status);
  if (patch.status !== undefined && patch.status !== from) {
    const reason = patch.reason === undefined ? changed.reason : patch.reason;
    yield* moveComment(cx, open, { ...changed, reason: row.reason }, { to: patch.status, reason: reason as CommentRow["reason"] });
  } else yield* cx.dialect.search.mark(site, row.id);
  yield* savePage(cx, open, act);
  yield* writeLog(cx, log, [{ site, comment: id, from, to: patch.status ?? from }]);
  return yield* findComment(cx, site, id);
}

const TEXT = ["source", "format", "name", "website"] as const;

/** Rendering again, or another e-mail, is no new text. */
function* keepRevision({ dialect }: Context, row: Selectable<CommentTable>, { patch, log }: Edit): Steps<void> {
  const before = { ...row, format: formatName(row.format) };
  if (TEXT.every((key) => patch[key] === undefined || patch[key] === before[key])) return;
  const { db } = dialect;
  const last = yield* first(
    once(
      db
        .selectFrom("revisions")
        .select((e) => e.fn.max("number").as("number"))
        .where("site_id", "=", row.site_id)
        .where("comment_id", "=", row.id),
    ),
  );
  const { site_id, id, name, website, source, format } = row;
  const number = (last?.number ?? 0) + 1;
  yield* run(
    once(db.insertInto("revisions").values({ site_id, comment_id: id, number, at: log.at, by: log.by, name, website, source, format })),
  );
}

/** Returns the row as it is then; its status is not touched. */
function* writePatch(
  { dialect }: Context,
  row: Selectable<CommentTable>,
  patch: EditPatch,
  version: number,
): Steps<Selectable<CommentTable>> {
  const source = patch.source ?? row.source;
  const name = patch.name ?? row.name;
  const email = patch.email ?? row.email;
  const set = {
    source,
    name,
    email,
    website: patch.website ?? row.website,
    format: patch.format === undefined ? row.format : formatCode(patch.format),
    body: keptBody(source, patch.body ?? commentOf(dialect, row).body),
    render_version: patch.renderVersion ?? row.render_version,
    reason: patch.reason === undefined ? row.reason : patch.reason,
    edited_at: patch.editedAt ?? row.edited_at,
    version,
  };
  yield* run(once(dialect.db.updateTable("comments").set(set).where("site_id", "=", row.site_id).where("id", "=", row.id)));
  return { ...row, ...set };
}

/** The oldest first. */
export function* listRevisions({ dialect }: Context, { site, id }: Target): Steps<Revision[]> {
  const rows = yield* all(
    once(
      dialect.db
        .selectFrom("revisions")
        .select(["at", "by", "name", "website", "source", "format"])
        .where("site_id", "=", site)
        .where("comment_id", "=", dialect.id.toDb(id))
        .orderBy("number"),
    ),
  );
  return rows.map((row) => ({ ...row, format: formatName(row.format) }));
}
