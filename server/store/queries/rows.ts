import type { Selectable } from "kysely";
import type { Body } from "../../wire/body.ts";
import type { Reason } from "../../wire/comment.ts";
import type { Dialect } from "../dialect.ts";
import { isPlainBody, plainBody } from "../plain-body.ts";
import type { CommentRow, Page } from "../records.ts";
import { formatName, statusName } from "./codes.ts";
import type { CommentTable, DbId, PageTable, ReadId } from "./tables.ts";

/** What is told of a comment. */
const TOLD = [
  "site_id",
  "page_id",
  "depth",
  "status",
  "former",
  "reason",
  "name",
  "email",
  "website",
  "role",
  "source",
  "format",
  "body",
  "render_version",
  "created_at",
  "edited_at",
  "ip_hash",
  "version",
  "shown",
  "replies",
] as const;
type Ids = Pick<CommentTable, "id" | "parent_id" | "root_id" | "account_id">;
type Told<Id> = Pick<CommentTable, (typeof TOLD)[number]> & { [Key in keyof Ids]: Id | Extract<Ids[Key], null> };
export type ReadRow = Told<ReadId>;

/** No more of each comment than is told: to answer its columns takes longer than to find them. */
export const toldOf = ({ db, id }: Dialect) =>
  db
    .selectFrom("comments")
    .select(TOLD)
    .select([id.read("id"), id.read("parent_id"), id.read("root_id"), id.read("account_id")]);

export function commentOf(dialect: Dialect, row: Told<DbId> | ReadRow, body = bodyOf(row)): CommentRow {
  const { toText } = dialect.id;
  return {
    site: row.site_id,
    page: row.page_id,
    id: toText(row.id),
    parent: row.parent_id === null ? null : toText(row.parent_id),
    root: toText(row.root_id ?? row.id),
    depth: row.depth,
    status: statusName(row.status),
    former: row.former === null ? null : statusName(row.former),
    reason: row.reason as Reason | null,
    name: row.name,
    email: row.email,
    website: row.website,
    role: row.role,
    account: row.account_id === null ? null : toText(row.account_id),
    source: row.source,
    format: formatName(row.format),
    body,
    renderVersion: row.render_version,
    createdAt: row.created_at,
    editedAt: row.edited_at,
    ipHash: row.ip_hash,
    version: row.version,
    shown: row.shown === 1,
    replies: row.replies,
  };
}

const bodyOf = ({ source, body }: Pick<CommentTable, "source" | "body">): Body =>
  body === null ? plainBody(source) : (JSON.parse(body) as Body);

/**
 * Characters of markup, beside the texts themselves, that one answer carries at most: some 20 ms of work. A text of
 * 10,000 can become a tree of 40,000, and 200 of these would hold everyone else up for a second.
 */
const HEAVIEST = 200_000;

/** Counts what an answer carries: whether one more still fits. The first always does; after one that does not, none. */
export function scales(): (row: Pick<CommentTable, "body" | "source">) => boolean {
  let weight = 0;
  let any = false;
  return ({ body, source }) => {
    weight += Math.max(0, (body?.length ?? 0) - source.length);
    if (any && weight > HEAVIEST) return false;
    any = true;
    return true;
  };
}

/** As many of the first as one answer carries. */
export function carried<R extends Pick<CommentTable, "body" | "source">>(rows: readonly R[]): readonly R[] {
  const fits = scales();
  const tooMany = rows.findIndex((row) => !fits(row));
  return tooMany === -1 ? rows : rows.slice(0, tooMany);
}

export function pageOf(row: Selectable<PageTable>): Page {
  return {
    site: row.site_id,
    id: row.id,
    key: row.key,
    title: row.title,
    titleFixed: row.title_fixed === 1,
    open: row.open === 1,
    version: row.version,
    counts: { held: row.held, approved: row.approved, spam: row.spam, trash: row.trash },
  };
}

/** The tree as it is stored: null where the source says it all. */
export function keptBody(source: string, body: Body): string | null {
  return isPlainBody(body, source) ? null : JSON.stringify(body);
}
