import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Account } from "../store/readers.ts";
import type { CommentRow, LogEntry, Site } from "../store/records.ts";
import type { Comment, OwnComment, Status } from "../wire/comment.ts";
import { facesOf } from "./faces.ts";
import { readFields } from "./fields.ts";
import { RENDER_VERSION } from "./markdown.ts";
import { renderText } from "./render-text.ts";
import { judge } from "./policy.ts";
import { readEditToken } from "./tokens.ts";
import { isWhole, toComment, toOwnComment } from "./view.ts";

export interface OwnRequest {
  site: number;
  id: string;
  /** The comment's edit token, null for none. */
  token: string | null;
  /** Who is signed in, null for nobody. */
  reader?: Account | null;
  origin: string | null;
}

/** A comment by its id: for everyone when it is public, and with its source for its author. */
export async function getComment(services: Services, request: OwnRequest): Promise<OwnComment | { comment: Comment }> {
  const site = await requireSite(services, request, true);
  const row = await services.store.comment(site.id, request.id);
  const until = row && untilWhen(services, site, row, request);
  if (row && until !== null && isWhole(row)) {
    return {
      comment: toOwnComment(services, row, await facesOf(services, site, { rows: [row] })),
      source: row.source,
      editUntil: new Date(until).toISOString(),
    };
  }
  if (!row?.shown) throw new Refusal("not_found");
  return { comment: toComment(services, row, await facesOf(services, site, { rows: [row] })) };
}

export interface OwnEdit extends OwnRequest {
  body: string;
  /** The hash under which the sender's address is known. */
  address: string;
}

/** The author's new text. It goes through every rule again and may have to wait; it never leaves moderation by an edit. */
export async function editOwnComment(services: Services, request: OwnEdit): Promise<OwnComment> {
  const { site, row, until } = await requireAuthor(services, request);
  const fields = readFields({ ...row, body: request.body, title: "" }, { ...site.settings, details: "optional" });
  const wait = await services.flood.takeEdit({ site: site.id, address: request.address }, site.settings);
  if (wait > 0) throw new Refusal("too_fast", { retryAfter: wait });
  const body = await renderText(services, fields.body, site.settings);
  const known = row.status === "approved" || (row.email !== "" && (await services.store.hasApproved(site.id, row.email, row.name)));
  const verdict = judge({ fields, body, settings: site.settings, known, impersonates: false });
  const worse = SEVERITY[verdict.status] > SEVERITY[row.status];
  const edited = await services.store.edit(
    site.id,
    row.id,
    {
      source: fields.body,
      format: "markdown",
      body,
      renderVersion: RENDER_VERSION,
      editedAt: services.now(),
      ...(worse && { status: verdict.status, reason: verdict.reason }),
    },
    logEntry(services, "edit"),
    row.version,
  );
  if (edited === "changed") throw new Refusal("changed_meanwhile");
  if (edited === null) throw new Refusal("not_found");
  const faces = await facesOf(services, site, { rows: [edited] });
  return { comment: toOwnComment(services, edited, faces), source: edited.source, editUntil: new Date(until).toISOString() };
}

/** The author takes it back: to the trash, a stub staying where it was answered. Returns the stub, or null when nothing stays. */
export async function removeOwnComment(services: Services, request: OwnRequest): Promise<Comment | null> {
  const { site, row } = await requireAuthor(services, request);
  // What a rule has put into the trash stays there, but is its author's no more.
  if (row.status === "trash")
    await services.store.edit(site.id, row.id, { reason: "author", editedAt: null }, logEntry(services, "status"));
  else await services.store.setStatus([row], "trash", "author", logEntry(services, "status"));
  const left = await services.store.comment(site.id, row.id);
  return left?.shown ? toComment(services, left) : null;
}

const SEVERITY: Record<Status, number> = { approved: 0, held: 1, spam: 2, trash: 2, removed: 2 };

async function requireSite({ sites }: Services, { site: id, origin }: OwnRequest, reading = false): Promise<Site> {
  const site = await sites.byId(id);
  if (!site) throw new Refusal("not_found");
  sites.admit(site, origin, reading);
  return site;
}

async function requireAuthor(services: Services, request: OwnRequest): Promise<{ site: Site; row: CommentRow; until: number }> {
  const site = await requireSite(services, request);
  const row = await services.store.comment(site.id, request.id);
  const until = untilWhen(services, site, row, request);
  if (until === null) throw new Refusal("unauthorized");
  if (services.now() > until) throw new Refusal("edit_window_over");
  if (!row || !isWhole(row)) throw new Refusal("not_found");
  const page = await services.store.pageById(site.id, row.page);
  if (page && !page.open) throw new Refusal("closed");
  return { site, row, until };
}

/** Until when its author may change it, or null when whoever asks is not its author: they hold its token, or wrote it signed in. */
function untilWhen(services: Services, site: Site, row: CommentRow | null, request: OwnRequest): number | null {
  if (request.token !== null) return readEditToken(services, request, request.token);
  return row && row.account !== null && row.account === request.reader?.id ? editableUntil(site, row) : null;
}

export const editableUntil = ({ settings }: Site, { createdAt }: CommentRow): number => createdAt + settings.editWindow * 1000;

const logEntry = ({ newId, now }: Services, action: LogEntry["action"]): LogEntry => ({ id: newId(), at: now(), by: "author", action });
