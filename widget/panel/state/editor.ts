import { signal } from "@preact/signals";
import type { FieldCode } from "#wire/refusal";
import type { ModeratorView, QueueItem, ReplyAnswer } from "#wire/panel-comments";
import { ask, type PanelRefusal, refusalOf } from "../api.ts";
import { say, whyOf } from "./notice.ts";
import { leave } from "./act.ts";
import { belongs, count, current, filter, keyOf, put } from "./queue.ts";
import { noteSignedOut } from "./session.ts";
import { t } from "./words.ts";

export interface Texts {
  body: string;
  name: string;
  email: string;
  website: string;
}

/** A box that is open, or was left with something in it: kept by comment until it is sent or thrown away. */
export interface Draft {
  kind: "reply" | "edit";
  item: QueueItem;
  texts: Texts;
  /** As the server had it; an edit that changes nothing is just closed. */
  original: Texts;
  version: number;
  /** Marks this reply, so that sending it twice stores it once. */
  key: string;
  busy: boolean;
  wrong: Readonly<Record<string, FieldCode>>;
  problem: string;
  /** Someone else changed the comment meanwhile. */
  overtaken: boolean;
}

export const drafts = signal<ReadonlyMap<string, Draft>>(new Map());
/** Which draft is open, `reply 1/ID` or `edit 1/ID`. */
export const open = signal<string | null>(null);

const nameOf = (kind: Draft["kind"], item: QueueItem) => `${kind} ${keyOf(item)}`;

export const openDraft = (item: QueueItem): Draft | null => {
  const draft = open.value === null ? undefined : drafts.value.get(open.value);
  return draft && keyOf(draft.item) === keyOf(item) ? draft : null;
};

function set(draft: Draft): void {
  drafts.value = new Map(drafts.value).set(nameOf(draft.kind, draft.item), draft);
}

/** Changes a draft that still exists. */
export function update({ kind, item }: Draft, change: Partial<Draft>): void {
  const draft = drafts.value.get(nameOf(kind, item));
  if (draft) set({ ...draft, ...change });
}

const EMPTY: Texts = { body: "", name: "", email: "", website: "" };
const fresh = { key: "", busy: false, wrong: {}, problem: "", overtaken: false };

export function startReply(item: QueueItem): void {
  const name = nameOf("reply", item);
  if (!drafts.value.has(name)) {
    set({ ...fresh, kind: "reply", item, texts: EMPTY, original: EMPTY, version: 0, key: crypto.randomUUID() });
  }
  current.value = keyOf(item);
  open.value = name;
}

/** The source is fetched first: what is edited is what was written. */
export async function startEdit(item: QueueItem): Promise<PanelRefusal | null> {
  const name = nameOf("edit", item);
  if (!drafts.value.has(name)) {
    try {
      const view = await ask<ModeratorView>("GET", pathOf(item));
      set({ ...fresh, kind: "edit", item, ...textsOf(view), version: view.item.comment.version });
    } catch (error) {
      const refusal = refusalOf(error);
      return noteSignedOut(refusal) ? null : refusal;
    }
  }
  current.value = keyOf(item);
  open.value = name;
  return null;
}

function textsOf({ item, source }: ModeratorView): Pick<Draft, "texts" | "original"> {
  const texts = { body: source, name: item.comment.name, email: item.email, website: item.comment.website ?? "" };
  return { texts, original: texts };
}

/** Closes the box. What was written stays until it is thrown away. */
export function leaveDraft(): void {
  open.value = null;
}

export function throwAway(draft: Draft): void {
  const rest = new Map(drafts.value);
  rest.delete(nameOf(draft.kind, draft.item));
  drafts.value = rest;
  open.value = null;
}

/** Anything written and not sent? */
export const hasUnsent = (): boolean => [...drafts.value.values()].some(isChanged);
const isChanged = ({ texts, original }: Draft) => (Object.keys(texts) as (keyof Texts)[]).some((field) => texts[field] !== original[field]);

export async function send(draft: Draft): Promise<void> {
  if (draft.busy) return;
  if (draft.kind === "edit" && !isChanged(draft)) return throwAway(draft);
  update(draft, { busy: true, wrong: {}, problem: "" });
  try {
    await (draft.kind === "reply" ? sendReply(draft) : sendEdit(draft));
  } catch (error) {
    const refusal = refusalOf(error);
    const overtaken = refusal.code === "changed_meanwhile";
    update(draft, { busy: false, wrong: refusal.fields, problem: noteSignedOut(refusal) || overtaken ? "" : whyOf(refusal), overtaken });
  }
}

async function sendReply(draft: Draft): Promise<void> {
  const { reply, parent } = await ask<ReplyAnswer>("POST", `${pathOf(draft.item)}/reply`, { body: draft.texts.body, key: draft.key });
  if (!belongs(filter.value.view, parent.status)) leave([draft.item]);
  count(draft.item.status, parent.status);
  put(parent);
  count(null, reply.status);
  if (filter.value.search === "") put(reply);
  throwAway(draft);
  say(t("did_reply"));
}

async function sendEdit(draft: Draft): Promise<void> {
  put(await ask<QueueItem>("PATCH", pathOf(draft.item), { ...draft.texts, version: draft.version }));
  throwAway(draft);
  say(t("did_edit"));
}

/** After someone else's change: their text into the box, or ours over theirs. */
export async function resolve(draft: Draft, choice: "theirs" | "mine"): Promise<void> {
  try {
    const view = await ask<ModeratorView>("GET", pathOf(draft.item));
    const { texts, original } = textsOf(view);
    const version = view.item.comment.version;
    put(view.item);
    update(draft, { version, original, overtaken: false, ...(choice === "theirs" && { texts }) });
    const updated = drafts.value.get(nameOf(draft.kind, draft.item));
    if (choice === "mine" && updated) await send(updated);
  } catch (error) {
    const refusal = refusalOf(error);
    if (!noteSignedOut(refusal)) update(draft, { problem: whyOf(refusal) });
  }
}

const pathOf = ({ site, comment }: QueueItem) => `/sites/${site}/comments/${comment.id}`;
