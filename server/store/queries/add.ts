import type { Going } from "../mail.ts";
import type { Added, Claim, NewRow } from "../records.ts";
import { first, type Steps } from "../steps.ts";
import { findHeld, takeClaims } from "./claims.ts";
import { APPROVED } from "./codes.ts";
import type { Knot } from "./comments.ts";
import type { Context, Act } from "./context.ts";
import { addFollow } from "./followers.ts";
import { addLetters, announce } from "./letters.ts";
import { openPage, type OpenPage, savePage } from "./pages.ts";
import { commentOf } from "./rows.ts";
import { insertComment } from "./tree.ts";

export interface Beside {
  claims: readonly Claim[];
  /** Null where no mail is sent. */
  going: Going | null;
}

/** A comment with all it claims and sets going, or nothing at all. */
export function* addComment(cx: Context, act: Act, row: NewRow, { claims, going }: Beside): Steps<Added> {
  const parent = row.parent === null ? null : yield* findAnswerable(cx, row, row.parent);
  if (parent === undefined) return (yield* findHeld(cx, row.site, claims)) ?? { ok: false, taken: "parent" };
  const id = laterThan(row.parent, row.id);
  const held = yield* takeClaims(cx, row.site, claims, id);
  if (held) return held;
  const open = yield* openPage(cx, row.site, row.pageKey);
  keepTitle(open, row);
  const written = yield* insertComment(cx, open, { ...row, id }, parent);
  yield* savePage(cx, open, act);
  if (going) yield* setGoing(cx, going, { ...row, id, page: open.page.id });
  return { ok: true, row: commentOf(cx.dialect, written, row.body), page: open.page };
}

function* setGoing(cx: Context, { letters, follow }: Going, row: NewRow & { page: number }): Steps<void> {
  const named = letters.map((letter) => {
    const about: Record<string, string> = { ...letter.about, comment: row.id };
    return { ...letter, about, key: `${letter.kind} ${row.id} ${about["owner"] ?? ""}` };
  });
  yield* addLetters(cx, named);
  if (row.status === "approved") yield* announce(cx, row);
  if (follow && row.status !== "spam" && row.status !== "trash") yield* addFollow(cx, row, follow);
}

/** Readers answer only what they see, and on its own page. */
function* findAnswerable({ q, dialect }: Context, { site, pageKey }: NewRow, id: string): Steps<Knot | undefined> {
  const parent = yield* first(q.knot({ site, id: dialect.id.toDb(id) }));
  if (parent?.status !== APPROVED) return undefined;
  const page = yield* first(q.pageByKey({ site, key: pageKey }));
  return page?.id === parent.page_id ? parent : undefined;
}

/**
 * A reply always sorts after what it answers, which reading by key relies on. Where the clock was set back meanwhile,
 * the id takes the parent's time and a millisecond.
 */
function laterThan(parent: string | null, id: string): string {
  if (parent === null || id > parent) return id;
  const time = (Number.parseInt(parent.slice(0, 8) + parent.slice(9, 13), 16) + 1).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}${id.slice(13)}`;
}

/**
 * The first public comment gives a page its title. Until there is one, a waiting comment's stands in for the moderator
 * to see, as long as no other came with another: approving one must not publish what came with the other.
 */
export function keepTitle({ page }: OpenPage, { pageTitle, status }: Pick<NewRow, "pageTitle" | "status">): void {
  if (page.titleFixed || (status !== "approved" && status !== "held")) return;
  const { approved, held } = page.counts;
  if (approved > 0) {
    if (page.title === "" && status === "approved") page.title = pageTitle;
  } else if (status === "approved" || held === 0) page.title = pageTitle;
  else if (page.title !== pageTitle) page.title = "";
}
