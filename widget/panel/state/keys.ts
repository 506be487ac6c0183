import { signal } from "@preact/signals";
import type { QueueItem } from "#wire/panel-comments";
import { move, undo } from "./act.ts";
import { askPurge } from "./confirm.ts";
import { leaveDraft, open, startEdit, startReply } from "./editor.ts";
import { complain } from "./notice.ts";
import { currentItem, step, tick, tickAll, tickedItems, keyOf, items, ticked } from "./queue.ts";
import { route } from "./route.ts";
import { session } from "./session.ts";

export const helpOpen = signal(false);
/** The comment whose history is open. */
export const historyOf = signal<QueueItem | null>(null);

const isAway = ({ status }: QueueItem) => status === "spam" || status === "trash";

/** What a key does to comments, one or all that are selected. */
const ACTS: Readonly<Record<string, (chosen: readonly QueueItem[]) => void>> = {
  a: (chosen) => move(chosen, "approved"),
  u: (chosen) => move(chosen, "held"),
  s: (chosen) => move(chosen, "spam"),
  d: (chosen) =>
    chosen.every(isAway)
      ? askPurge(chosen)
      : move(
          chosen.filter((item) => item.status !== "trash"),
          "trash",
        ),
  z: (chosen) => (chosen.some(isAway) ? move(chosen.filter(isAway), "former") : undo()),
};

const ONE: Readonly<Record<string, (item: QueueItem) => void>> = {
  x: (item) => tick(keyOf(item)),
  r: startReply,
  e: (item) => void startEdit(item).then((refusal) => refusal && complain(refusal)),
  i: (item) => void (historyOf.value = item),
};

/** Keys of the queue. They rest while something is typed, while a dialog is open, and with Ctrl, Alt or Meta. */
export function listenForKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open.value !== null && !document.querySelector("dialog[open]")) return leaveDraft();
    if (
      !session.value?.owner ||
      event.ctrlKey ||
      event.altKey ||
      event.metaKey ||
      isTyping(event) ||
      document.querySelector("dialog[open]")
    )
      return;
    if (event.key === "?") return void ((helpOpen.value = true), event.preventDefault());
    if (route.value.name === "queue" && press(event.key, event.shiftKey)) event.preventDefault();
  });
}

/** Returns whether the key meant something. */
function press(key: string, shift: boolean): boolean {
  const name = key.toLowerCase();
  if (key === "/") document.getElementById("search")?.focus();
  else if (name === "j" || name === "k") step(name === "j" ? 1 : -1);
  else if (shift && name === "x") tickAll(ticked.value.size < items.value.length);
  else if (shift && ACTS[name]) ACTS[name](tickedItems.value);
  else if (!shift && name === "z" && !currentItem.value) undo();
  else if (!shift && currentItem.value && ACTS[name]) ACTS[name]([currentItem.value]);
  else if (!shift && currentItem.value && ONE[name]) ONE[name](currentItem.value);
  else return false;
  return true;
}

const isTyping = ({ target }: Event) =>
  target instanceof HTMLElement && (target.matches("textarea, select, input:not([type=checkbox])") || target.isContentEditable);
