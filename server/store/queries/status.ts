import type { Selectable } from "kysely";
import type { Reason, Status } from "../../wire/comment.ts";
import { first, run, type Steps } from "../steps.ts";
import type { LogEntry, StatusChange } from "../records.ts";
import { statusCode, statusName } from "./codes.ts";
import type { Context, Act } from "./context.ts";
import { announce } from "./letters.ts";
import { writeLog } from "./log.ts";
import { count, openPageById, type OpenPage, savePage } from "./pages.ts";
import type { CommentTable } from "./tables.ts";
import { isShown, tellAbove } from "./tree.ts";
import { credit, debit } from "./writers.ts";

export interface Target {
  site: number;
  id: string;
}

export interface Move {
  ids: readonly Target[];
  to: Status | "former";
  reason: Reason | null;
  log: LogEntry;
  /** Whether those who wait for what becomes public are written to. */
  tell: boolean;
}

export function* moveComments(cx: Context, act: Act, { ids, to, reason, log, tell }: Move): Steps<StatusChange[]> {
  if (to === "removed") throw new Error("Comments are removed by purge, which also blanks them");
  const pages = new OpenPages(cx);
  const changes: StatusChange[] = [];
  for (const { site, id } of ids) {
    const row = yield* first(cx.q.comment({ site, id: cx.dialect.id.toDb(id) }));
    const target = row && (to === "former" ? formerOf(row) : to);
    if (!row || !target || row.status === statusCode("removed") || row.status === statusCode(target)) continue;
    const open = yield* pages.open(site, row.page_id);
    changes.push({ site, id, from: statusName(row.status), to: target });
    if (tell && target === "approved") yield* announce(cx, { site, id, createdAt: row.created_at });
    yield* moveComment(cx, open, row, { to: target, reason: to === "former" ? reasonBefore(row, target, reason) : reason });
  }
  yield* pages.save(act);
  yield* writeLog(
    cx,
    log,
    changes.map(({ id, ...rest }) => ({ ...rest, comment: id })),
  );
  return changes;
}

/** Restoring what came straight into spam or trash leaves it to a moderator; what is in neither has nowhere to return to. */
function formerOf(row: Selectable<CommentTable>): Status | null {
  const status = statusName(row.status);
  if (status !== "spam" && status !== "trash") return null;
  return row.former === null ? "held" : statusName(row.former);
}

/** Why it waited before it went away, or else why it came straight into spam or trash; what is kept of neither has the reason of the act. */
function reasonBefore(row: Selectable<CommentTable>, to: Status, reason: Reason | null): Reason | null {
  if (to === "approved") return null;
  return (row.former_reason ?? (row.former === null ? row.reason : reason)) as Reason | null;
}

/** Writes the new status, what it means for those above, the counters and the search. */
export function* moveComment(
  cx: Context,
  open: OpenPage,
  row: Selectable<CommentTable>,
  { to, reason }: { to: Status; reason: Reason | null },
): Steps<void> {
  const from = statusName(row.status);
  const away = to === "spam" || to === "trash";
  const wasAway = from === "spam" || from === "trash";
  const shown = isShown(statusCode(to), row.shown_children);
  yield* run(
    cx.q.setStatus({
      site: row.site_id,
      id: row.id,
      status: statusCode(to),
      former: away ? (wasAway ? row.former : row.status) : null,
      // What came straight there keeps why, however often it moves on.
      formerReason: away ? (wasAway && row.former !== null ? row.former_reason : (row.former_reason ?? row.reason)) : null,
      reason,
      trashedAt: to === "trash" ? cx.now() : null,
      shown,
      version: open.page.version,
    }),
  );
  yield* debit(cx, row);
  yield* credit(cx, { ...row, status: statusCode(to) });
  count(open, from, to);
  if (shown !== row.shown) yield* tellAbove(cx, open.page.version, row, shown === 1 ? 1 : -1);
  yield* cx.dialect.search.mark(row.site_id, row.id);
}

/** The pages that one act changes, each opened and saved once. */
export class OpenPages {
  readonly #cx: Context;
  readonly #open = new Map<string, OpenPage>();

  constructor(cx: Context) {
    this.#cx = cx;
  }

  *open(site: number, id: number): Steps<OpenPage> {
    const known = this.#open.get(`${site} ${id}`);
    if (known) return known;
    const open = yield* openPageById(this.#cx, site, id);
    this.#open.set(`${site} ${id}`, open);
    return open;
  }

  *save(act: Act): Steps<void> {
    for (const open of this.#open.values()) yield* savePage(this.#cx, open, act);
  }
}
