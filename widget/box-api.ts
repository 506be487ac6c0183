import type { FormToken, NewComment } from "#wire/comment";
import type { Comment, PageInfo } from "#wire/comment";
import { Refused } from "./api.ts";
import type { Requests } from "./requests.ts";
import { type Fields, number, text, toComment, toPage } from "./shapes.ts";

/** What the server made of a comment. */
export interface Taken {
  comment: Comment;
  page: PageInfo;
  /** "" where the one at hand stays good, as after an edit. */
  editToken: string;
  editUntil: string;
}

/** The requests of the opened box. Every one rejects with Refused. */
export interface BoxApi {
  formToken: (url: string) => Promise<FormToken>;
  post: (comment: NewComment, key: string) => Promise<Taken>;
  preview: (url: string, body: string) => Promise<readonly unknown[]>;
  /** A comment of the reader's own, and what was written. */
  own: (id: string) => Promise<{ comment: Comment; source: string }>;
  edit: (id: string, body: string) => Promise<Taken>;
  remove: (id: string) => Promise<unknown>;
}

export function boxApi({ send, mine }: Requests): BoxApi {
  const commentOf = ({ comment }: Fields) => {
    const it = toComment(comment);
    if (!it) throw new Refused("unreachable");
    return it;
  };
  const taken = (fields: Fields): Taken => ({
    comment: commentOf(fields),
    page: toPage(fields["page"]),
    editToken: text(fields["editToken"]),
    editUntil: text(fields["editUntil"]),
  });
  return {
    formToken: async (url) => {
      const { token, minAge, expiresIn } = await send("POST", "form-token", { url });
      return { token: text(token), minAge: number(minAge), expiresIn: number(expiresIn) };
    },
    post: async (comment, key) => taken(await send("POST", "comments", comment, { "Idempotency-Key": key })),
    preview: async (url, body) => {
      const { body: tree } = await send("POST", "preview", { url, body });
      return Array.isArray(tree) ? (tree as unknown[]) : [];
    },
    own: async (id) => {
      const fields = await mine("GET", id);
      return { comment: commentOf(fields), source: text(fields["source"]) };
    },
    edit: async (id, body) => taken(await mine("PATCH", id, { body })),
    remove: (id) => mine("DELETE", id),
  };
}
