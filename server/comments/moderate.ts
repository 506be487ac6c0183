import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { CommentRow, EditPatch, LogEntry, NewRow, Owner, Page, Site, StatusChange } from "../store/records.ts";
import type { Reason, Status } from "../wire/comment.ts";
import type { History, ModeratorEdit, QueueItem, Ref, StatusRequest } from "../wire/panel-comments.ts";
import { readFields } from "./fields.ts";
import { renderHtml } from "./foreign-html.ts";
import { RENDER_VERSION } from "./markdown.ts";
import { toQueueItem } from "./queue.ts";
import { renderText } from "./render-text.ts";
import { sha256 } from "./tokens.ts";

/** A reply sent twice is known for so long. */
const REPEAT_MS = 86_400_000;

/** Moves comments to a status, or each back to its former one. Taking an act back is an act like any other, and the log says so. */
export async function setStatus(services: Services, owner: Owner, { ids, to, undo, reason }: StatusRequest): Promise<StatusChange[]> {
  const why = reason === undefined ? reasonFor(to) : reason;
  const log = logEntry(services, owner, "status", undo ? "undo" : undefined);
  const changes = await services.store.setStatus(ids, to, why, log, services.mail !== null);
  services.mail?.stir();
  return changes;
}

const reasonFor = (to: Status | "former"): Reason | null => (to === "approved" ? null : "moderator");

/** A moderator's text for someone's comment. It is checked and rendered like any other; a changed text is marked as edited. */
export async function editAsModerator(
  services: Services,
  owner: Owner,
  { site: id, id: comment, change }: Ref & { change: ModeratorEdit },
): Promise<QueueItem> {
  const site = await requireSite(services, id);
  const row = await requireRow(services, { site: id, id: comment });
  const { version, ...input } = change;
  const fields = readFields({ ...input, title: "" }, { details: "optional" });
  const patch: EditPatch = { name: fields.name, email: fields.email, website: fields.website, editedAt: null };
  if (fields.body !== row.source) {
    const body = row.format === "html" ? renderHtml(fields.body, site.settings) : await renderText(services, fields.body, site.settings);
    Object.assign(patch, { source: fields.body, format: row.format, body, renderVersion: RENDER_VERSION, editedAt: services.now() });
  }
  const edited = await services.store.edit(id, comment, patch, logEntry(services, owner, "edit"), version);
  if (edited === "changed") throw new Refusal("changed_meanwhile");
  if (edited === null) throw new Refusal("not_found");
  return toItem(services, site, edited);
}

/** The owner answers in public, under name and role; what is answered is approved by that. Sending it twice stores it once. */
export async function replyAsOwner(
  services: Services,
  owner: Owner,
  { site: id, id: parent, body: text, key }: Ref & { body: string; key: string },
): Promise<{ reply: QueueItem; parent: QueueItem }> {
  const site = await requireSite(services, id);
  const answered = await requireRow(services, { site: id, id: parent });
  if (answered.status !== "approved" && answered.status !== "held") throw new Refusal("parent_gone");
  const page = await requirePage(services, answered);
  const row = await replyRow(services, owner, { site, page, parent, text });
  const claim = {
    kind: "idempotency",
    hash: sha256(`reply ${owner.id} ${key}`),
    request: sha256(`${parent} ${text}`),
    expiresAt: services.now() + REPEAT_MS,
  } as const;
  const repeat = await services.store.claimed(id, claim.kind, claim.hash);
  if (answered.status === "held" && !repeat)
    await services.store.setStatus([answered], "approved", null, logEntry(services, owner, "status", "reply"), services.mail !== null);
  const added = await services.store.add(row, [claim], services.mail && { letters: [], follow: null });
  services.mail?.stir();
  if (!added.ok && added.taken === "parent") throw new Refusal("parent_gone");
  if (!added.ok && added.request !== claim.request) throw new Refusal("idempotency_mismatch");
  const reply = added.ok ? added.row : await requireRow(services, { site: id, id: added.comment });
  return {
    reply: await toItem(services, site, reply),
    parent: await toItem(services, site, await requireRow(services, { site: id, id: parent })),
  };
}

async function replyRow(
  services: Services,
  owner: Owner,
  { site, page, parent, text }: { site: Site; page: Page; parent: string; text: string },
): Promise<NewRow> {
  const fields = readFields({ name: owner.name, email: owner.email, website: "", body: text, title: "" }, { details: "optional" });
  return {
    ...fields,
    site: site.id,
    id: services.newId(),
    parent,
    status: "approved",
    reason: null,
    role: owner.role,
    source: fields.body,
    format: "markdown",
    body: await renderText(services, fields.body, site.settings),
    renderVersion: RENDER_VERSION,
    createdAt: services.now(),
    ipHash: null,
    pageKey: page.key,
    pageTitle: "",
  };
}

/** Deletes for good; where replies are shown a stub stays. */
export const purge = (services: Services, owner: Owner, ids: readonly Ref[]): Promise<number> =>
  services.store.purge(ids, logEntry(services, owner, "purge"));

/** So many are deleted in one transaction, so that readers and other writers come in between. */
const BATCH = 200;

/** Deletes for good all that lies in spam or trash, of one site or of all, but nothing that came there after it began. */
export async function emptySpamOrTrash(
  services: Services,
  owner: Owner,
  { status, site }: { status: "spam" | "trash"; site?: number | undefined },
): Promise<number> {
  let purged = 0;
  let left = (await services.store.queueCounts(site))[status];
  while (left > 0) {
    const { rows } = await services.store.queue({ status, site, sort: "oldest", limit: Math.min(BATCH, left) });
    if (rows.length === 0) break;
    const done = await purge(
      services,
      owner,
      rows.map(({ row }) => ({ site: row.site, id: row.id })),
    );
    if (done === 0) break;
    purged += done;
    left -= rows.length;
  }
  return purged;
}

/** Earlier texts of a comment and who did what to it, newest first. */
export async function readHistory({ store }: Services, { site, id }: Ref): Promise<History> {
  const [revisions, log, owners] = await Promise.all([
    store.revisions(site, id),
    store.log({ site, comment: id, limit: 100 }),
    store.owners(),
  ]);
  const nameOf = (by: string) => owners.find((owner) => owner.id === by)?.name ?? by;
  return {
    revisions: revisions.map(({ at, by, name, website, source }) => ({ at: iso(at), by: nameOf(by), name, website, source })),
    log: log.map(({ at, by, action, from, to, note }) => ({ at: iso(at), by: nameOf(by), action, from, to, note: note ?? null })),
  };
}

export async function requireSite({ sites }: Pick<Services, "sites">, id: number): Promise<Site> {
  const site = await sites.byId(id);
  if (!site) throw new Refusal("not_found");
  return site;
}

export async function requireRow({ store }: Pick<Services, "store">, { site, id }: Ref): Promise<CommentRow> {
  const row = await store.comment(site, id);
  if (!row || row.status === "removed") throw new Refusal("not_found");
  return row;
}

async function requirePage({ store }: Services, row: CommentRow): Promise<Page> {
  const page = await store.pageById(row.site, row.page);
  if (!page) throw new Refusal("not_found");
  return page;
}

async function toItem(services: Services, site: Site, row: CommentRow): Promise<QueueItem> {
  const parent = row.parent === null ? null : await services.store.comment(row.site, row.parent);
  return toQueueItem(services, site, { row, page: await requirePage(services, row), to: parent?.name || null });
}

export const logEntry = (
  services: Pick<Services, "newId" | "now">,
  owner: Pick<Owner, "id">,
  action: LogEntry["action"],
  note?: string,
): LogEntry => ({
  id: services.newId(),
  at: services.now(),
  by: owner.id,
  action,
  ...(note !== undefined && { note }),
});

const iso = (at: number) => new Date(at).toISOString();
