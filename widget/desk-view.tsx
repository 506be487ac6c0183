import type { Desk } from "./desk.tsx";
import type { BoxParts, View } from "./discuss.tsx";
import type { Ground } from "./app.tsx";

/** The desk as it is drawn at this moment. */
export function viewOf(desk: Desk, say: Ground["say"]): View {
  const { thread, reply, own, act } = desk;
  const now = Date.now();
  const editing = reply.editing.value;
  const opened = reply.opened.value;
  return {
    site: thread.site.name,
    page: thread.page.value,
    sort: thread.sort.value,
    tree: thread.tree.value,
    gap: ({ comment }) => thread.gap(comment),
    more: thread.more.value,
    folded: desk.folded.value,
    marked: desk.marked.value,
    busy: desk.busy.value,
    doomed: desk.doomed.value,
    said: desk.said.value,
    alarm: desk.alarm.value,
    mine: new Set([...own.holds.value].filter(([, { until }]) => until > now).map(([id]) => id)),
    act,
    target: reply.target.value,
    opened,
    text: reply.text.value,
    on: { open: desk.open, write: desk.write, submit: desk.submit, key: desk.key },
    field: desk.field,
    box: boxParts(desk, say, editing),
  };
}

/** Where the box has moved, it says whom it answers and how to get back. */
function boxParts({ reply, box, cancel }: Desk, say: Ground["say"], editing: boolean): BoxParts {
  const target = reply.target.value;
  const parts = reply.opened.value ? box.value?.parts(editing) : undefined;
  const text = parts?.cancelText ?? say("cancelReply");
  return {
    ...(target && {
      heading: say("replyTo", { name: target.name }),
      beside: (
        <button type="button" class="cancel" part="cancel" onClick={cancel}>
          {text}
        </button>
      ),
    }),
    ...parts,
  };
}
