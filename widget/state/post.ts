import { batch, type Signal, signal } from "@preact/signals-core";
import type { Posted } from "#wire/comment";
import { LIMITS, codePoints } from "#wire/limits";
import type { FieldCode } from "#wire/refusal";
import type { PublicSettings } from "#wire/settings";
import { Refused } from "../api.ts";
import { keep, recall } from "../storage.ts";
import type { BoxApi } from "../box-api.ts";
import type { ReplyModel } from "./reply.ts";

export const DETAILS = ["email", "name", "website"] as const;
export type Detail = (typeof DETAILS)[number];
export type Field = Detail | "body";

export interface PostModel {
  details: Record<Detail, Signal<string>>;
  remember: Signal<boolean>;
  /** What only a robot fills. */
  trap: Signal<string>;
  /** What is wrong with which field. */
  wrong: Signal<Partial<Record<Field, FieldCode>>>;
  /** Why the whole was refused. */
  problem: Signal<Refused | null>;
  busy: Signal<boolean>;
  /** Body tree of the preview, null while it is prepared; undefined while the text itself shows. */
  preview: Signal<readonly unknown[] | null | undefined>;
  /** Posts, or saves; what the server made of it, or null when it was refused and says why. Never rejects. */
  submit: () => Promise<Posted | null>;
  write: () => void;
  showPreview: () => Promise<void>;
  /** Fetches a form token, so that it has come of age when the text is written. */
  prepare: () => void;
}

export interface PostNeeds {
  api: BoxApi;
  reply: ReplyModel;
  settings: PublicSettings;
  page: { url: string; title: string };
  /** Milliseconds since the page began. */
  clock: () => number;
  /** Told about a bug, which is not the page's to see. */
  report: (error: unknown) => void;
}

/** What stands in the opened box, and its way to the server. A draft is dropped only once it is acknowledged. */
export function createPost(needs: PostNeeds): PostModel {
  const { api, reply, settings, page, report } = needs;
  const remembered = recall("author");
  const known = (name: Detail) => (typeof remembered[name] === "string" ? remembered[name] : "");
  const details = { email: signal(known("email")), name: signal(known("name")), website: signal(known("website")) };
  const remember = signal(known("name") !== "" || known("email") !== "");
  const trap = signal("");
  const wrong = signal<PostModel["wrong"]["value"]>({});
  const problem = signal<Refused | null>(null);
  const busy = signal(false);
  const preview = signal<PostModel["preview"]["value"]>(undefined);
  const tokens = tokenKeeper(needs);

  const payload = () => ({
    url: page.url,
    parent: reply.target.value?.id ?? null,
    body: reply.text.value,
    name: details.name.value.trim(),
    email: settings.details === "name_only" ? "" : details.email.value.trim(),
    website: withScheme(details.website.value.trim()),
    title: page.title,
    phone: trap.value,
  });

  /** The same attempt keeps its key, also after a reload: a retry after a lost answer is the same post. */
  const keyOf = (sent: ReturnType<typeof payload>) => {
    const attempt = JSON.stringify(sent);
    const kept = recall(reply.place());
    if (kept["sent"] === attempt && typeof kept["key"] === "string") return kept["key"];
    const key = newKey();
    keep(reply.place(), { text: sent.body, sent: attempt, key });
    return key;
  };

  const post = async (): Promise<Posted> => {
    const sent = payload();
    const key = keyOf(sent);
    try {
      return await api.post({ ...sent, token: await tokens.ripe() }, key);
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== "token_invalid") throw error;
      return api.post({ ...sent, token: await tokens.fresh() }, key);
    }
  };

  const explain = (error: unknown) => {
    if (!(error instanceof Refused)) report(error);
    const refused = error instanceof Refused ? error : new Refused("internal");
    const fields: PostModel["wrong"]["value"] = {};
    for (const field of ["body", ...DETAILS] as const) {
      const code = refused.fields[field];
      if (typeof code === "string") fields[field] = code as FieldCode;
    }
    batch(() => {
      wrong.value = fields;
      problem.value = refused;
    });
  };

  return {
    details,
    remember,
    trap,
    wrong,
    problem,
    busy,
    preview,
    prepare: () =>
      void tokens.fetched().then(null, (error: unknown) => {
        tokens.drop();
        if (!(error instanceof Refused)) report(error);
      }),
    write: () => (preview.value = undefined),
    showPreview: async () => {
      preview.value = null;
      try {
        const body = reply.text.value.trim() === "" ? [] : await api.preview(page.url, reply.text.value);
        if (preview.value === null) preview.value = body;
      } catch (error) {
        preview.value = undefined;
        explain(error);
      }
    },
    submit: async () => {
      if (busy.value) return null;
      const missing = check(payload(), settings, reply.editing.value);
      if (Object.keys(missing).length > 0) {
        preview.value = undefined;
        explain(new Refused("invalid", missing));
        return null;
      }
      batch(() => {
        busy.value = true;
        problem.value = null;
        wrong.value = {};
      });
      try {
        const posted = reply.editing.value ? await api.edit(reply.target.value!.id, reply.text.value) : await post();
        keep(reply.place(), null);
        if (!reply.editing.value) {
          keep("author", remember.value ? { name: details.name.value, email: details.email.value, website: details.website.value } : null);
        }
        tokens.drop();
        preview.value = undefined;
        return posted;
      } catch (error) {
        explain(error);
        return null;
      } finally {
        busy.value = false;
      }
    },
  };
}

/** Form tokens: fetched when the box opens, waited for until they are of age, renewed before they expire. */
function tokenKeeper({ api, page, clock }: PostNeeds) {
  let waiting: ReturnType<typeof fetchOne> | undefined;
  const fetchOne = async () => {
    const { token, minAge, expiresIn } = await api.formToken(page.url);
    const now = clock();
    return { token, ripeAt: now + minAge, expiresAt: now + expiresIn };
  };
  const ripe = async (renew: boolean): Promise<string> => {
    const asked = renew || !waiting ? fetchOne() : waiting;
    waiting = asked;
    try {
      const { token, ripeAt, expiresAt } = await asked;
      if (!renew && clock() >= expiresAt) return await ripe(true);
      const wait = ripeAt - clock();
      if (wait > 0) await new Promise((done) => setTimeout(done, wait));
      return token;
    } catch (error) {
      waiting = undefined;
      throw error;
    }
  };
  return { fetched: () => (waiting ??= fetchOne()), ripe: () => ripe(false), fresh: () => ripe(true), drop: () => (waiting = undefined) };
}

/** What can be told without the server. The address is looked at no closer than the server would. */
function check(
  { body, name, email, website }: { body: string; name: string; email: string; website: string },
  { details }: PublicSettings,
  editing: boolean,
): Partial<Record<Field, FieldCode>> {
  const over = (text: string, field: Field): Partial<Record<Field, FieldCode>> =>
    codePoints(text) > LIMITS[field] ? { [field]: "too_long" } : {};
  const wrong = { ...(body.trim() === "" && { body: "required" as const }), ...over(body, "body") };
  if (editing) return wrong;
  return {
    ...wrong,
    ...(details !== "optional" && name === "" && { name: "required" as const }),
    ...over(name, "name"),
    ...(email === ""
      ? details === "required" && { email: "required" as const }
      : !/^[^\s@]+@[^\s@]+$/.test(email) && { email: "invalid" as const }),
    ...over(email, "email"),
    ...(website !== "" && !URL.canParse(website) && { website: "invalid" as const }),
    ...over(website, "website"),
  };
}

const withScheme = (website: string) => (website === "" || /^[a-z][a-z\d+.-]*:/i.test(website) ? website : `https://${website}`);

/** 128 random bits. crypto.randomUUID is not there on pages without https. */
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
