import type { Provider } from "../auth/provider.ts";
import type { Services } from "../services.ts";
import type { CommentRow, Page, Site } from "../store/records.ts";
import type { Comment, PageInfo } from "../wire/comment.ts";
import type { PublicSettings } from "../wire/settings.ts";
import { faceOf, type Faces, NO_FACES } from "./faces.ts";
import { renderMarkdown } from "./markdown.ts";
import { pageUrl } from "./sites.ts";

/** A row as any reader may see it: a stub unless it is approved. */
export function toComment(services: Pick<Services, "keys">, row: CommentRow, faces: Faces = NO_FACES): Comment {
  const place = {
    id: row.id,
    parent: row.parent,
    root: row.root,
    depth: row.depth,
    version: row.version,
    createdAt: new Date(row.createdAt).toISOString(),
    ...(row.parent === null && row.replies > 0 && { replies: row.replies }),
  };
  if (row.status !== "approved") return { ...place, removed: true, name: "", avatar: "", body: [] };
  return { ...place, ...authored(services, row, faces) };
}

/** A row as its author sees it, also while it waits. A spam verdict is not told. */
export function toOwnComment(services: Pick<Services, "keys">, row: CommentRow, faces: Faces = NO_FACES): Comment {
  return {
    ...toComment(services, row, faces),
    removed: undefined,
    ...authored(services, row, faces),
    ...(row.status !== "approved" && { held: true }),
  } as Comment;
}

/**
 * Whether its author still has it: not taken back, thrown away or deleted. What a rule put into spam or trash looks to
 * its author as if it waited.
 */
export const isWhole = ({ status, reason }: CommentRow) => (status === "trash" ? reason === "disallowed_word" : status !== "removed");

function authored(services: Pick<Services, "keys">, row: CommentRow, faces: Faces) {
  return {
    name: row.name,
    ...(row.website !== "" && { website: row.website }),
    avatar: faceOf(services, row, faces),
    ...(row.role !== null && { role: row.role }),
    ...(row.editedAt !== null && { editedAt: new Date(row.editedAt).toISOString() }),
    body: row.body,
  };
}

/** A page as readers see it; one that no one has commented on yet is open and empty. Its title is public once a comment is, or the owner set it. */
export function toPageInfo(site: Site, key: string, page: Page | null): PageInfo {
  const titled = page !== null && page.title !== "" && (page.titleFixed || page.counts.approved > 0);
  return {
    url: pageUrl(site, key),
    ...(titled && { title: page.title }),
    count: page?.counts.approved ?? 0,
    open: page?.open ?? true,
    version: page?.version ?? 0,
  };
}

const toWay = ({ id, label, icon }: Pick<Provider, "id" | "label" | "icon">) => ({ id, label, ...(icon !== undefined && { icon }) });

export async function toPublicSettings({ id, settings }: Site, { mail, ways }: Pick<Services, "mail" | "ways">): Promise<PublicSettings> {
  const offered = await ways.of(id);
  return {
    details: settings.details,
    maxDepth: settings.maxDepth,
    editWindow: settings.editWindow,
    live: settings.live,
    ...(settings.rules !== "" && { rules: renderMarkdown(settings.rules, { images: false }) }),
    ...(mail && settings.details !== "name_only" && { notify: true }),
    ...(settings.privacyUrl !== "" && { privacyUrl: settings.privacyUrl }),
    ...(settings.login === "required" && { login: "required" }),
    // Empty where one must sign in and can't (the box says so in place of fields that nobody may use), or where only the page says who is there.
    ...((offered.length > 0 || settings.login === "required" || settings.sso) && { ways: offered.map(toWay) }),
  };
}
