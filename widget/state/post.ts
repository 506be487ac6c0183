import type { ComponentChildren } from "preact";
import type { Comment, NewComment, PageInfo } from "#wire/comment";
import { FIELD_LIMITS } from "#wire/limits";
import type { FieldCode } from "#wire/refusal";
import type { PublicSettings } from "#wire/settings";
import { Refused } from "../api.ts";
import type { Requests } from "../requests.ts";
import { type Fields, text, toComment, toPage } from "../shapes.ts";
import { keep, recall } from "../storage.ts";
import { createFormToken } from "./form-token.ts";
import type { ReplyModel } from "./reply.ts";

export const FIELDS = ["body", "email", "name", "website"] as const;
export type Field = (typeof FIELDS)[number];

/** What the server made of a comment. */
export interface Taken {
  comment: Comment;
  page: PageInfo;
  /** "" where the one at hand stays good, as after an edit. */
  editToken: string;
  editUntil: string;
}

export interface PostModel {
  /** What stands in the fields; `phone` is the one that only a robot fills. */
  values: Record<Exclude<Field, "body"> | "phone", string>;
  remember: boolean;
  /** Whether letters are asked for; undefined where there are none. */
  notify: boolean | undefined;
  /** What is wrong with which field: codes, as the server names them. */
  wrong: Readonly<Record<string, unknown>>;
  /** Why the whole was refused. */
  problem: Refused | null;
  busy: boolean;
  /** Headers that say who is signed in; undefined for a guest. */
  auth?: Record<string, string> | undefined;
  /** What the box shows of the writer, once that code is here. */
  who?: (fields: ComponentChildren[]) => ComponentChildren;
  /** Body tree of the preview, null while it is prepared; undefined while the text itself shows. */
  preview: readonly unknown[] | null | undefined;
  /** Posts, or saves; what the server made of it, or null when it was refused and says why. Never rejects. */
  submit: () => Promise<Taken | null>;
  /** Never rejects. */
  showPreview: () => Promise<void>;
  /** The field changed: what was wrong with it may be no more. */
  clear: (field: string) => void;
  /** Fetches a form token, so that it has come of age when the text is written. */
  prepare: () => void;
}

export interface PostNeeds {
  requests: Requests;
  reply: ReplyModel;
  settings: PublicSettings;
  page: { url: string; title: string };
  /** Has it drawn. */
  changed: () => void;
  /** Told about a bug, which is not the page's to see. */
  report: (error: unknown) => void;
}

/** What stands in the opened box, and its way to the server. A draft is dropped only once it is acknowledged. */
export function createPost({ requests: { send, mine }, reply, settings, page, changed, report }: PostNeeds): PostModel {
  const author = recall("author");
  const formToken = createFormToken(() => send("POST", "form-token", { url: page.url }));

  const payload = () => ({
    ...post.values,
    ...(settings.details === "name_only" && { email: "" }),
    notify: !!post.notify,
    url: page.url,
    title: page.title,
    parent: reply.target?.id ?? null,
    body: reply.text,
  });
  /** The same attempt keeps its key, also after a reload: a retry after a lost answer is the same post. */
  const keyOf = (comment: Omit<NewComment, "token">) => {
    const sent = JSON.stringify(comment);
    const kept = recall(reply.place());
    if (kept["sent"] === sent && kept["key"]) return text(kept["key"]);
    const key = newKey();
    keep(reply.place(), { text: comment.body, sent, key });
    return key;
  };
  const deliver = async (): Promise<Fields> => {
    if (reply.editing) return mine("PATCH", reply.target!.id, { body: reply.text });
    const comment = payload();
    const key = keyOf(comment);
    const attempt = async () =>
      send("POST", "comments", { ...comment, token: await formToken.ripe() }, { "Idempotency-Key": key, ...post.auth });
    return attempt().catch((error: Refused) => {
      if (error.code !== "token_invalid") throw error;
      formToken.drop();
      return attempt();
    });
  };
  const explain = (error: unknown) => {
    if (!(error instanceof Refused)) report(error);
    post.problem = error instanceof Refused ? error : new Refused("internal");
    post.wrong = post.problem.fields;
    post.preview = undefined;
  };

  const post: PostModel = {
    values: { email: text(author["email"]), name: text(author["name"]), website: text(author["website"]), phone: "" },
    remember: !!(author["name"] || author["email"]),
    notify: settings.notify && false,
    wrong: {},
    problem: null,
    busy: false,
    preview: undefined,
    prepare: () => void formToken.fetched().catch((error: unknown) => error instanceof Refused || report(error)),
    clear: (field) => {
      const { [field]: cleared, ...others } = post.wrong;
      post.wrong = others;
      if (cleared && !Object.keys(others)[0]) post.problem = null;
    },
    showPreview: async () => {
      post.preview = null;
      changed();
      try {
        const { body } = reply.text.trim() === "" ? {} : await send("POST", "preview", { url: page.url, body: reply.text });
        if (post.preview === null) post.preview = Array.isArray(body) ? body : [];
      } catch (error) {
        explain(error);
      }
      changed();
    },
    submit: async () => {
      post.busy = true;
      post.problem = null;
      post.wrong = {};
      changed();
      try {
        const wrong = check(reply.editing || post.auth ? { body: reply.text } : payload(), settings);
        if (Object.keys(wrong)[0]) throw new Refused("invalid", wrong);
        const taken = takenOf(await deliver());
        keep(reply.place(), null);
        if (!reply.editing) keep("author", post.remember ? post.values : null);
        formToken.drop();
        post.preview = undefined;
        return taken;
      } catch (error) {
        explain(error);
        return null;
      } finally {
        post.busy = false;
        changed();
      }
    },
  };
  return post;
}

/** Throws Refused where it can't be told what became of the comment. */
function takenOf({ comment, page, editToken, editUntil }: Fields): Taken {
  const it = toComment(comment);
  if (!it) throw new Refused("unreachable");
  return { comment: it, page: toPage(page), editToken: text(editToken), editUntil: text(editUntil) };
}

/** What can be told without the server. The address is looked at no closer than the server would. */
function check(values: Partial<Record<Field, string>>, { details }: PublicSettings): Record<string, FieldCode> {
  const required = { body: true, email: details === "required", name: details !== "optional", website: false };
  const wrong: Record<string, FieldCode> = {};
  for (const field of FIELDS) {
    const value = values[field]?.trim();
    if (value) {
      if ([...value].length > FIELD_LIMITS[field]) wrong[field] = "too_long";
      if (field === "email" && !/^[^\s@]+@[^\s@]+$/.test(value)) wrong[field] = "invalid";
      if (field === "website" && !URL.canParse(value) && !URL.canParse(`https://${value}`)) wrong[field] = "invalid";
    } else if (value === "" && required[field]) wrong[field] = "required";
  }
  return wrong;
}

/** 128 random bits. crypto.randomUUID is not there on pages without https. */
const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join();
