import type { FormToken, NewComment, OwnComment, Posted } from "#wire/comment";
import { answerOf, Refused } from "./api.ts";
import type { ask } from "./ask.ts";
import { toComment, toPage } from "./shapes.ts";

/** The requests of the opened box. Every one rejects with Refused. */
export interface BoxApi {
  formToken: (url: string) => Promise<FormToken>;
  post: (comment: NewComment, key: string) => Promise<Posted>;
  preview: (url: string, body: string) => Promise<readonly unknown[]>;
  own: (id: string) => Promise<OwnComment>;
  edit: (id: string, body: string) => Promise<Posted>;
  remove: (id: string) => Promise<void>;
}

type Fields = Record<string, unknown>;
const text = (value: unknown) => (typeof value === "string" ? value : "");
const number = (value: unknown) => (typeof value === "number" ? value : 0);

export interface BoxApiNeeds {
  base: string;
  site: number;
  ask: typeof ask;
  holdOf: (id: string) => { token: string } | undefined;
}

export function boxApi({ base, site, ask, holdOf }: BoxApiNeeds): BoxApi {
  const send = async (method: string, path: string, json?: unknown, headers: Record<string, string> = {}) =>
    ((await answerOf(
      ask(`${base}/api/v1/${path}`, {
        method,
        credentials: "omit",
        headers: { ...(json !== undefined && { "Content-Type": "application/json" }), ...headers },
        ...(json !== undefined && { body: JSON.stringify(json) }),
      }),
    )) ?? {}) as Fields;
  const mine = (method: string, id: string, json?: unknown) =>
    send(method, `sites/${site}/comments/${id}`, json, { Authorization: `Bearer ${holdOf(id)?.token ?? ""}` });
  const posted = ({ comment, page, editToken, editUntil }: Fields): Posted => {
    const it = toComment(comment);
    if (!it) throw new Refused("unreachable");
    return { comment: it, page: toPage(page), editToken: text(editToken), editUntil: text(editUntil) };
  };
  return {
    formToken: async (url) => {
      const { token, minAge, expiresIn } = await send("POST", "form-token", { url });
      return { token: text(token), minAge: number(minAge), expiresIn: number(expiresIn) };
    },
    post: async (comment, key) => posted(await send("POST", "comments", comment, { "Idempotency-Key": key })),
    preview: async (url, body) => {
      const { body: tree } = await send("POST", "preview", { url, body });
      return Array.isArray(tree) ? (tree as unknown[]) : [];
    },
    own: async (id) => {
      const { comment, source, editUntil } = await mine("GET", id);
      const it = toComment(comment);
      if (!it) throw new Refused("unreachable");
      return { comment: it, source: text(source), editUntil: text(editUntil) };
    },
    edit: async (id, body) => posted(await mine("PATCH", id, { body })),
    remove: async (id) => void (await mine("DELETE", id)),
  };
}
