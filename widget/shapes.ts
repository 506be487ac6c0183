import type { Comment, PageInfo, Thread } from "#wire/comment";
import type { PublicSettings } from "#wire/settings";
import { Refused } from "./api.ts";

type Fields = Record<string, unknown>;

const text = (value: unknown) => (typeof value === "string" ? value : "");
const number = (value: unknown) => (typeof value === "number" && value >= 0 ? value : 0);
const fieldsOf = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});
const isId = (value: unknown): value is string => typeof value === "string" && /^[\da-f-]{36}$/.test(value);
const isList = (value: unknown): value is unknown[] => Array.isArray(value);

/** What arrived as a thread, every field of its type. Throws Refused `unreachable` where it is none at all. */
export function toThread(value: unknown): Thread {
  const { site, page, comments, sort, next } = fieldsOf(value);
  if (!isList(comments)) throw new Refused("unreachable");
  const { id, name, settings } = fieldsOf(site);
  const { details, maxDepth, editWindow, rules, privacyUrl } = fieldsOf(settings);
  return {
    site: {
      id: number(id),
      name: text(name),
      settings: {
        details: details === "optional" || details === "name_only" ? details : "required",
        maxDepth: Math.min(Math.max(number(maxDepth), 2), 10),
        editWindow: number(editWindow),
        ...(isList(rules) && { rules }),
        ...(/^https?:/i.test(text(privacyUrl)) && { privacyUrl: text(privacyUrl) }),
      } satisfies PublicSettings,
    },
    page: toPage(page),
    sort: sort === "newest" ? sort : "oldest",
    comments: comments.map(toComment).filter((comment) => comment !== null),
    next: isId(next) ? next : null,
  };
}

export function toPage(value: unknown): PageInfo {
  const { url, title, count, open, version } = fieldsOf(value);
  return { url: text(url), title: text(title), count: number(count), open: open !== false, version: number(version) };
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
