import type { Selectable } from "kysely";
import type { Body } from "../../wire/body.ts";
import type { Reason } from "../../wire/comment.ts";
import type { Dialect } from "../dialect.ts";
import { isPlainBody, plainBody } from "../plain-body.ts";
import type { CommentRow, Page } from "../records.ts";
import { formatName, statusName } from "./codes.ts";
import type { CommentTable, PageTable } from "./tables.ts";

export function commentOf(dialect: Dialect, row: Selectable<CommentTable>, body = bodyOf(row)): CommentRow {
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

const bodyOf = ({ source, body }: Selectable<CommentTable>): Body => (body === null ? plainBody(source) : (JSON.parse(body) as Body));

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
