import type { NewComment } from "#wire/comment";
import { FIELD_LIMITS } from "#wire/limits";
import type { FieldCode } from "#wire/refusal";
import type { PublicSettings } from "#wire/settings";
import { Refused } from "../api.ts";
import type { BoxApi, Taken } from "../box-api.ts";
import { text } from "../shapes.ts";
import { keep, recall } from "../storage.ts";
import { createFormToken } from "./form-token.ts";
import type { ReplyModel } from "./reply.ts";

export const DETAILS = ["email", "name", "website"] as const;
export type Detail = (typeof DETAILS)[number];
export type Field = Detail | "body";

export interface PostModel {
  /** What stands in the fields; `phone` is the one that only a robot fills. */
  values: Record<Detail | "phone", string>;
  remember: boolean;
  /** What is wrong with which field: codes, as the server names them. */
  wrong: Readonly<Record<string, unknown>>;
  /** Why the whole was refused. */
  problem: Refused | null;
  busy: boolean;
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
  api: BoxApi;
  reply: ReplyModel;
  settings: PublicSettings;
  page: { url: string; title: string };
  /** Has it drawn. */
  changed: () => void;
  /** Told about a bug, which is not the page's to see. */
  report: (error: unknown) => void;
}

/** What stands in the opened box, and its way to the server. A draft is dropped only once it is acknowledged. */
export function createPost({ api, reply, settings, page, changed, report }: PostNeeds): PostModel {
  const author = recall("author");
  const formToken = createFormToken(() => api.formToken(page.url));

  const payload = () => {
    const { name, email, website, phone } = post.values;
    return {
      url: page.url,
      parent: reply.target?.id ?? null,
      body: reply.text,
      name: name.trim(),
      email: settings.details === "name_only" ? "" : email.trim(),
      website: withScheme(website.trim()),
      title: page.title,
      phone,
    };
  };
  /** The same attempt keeps its key, also after a reload: a retry after a lost answer is the same post. */
  const keyOf = (comment: Omit<NewComment, "token">) => {
    const sent = JSON.stringify(comment);
    const kept = recall(reply.place());
    if (kept["sent"] === sent && kept["key"]) return text(kept["key"]);
    const key = newKey();
    keep(reply.place(), { text: comment.body, sent, key });
    return key;
  };
  const send = async (): Promise<Taken> => {
    if (reply.editing) return api.edit(reply.target!.id, reply.text);
    const comment = payload();
    const key = keyOf(comment);
    const attempt = async () => api.post({ ...comment, token: await formToken.ripe() }, key);
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
    wrong: {},
    problem: null,
    busy: false,
    preview: undefined,
    prepare: () => void formToken.fetched().catch((error: unknown) => error instanceof Refused || report(error)),
    clear: (field) => {
      const { [field]: cleared, ...others } = post.wrong;
      post.wrong = others;
      if (cleared && Object.keys(others).length === 0) post.problem = null;
    },
    showPreview: async () => {
      post.preview = null;
      changed();
      try {
        const body = reply.text.trim() === "" ? [] : await api.preview(page.url, reply.text);
        if (post.preview === null) post.preview = body;
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
        const wrong = check(reply.editing ? { body: reply.text } : payload(), settings);
        if (Object.keys(wrong).length > 0) throw new Refused("invalid", wrong);
        const taken = await send();
        keep(reply.place(), null);
        const { phone: _, ...known } = post.values;
        if (!reply.editing) keep("author", post.remember ? known : null);
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

/** What can be told without the server. The address is looked at no closer than the server would. */
function check(values: Partial<Record<Field, string>>, { details }: PublicSettings): Record<string, FieldCode> {
  const required: Record<Field, boolean> = {
    body: true,
    name: details !== "optional",
    email: details === "required",
    website: false,
  };
  const wrong: Record<string, FieldCode> = {};
  for (const field of ["body", ...DETAILS] as const) {
    const value = values[field];
    if (value === undefined) continue;
    if (value.trim() === "") {
      if (required[field]) wrong[field] = "required";
    } else if ([...value].length > FIELD_LIMITS[field]) wrong[field] = "too_long";
    else if (field === "email" ? !/^[^\s@]+@[^\s@]+$/.test(value) : field === "website" && !URL.canParse(value)) wrong[field] = "invalid";
  }
  return wrong;
}

const withScheme = (website: string) => (website === "" || /^[a-z][a-z\d+.-]*:/i.test(website) ? website : `https://${website}`);

/** 128 random bits. crypto.randomUUID is not there on pages without https. */
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
