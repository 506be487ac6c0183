import type { Comment, PageInfo, Thread } from "#wire/comment";
import { Refused } from "./api.ts";

export type Fields = Record<string, unknown>;

export const text = (value: unknown) => (typeof value === "string" ? value : "");
export const number = (value: unknown) => (typeof value === "number" && value >= 0 ? value : 0);
export const fieldsOf = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});
const isId = (value: unknown): value is string => typeof value === "string" && /^[\da-f-]{36}$/.test(value);
const isList = (value: unknown): value is unknown[] => Array.isArray(value);

/** What arrived as a thread, each field that is read of its type, checked in place. Throws Refused `unreachable` where it is none at all. */
export function toThread(value: unknown): Thread {
  const it = fieldsOf(value);
  const { comments, next, sort } = it;
  if (!isList(comments)) throw new Refused("unreachable");
  const site = fieldsOf(it["site"]);
  const settings = fieldsOf(site["settings"]);
  const { maxDepth } = settings;
  return {
    site: {
      ...site,
      name: text(site["name"]),
      settings: {
        ...settings,
        maxDepth: Math.min(Math.max(number(maxDepth), 2), 10),
      },
    },
    page: toPage(it["page"]),
    sort: sort === "newest" ? sort : "oldest",
    comments: comments.map(toComment).filter((comment) => comment !== null),
    next: isId(next) ? next : null,
  } as unknown as Thread;
}

export function toPage(value: unknown): PageInfo {
  const it = fieldsOf(value);
  return { ...it, title: text(it["title"]), count: number(it["count"]), version: number(it["version"]) } as PageInfo;
}

/** A comment, or null for what has no place in a thread. Its known fields are checked in place; nothing reads others. */
export function toComment(value: unknown): Comment | null {
  const it = fieldsOf(value);
  const { id, parent, root, body } = it;
  for (const name of ["createdAt", "editedAt", "name", "website", "avatar", "role", "to"]) it[name] = text(it[name]);
  for (const name of ["depth", "version", "replies"]) it[name] = number(it[name]);
  if (!isList(body)) it["body"] = [];
  const placed = isId(id) && isId(root) && (parent === null || isId(parent)) && Date.parse(it["createdAt"] as string) >= 0;
  return placed ? (it as unknown as Comment) : null;
}
