import type { VNode } from "preact";
import type { QueueItem } from "#wire/panel-comments";
import { move } from "../state/act.ts";
import { askPurge } from "../state/confirm.ts";
import { startEdit, startReply } from "../state/editor.ts";
import { historyOf } from "../state/keys.ts";
import { complain } from "../state/notice.ts";
import type { QueueStatus } from "../state/statuses.ts";
import { t, type Word } from "../state/words.ts";

interface Action {
  word: Word;
  key: string;
  act: (chosen: readonly QueueItem[]) => void;
  kind?: "main" | "danger";
  /** Makes sense for one comment only. */
  one?: true;
}

const first = (act: (item: QueueItem) => void) => (chosen: readonly QueueItem[]) => {
  if (chosen[0]) act(chosen[0]);
};
const edit = (item: QueueItem) => void startEdit(item).then((refusal) => refusal && complain(refusal));

const APPROVE: Action = { word: "approve", key: "a", act: (chosen) => move(chosen, "approved"), kind: "main" };
const UNAPPROVE: Action = { word: "unapprove", key: "u", act: (chosen) => move(chosen, "held") };
const REPLY: Action = { word: "reply", key: "r", act: first(startReply), one: true };
const EDIT: Action = { word: "edit", key: "e", act: first(edit), one: true };
const SPAM: Action = { word: "spam", key: "s", act: (chosen) => move(chosen, "spam"), kind: "danger" };
const TRASH: Action = { word: "trash", key: "d", act: (chosen) => move(chosen, "trash"), kind: "danger" };
const NOT_SPAM: Action = { word: "notSpam", key: "z", act: (chosen) => move(chosen, "former"), kind: "main" };
const RESTORE: Action = { word: "restore", key: "z", act: (chosen) => move(chosen, "former"), kind: "main" };
const PURGE: Action = { word: "purge", key: "d", act: askPurge, kind: "danger" };
const DETAILS: Action = { word: "details", key: "i", act: first((item) => void (historyOf.value = item)), one: true };

/** What can be done with a comment of each status, or with some of several, in the order of the buttons. */
export const ACTIONS: Readonly<Record<QueueStatus | "all", readonly Action[]>> = {
  all: [APPROVE, UNAPPROVE, SPAM, TRASH],
  held: [APPROVE, REPLY, EDIT, SPAM, TRASH, DETAILS],
  approved: [UNAPPROVE, REPLY, EDIT, SPAM, TRASH, DETAILS],
  spam: [NOT_SPAM, APPROVE, PURGE, DETAILS],
  trash: [RESTORE, PURGE, DETAILS],
};

export function ActionButton({
  action: { word, key, act, kind },
  chosen,
  shift,
}: {
  action: Action;
  chosen: readonly QueueItem[];
  shift?: true;
}): VNode {
  return (
    <button
      type="button"
      class={`act ${kind ?? ""}`}
      title={t("withKey", { action: t(word), key: shift ? `Shift ${key.toUpperCase()}` : key })}
      aria-keyshortcuts={shift ? `Shift+${key.toUpperCase()}` : key}
      onClick={() => act(chosen)}
    >
      {t(word)}
    </button>
  );
}

export const RowActions = ({ item }: { item: QueueItem }): VNode => (
  <div class="actions">
    {ACTIONS[item.status].map((action) => (
      <ActionButton key={action.word} action={action} chosen={[item]} />
    ))}
  </div>
);
