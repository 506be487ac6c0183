import { effect } from "@preact/signals-core";
import { render, type VNode } from "preact";
import { directionOf } from "#locale/format";
import type { Thread as WireThread } from "#wire/comment";
import type { Ground } from "./app.tsx";
import { createDesk, type Desk } from "./desk.ts";
import type { Branch } from "./state/tree.ts";
import type { Reading } from "./view/reading.ts";
import { ReplyBox } from "./view/reply-box.tsx";
import { Thread } from "./view/thread.tsx";

/** Shows a thread and keeps showing it as it changes; returns how to stop. */
export function discuss(ground: Ground, first: WireThread): () => void {
  const desk = createDesk(ground, first);
  const cache = drawingCache();
  ground.root.replaceChildren();
  const stopDrawing = effect(() => {
    render(<Discussion ground={ground} desk={desk} drawn={cache(desk)} />, ground.root);
    desk.settle();
  });
  const stopDesk = desk.begin();
  return () => {
    stopDesk();
    stopDrawing();
  };
}

function readingOf({ say, lang, base, options }: Ground, desk: Desk): Omit<Reading, "box"> {
  const { thread, folded, marked, busy, doomed, said, own } = desk;
  const now = Date.now();
  return {
    say,
    lang,
    now,
    base,
    headingLevel: options.headingLevel,
    site: thread.site.name,
    page: thread.page.value,
    title: options.title || thread.page.value.title || "",
    sort: thread.sort.value,
    tree: thread.tree.value,
    gap: ({ comment }) => thread.gap(comment),
    more: thread.more.value,
    href: (id) => `${location.href.replace(/#.*/s, "")}#comment-${id}`,
    act: desk.act,
    folded: folded.value,
    marked: marked.value,
    busy: busy.value,
    doomed: doomed.value,
    mine: new Set([...own.holds.value].filter(([, { until }]) => until > now).map(([id]) => id)),
    said: said.value,
  };
}

function Discussion({ ground, desk, drawn }: { ground: Ground; desk: Desk; drawn: Reading["drawn"] }): VNode {
  const { lang, language, options, say } = ground;
  const { reply, box, act } = desk;
  const base = readingOf(ground, desk);
  const target = reply.target.value;
  const opened = box.value;
  const editing = reply.editing.value;
  const reading: Reading = {
    ...base,
    ...(drawn && { drawn }),
    box: (at) =>
      (target?.id ?? null) === at && (
        <ReplyBox
          reading={base as Reading}
          heading={editing && opened ? opened.heading() : target ? say("replyTo", { name: target.name }) : options.replyTitle || say("ask")}
          text={reply.text.value}
          opened={reply.opened.value}
          hidden={opened?.hidesText() ?? false}
          wrong={opened?.wrongBody()}
          beside={
            target && (
              <button type="button" class="cancel" part="cancel" onClick={() => act.cancel()}>
                {editing && opened ? opened.cancelText() : say("cancelReply")}
              </button>
            )
          }
          on={{ open: desk.open, write: desk.write, submit: desk.submit }}
          field={desk.field}
        >
          {reply.opened.value && opened?.rest()}
        </ReplyBox>
      ),
  };
  return (
    <div class="you" part="root" lang={lang} dir={directionOf(language)} data-theme={options.theme}>
      <Thread reading={reading} />
    </div>
  );
}

/** A comment's drawing is kept while nothing that shows in it changed: a key typed in the box redraws the box alone. */
function drawingCache() {
  const kept = new Map<string, { key: string; node: VNode }>();
  return ({ marked, doomed, own, thread }: Desk): NonNullable<Reading["drawn"]> => {
    const minute = Math.floor(Date.now() / 60_000);
    return (branch: Branch, draw) => {
      const { id, version, held, removed } = branch.comment;
      const hold = own.holds.value.get(id);
      const key = [
        version,
        held,
        removed,
        branch.to,
        branch.level,
        marked.value === id,
        doomed.value === id,
        hold && hold.until > Date.now(),
        thread.page.value.open,
        minute,
      ].join();
      const known = kept.get(id);
      if (known?.key === key) return known.node;
      const node = draw();
      kept.set(id, { key, node });
      return node;
    };
  };
}
