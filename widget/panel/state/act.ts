import type { Purged, QueueItem, StatusAnswer } from "#wire/panel-comments";
import { ask, refusalOf } from "../api.ts";
import { complain, say } from "./notice.ts";
import { acts, count, current, filter, items, keyOf, next, put, show, showMore, ticked } from "./queue.ts";
import { noteSignedOut } from "./session.ts";
import type { QueueStatus } from "./statuses.ts";
import { t } from "./words.ts";

/** Acts reach the server one after another, in the order in which they were done. */
let line: Promise<void> = Promise.resolve();
function inLine(act: () => Promise<void>): Promise<void> {
  acts.underWay++;
  line = line.then(act).finally(() => {
    acts.underWay--;
    acts.done++;
  });
  return line;
}

/** Fewer rows than this on the screen, and more are fetched. */
const REFILL = 10;

let undoLast: (() => void) | null = null;
/** Takes back what was done last, if it can be. */
export const undo = (): void => undoLast?.();

/** Moves comments to a status, on the screen at once; if the server says no, everything is put back. */
export function move(chosen: readonly QueueItem[], to: QueueStatus | "former"): void {
  const before = chosen.filter((item) => item.status !== to);
  if (before.length === 0) return;
  leave(before);
  for (const item of before) change(item, { ...item, ...movedTo(item, to) });
  const takeBack = () => putBack(before);
  undoLast = takeBack;
  say(t(`did_${to}`, { n: before.length }), takeBack);
  void inLine(async () => {
    try {
      await ask<StatusAnswer>("POST", "/comments/status", { ids: before.map(refOf), to });
      await refill();
    } catch (error) {
      for (const item of before) change(shownOf(item) ?? { ...item, ...movedTo(item, to) }, item);
      fail(error);
    }
  });
}

/** Undo is an act of its own: each comment goes back to the status and reason it had. */
function putBack(before: readonly QueueItem[]): void {
  undoLast = null;
  const now = before.map((item) => shownOf(item) ?? after.get(keyOf(item)) ?? item);
  for (const [i, item] of before.entries()) change(now[i] ?? item, item);
  say(t("did_undo"));
  const first = before[0];
  if (first) current.value = keyOf(first);
  void inLine(async () => {
    try {
      for (const group of groupsOf(before)) {
        const [{ status: to, reason }] = group as [QueueItem];
        await ask<StatusAnswer>("POST", "/comments/status", { ids: group.map(refOf), to, reason, undo: true });
      }
    } catch (error) {
      for (const [i, item] of before.entries()) change(item, now[i] ?? item);
      fail(error);
    }
  });
}

/** Deletes for good. This can't be taken back, so nothing leaves the screen before the server has done it. */
export function purge(chosen: readonly QueueItem[]): void {
  void inLine(async () => {
    try {
      await ask<Purged>("POST", "/comments/purge", { ids: chosen.map(refOf) });
      leave(chosen);
      const gone = new Set(chosen.map(keyOf));
      items.value = items.value.filter((item) => !gone.has(keyOf(item)));
      for (const { status } of chosen) count(status, null);
      undoLast = null;
      say(t("did_purge", { n: chosen.length }));
      await refill();
    } catch (error) {
      fail(error);
    }
  });
}

/** Empties spam or trash, of one site or of all. */
export function empty(status: "spam" | "trash", site: number | null): void {
  void inLine(async () => {
    try {
      const { purged } = await ask<Purged>("POST", "/comments/empty", { status, ...(site !== null && { site }) });
      undoLast = null;
      say(t("did_purge", { n: purged }));
      await show(filter.value);
    } catch (error) {
      fail(error);
    }
  });
}

/** Where the server puts it, as far as we know; what `former` is, each row says. */
function movedTo(item: QueueItem, to: QueueStatus | "former"): Pick<QueueItem, "status" | "former" | "reason"> {
  const status = to === "former" ? (item.former ?? "held") : to;
  const kept = status === "spam" || status === "trash";
  return {
    status,
    former: kept ? (item.status === "held" || item.status === "approved" ? item.status : item.former) : null,
    reason: to === "approved" ? null : "moderator",
  };
}

/** What a comment became that is no longer in the view. */
const after = new Map<string, QueueItem>();

function change(from: QueueItem, to: QueueItem): void {
  count(from.status, to.status);
  after.set(keyOf(to), to);
  put(to);
}

const shownOf = (item: QueueItem): QueueItem | undefined => items.value.find((other) => keyOf(other) === keyOf(item));

/** The row after those that may leave becomes the current one. */
export function leave(chosen: readonly QueueItem[]): void {
  const leaving = new Set(chosen.map(keyOf));
  if (current.value !== null && leaving.has(current.value)) {
    const at = items.value.findIndex((item) => keyOf(item) === current.value);
    const following = items.value.slice(at).find((item) => !leaving.has(keyOf(item)));
    const preceding = items.value.slice(0, at).findLast((item) => !leaving.has(keyOf(item)));
    const to = following ?? preceding;
    if (to) current.value = keyOf(to);
  }
  ticked.value = new Set([...ticked.value].filter((key) => !leaving.has(key)));
}

async function refill(): Promise<void> {
  if (items.value.length < REFILL && next.value !== null) await showMore();
}

function fail(error: unknown): void {
  const refusal = refusalOf(error);
  undoLast = null;
  if (!noteSignedOut(refusal)) complain(refusal);
}

/** Those that go back to the same status for the same reason go together. */
function groupsOf(before: readonly QueueItem[]): QueueItem[][] {
  const groups = new Map<string, QueueItem[]>();
  for (const item of before) {
    const name = `${item.status} ${item.reason}`;
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return [...groups.values()];
}

const refOf = ({ site, comment }: QueueItem) => ({ site, id: comment.id });
