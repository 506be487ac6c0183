import { batch, computed, effect, signal } from "@preact/signals";
import type { Queue, QueueItem, StatusCountsWire } from "#wire/panel-comments";
import { ask, type PanelRefusal, queryOf, refusalOf } from "../api.ts";
import { type Filter, FIRST_FILTER, type View } from "./route.ts";
import { noteSignedOut } from "./session.ts";

/** A comment's name in this panel: ids are unique within a site. */
export const keyOf = (item: Pick<QueueItem, "site"> & { comment: { id: string } }): string => `${item.site}/${item.comment.id}`;

export const filter = signal<Filter>(FIRST_FILTER);
export const items = signal<readonly QueueItem[]>([]);
export const counts = signal<StatusCountsWire | null>(null);
/** Nothing is known before the first answer. */
export const loading = signal(true);
export const problem = signal<PanelRefusal | null>(null);
/** Where the rest goes on; null when all is shown. */
export const next = signal<string | null>(null);
/** The row that keys act on. */
export const current = signal<string | null>(null);
export const ticked = signal<ReadonlySet<string>>(new Set());

export const currentItem = computed(() => items.value.find((item) => keyOf(item) === current.value) ?? null);
export const tickedItems = computed(() => items.value.filter((item) => ticked.value.has(keyOf(item))));

export const countOf = (view: View): number | null => {
  const all = counts.value;
  if (!all) return null;
  return view === "all" ? all.held + all.approved : all[view];
};

/** Whether a comment of this status stands in this view. */
export const belongs = (view: View, status: QueueItem["status"]): boolean =>
  view === "all" ? status === "held" || status === "approved" : view === status;

/** Only the answer to the last question counts. */
let asked = 0;

/** Shows another view, from its top. */
export async function show(wanted: Filter): Promise<void> {
  filter.value = wanted;
  items.value = [];
  waiting.value = [];
  next.value = null;
  ticked.value = new Set();
  current.value = null;
  await load(null);
}

export async function showMore(): Promise<void> {
  if (next.value !== null && !loading.value) await load(next.value);
}

/** What the owner does: acts that the server has not answered yet, and all that changed what is shown. */
export const acts = { underWay: 0, done: 0 };

/** Comments that came meanwhile and would stand above the row that is being worked on. */
export const waiting = signal<readonly QueueItem[]>([]);
/** How often the list was brought up to date behind the owner's back. */
export const refreshes = signal(0);

/**
 * Asks again for the top of what is shown, without a sign of it, since others changed something. While the owner does
 * something, or has selected what to do it to, that goes first.
 */
export async function refresh(): Promise<void> {
  owed.value = loading.value || ticked.value.size > 0;
  if (owed.value || acts.underWay > 0) return;
  const [question, done] = [asked, acts.done];
  try {
    const queue = await read(null);
    if (question === asked && done === acts.done && acts.underWay === 0) renew(queue);
  } catch (error) {
    const refusal = refusalOf(error);
    if (question === asked && !noteSignedOut(refusal)) problem.value = refusal;
  }
}

/** Put off until the owner has done what was selected. */
const owed = signal(false);
effect(() => void (owed.value && !loading.value && ticked.value.size === 0 && refresh()));

/** What stands below the answer stays as it is; what is new above the current row waits. */
function renew(queue: Queue): void {
  const known = new Set(items.value.map(keyOf));
  const last = queue.items.at(-1);
  const end = last && queue.next !== null ? items.value.findIndex((item) => keyOf(item) === keyOf(last)) : -1;
  const rest = end === -1 ? [] : items.value.slice(end + 1);
  const at = queue.items.findIndex((item) => keyOf(item) === current.value);
  const late = new Set(queue.items.slice(0, Math.max(0, at)).filter((item) => !known.has(keyOf(item))));
  batch(() => {
    waiting.value = [...late];
    items.value = [...queue.items.filter((item) => !late.has(item)), ...rest];
    if (rest.length === 0) next.value = queue.next;
    counts.value = queue.counts;
    if (!currentItem.value) current.value = items.value[0] ? keyOf(items.value[0]) : null;
    refreshes.value++;
  });
}

/** Shows what came meanwhile, and goes to it. */
export function showWaiting(): void {
  const [first] = waiting.value;
  batch(() => {
    for (const item of waiting.value) put(item);
    waiting.value = [];
    if (first) current.value = keyOf(first);
  });
}

function read(after: string | null): Promise<Queue> {
  const { view, site, page, search, sort } = filter.value;
  return ask<Queue>("GET", `/queue${queryOf({ status: view === "all" ? null : view, site, page, search, sort, after })}`);
}

async function load(after: string | null): Promise<void> {
  const question = ++asked;
  loading.value = true;
  problem.value = null;
  try {
    const queue = await read(after);
    if (question !== asked) return;
    items.value =
      after === null
        ? queue.items
        : [...items.value, ...queue.items.filter((item) => !items.value.some((known) => keyOf(known) === keyOf(item)))];
    next.value = queue.next;
    counts.value = queue.counts;
    if (!currentItem.value) current.value = items.value[0] ? keyOf(items.value[0]) : null;
  } catch (error) {
    const refusal = refusalOf(error);
    if (question === asked && !noteSignedOut(refusal)) problem.value = refusal;
  } finally {
    if (question === asked) loading.value = false;
  }
}

/** Puts a comment's newer state where it belongs in the view, or takes it out. Order is by time, then id, like the server's. */
export function put(item: QueueItem): void {
  acts.done++;
  const rest = items.value.filter((other) => keyOf(other) !== keyOf(item));
  if (belongs(filter.value.view, item.status)) {
    const newest = filter.value.sort === "newest";
    const at = rest.findIndex((other) => isBefore(item, other) !== newest);
    rest.splice(at === -1 ? rest.length : at, 0, item);
  }
  items.value = rest;
}

function isBefore(a: QueueItem, b: QueueItem): boolean {
  const [first, second] = [a.comment.createdAt, b.comment.createdAt];
  return first === second ? a.comment.id < b.comment.id : first < second;
}

/** Counts change at once, before the server has answered. */
export function count(from: QueueItem["status"] | null, to: QueueItem["status"] | null): void {
  if (!counts.value || from === to) return;
  const after = { ...counts.value };
  if (from) after[from]--;
  if (to) after[to]++;
  counts.value = after;
}

/** Moves the current row; at the end more is fetched. */
export function step(by: 1 | -1): void {
  const at = items.value.findIndex((item) => keyOf(item) === current.value);
  const to = items.value[at + by];
  if (to) current.value = keyOf(to);
  else if (by === 1) void showMore();
  if (at + by >= items.value.length - 5) void showMore();
}

export function tick(key: string): void {
  const after = new Set(ticked.value);
  if (!after.delete(key)) after.add(key);
  ticked.value = after;
}

export function tickAll(on: boolean): void {
  ticked.value = on ? new Set(items.value.map(keyOf)) : new Set();
}
