import type { Comment, PageInfo, Thread } from "#wire/comment";
import { Refused } from "./api.ts";

export type Fields = Record<string, unknown>;

export const text = (value: unknown) => (typeof value === "string" ? value : "");
export const number = (value: unknown) => (typeof value === "number" && value >= 0 ? value : 0);
/** Of what is no object there are none. */
export const fieldsOf = (value: unknown): Fields => Object(value) as Fields;
const isId = (value: unknown): value is string => typeof value === "string" && /^[\da-f-]{36}$/.test(value);
const isList = (value: unknown): value is unknown[] => Array.isArray(value);

/** What arrived as a thread, each field that is read of its type, checked in place. Throws Refused `unreachable` where it is none at all. */
export function toThread(value: unknown): Thread {
  const it = fieldsOf(value);
  const { comments, next, sort } = it;
  if (!isList(comments)) throw new Refused("unreachable");
  const site = shaped(it["site"], ["name"]);
  const settings = fieldsOf(site["settings"]);
  settings["maxDepth"] = Math.min(Math.max(number(settings["maxDepth"]), 2), 10);
  return {
    site: { ...site, settings },
    page: toPage(it["page"]),
    sort: sort === "newest" ? sort : "oldest",
    comments: comments.map(toComment).filter((comment) => comment !== null),
    next: isId(next) ? next : null,
  } as unknown as Thread;
}

export function toPage(value: unknown): PageInfo {
  return shaped(value, ["title"], ["count", "version"]) as unknown as PageInfo;
}

/** A comment, or null for what has no place in a thread. */
export function toComment(value: unknown): Comment | null {
  const it = shaped(value, ["createdAt", "editedAt", "name", "website", "avatar", "role", "to"], ["depth", "version", "replies"]);
  const { id, parent, root, body, createdAt } = it;
  if (!isList(body)) it["body"] = [];
  const placed = isId(id) && isId(root) && (parent === null || isId(parent)) && Date.parse(createdAt as string) >= 0;
  return placed ? (it as unknown as Comment) : null;
}

/** The fields of what arrived, those named made texts and numbers in place; nothing reads others. */
function shaped(value: unknown, texts: string[], numbers: string[] = []): Fields {
  const it = fieldsOf(value);
  for (const name of texts) it[name] = text(it[name]);
  for (const name of numbers) it[name] = number(it[name]);
  return it;
}
