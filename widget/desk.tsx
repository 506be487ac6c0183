import { batch, effect, type Signal, signal } from "@preact/signals-core";
import type { Posted, Sort, Thread } from "#wire/comment";
import { answerOf } from "./api.ts";
import type { Ground } from "./app.tsx";
import type { OpenedBox } from "./box.tsx";
import { viewOf } from "./desk-view.tsx";
import { draw } from "./discuss.tsx";
import { grow } from "./grow.ts";
import { dress } from "./dress.ts";
import { followTheme } from "./follow-theme.ts";
import { measureLinkColour } from "./link-colour.ts";
import css from "./style/desk.css?inline";
import { drawingCache } from "./drawing-cache.ts";
import { toThread } from "./shapes.ts";
import { fetchHeld } from "./state/held.ts";
import { createOwn, type OwnModel } from "./state/own.ts";
import { createReply, type ReplyModel } from "./state/reply.ts";
import { createThread, type ThreadModel } from "./state/thread.ts";
import type { Act } from "./view/reading.ts";

/** One reader at one thread: what they have open, and what they can do. None of its verbs rejects. */
export interface Desk {
  thread: ThreadModel;
  reply: ReplyModel;
  own: OwnModel;
  folded: Signal<ReadonlySet<string>>;
  marked: Signal<string | null>;
  busy: Signal<string | null>;
  doomed: Signal<string | null>;
  said: Signal<string>;
  /** What is said is that something failed: it shows. */
  alarm: Signal<boolean>;
  /** What the second part of the code draws below the text, once it is here. */
  box: Signal<OpenedBox | null>;
  act: Act;
  cancel: () => void;
  open: () => void;
  write: (text: string) => void;
  submit: () => void;
  /** Ctrl or Cmd with Enter posts. */
  key: (event: KeyboardEvent) => void;
  field: (element: HTMLTextAreaElement | null) => void;
  /** Follows permalinks and fetches own held comments, until stopped. */
  begin: () => () => void;
  /** Called after each drawing: moves the focus to where it was asked for. */
  settle: () => void;
}

/** Takes over a thread that was drawn without it. `typed` is what stands in the box already. */
export function openDesk(ground: Ground, first: Thread, typed: string): Desk & { stop: () => void } {
  const desk = createDesk(ground, first);
  const drawn = drawingCache(desk);
  if (typed !== "" && desk.reply.text.value === "") desk.write(typed);
  const stopDrawing = effect(() => {
    draw(ground, { ...viewOf(desk, ground.say), drawn: drawn() });
    desk.settle();
  });
  dress(ground.root, css);
  const stopTheme = followTheme(() => measureLinkColour(ground.host));
  const stopDesk = desk.begin();
  return {
    ...desk,
    stop: () => {
      stopTheme();
      stopDesk();
      stopDrawing();
    },
  };
}

function createDesk(ground: Ground, first: Thread): Desk {
  const { root, base, options, read, say, tell, report } = ground;
  const thread = createThread(first, async (query) => toThread(await answerOf(read(query))));
  const reply = createReply(options.url);
  const own = createOwn(options.url);
  const folded = signal<ReadonlySet<string>>(new Set());
  const marked = signal<string | null>(null);
  const busy = signal<string | null>(null);
  const doomed = signal<string | null>(null);
  const said = signal("");
  const alarm = signal(false);
  const box = signal<OpenedBox | null>(null);
  const drawings = signal(0);
  let textarea: HTMLTextAreaElement | null = null;
  let afterDrawing: (() => void) | null = null;
  let loading: Promise<OpenedBox> | null = null;
  let refusals = 0;

  /** Runs once all is drawn that changed until now. */
  const then = (go: () => void) => {
    afterDrawing = go;
    drawings.value++;
  };
  const focusOn = (id: string) =>
    then(() => {
      const article = root.getElementById(`comment-${id}`);
      article?.focus({ preventScroll: true });
      article?.scrollIntoView({ block: "nearest" });
    });
  const loaded = () => {
    loading ??= import("./box.tsx").then(({ openBox }) =>
      openBox({
        base,
        root,
        ask: ground.ask,
        lang: ground.lang,
        language: ground.language,
        thread,
        reply,
        own,
        report,
        posted,
        page: options,
      }),
    );
    return loading.then(
      (opened) => (box.value = opened),
      (error: unknown) => {
        loading = null;
        throw error;
      },
    );
  };
  /** Does what needs the server or more code; says so when it fails. */
  const attempt = async (what: string | null, go: () => Promise<unknown>) => {
    if (busy.value !== null && what !== null) return;
    if (what !== null) busy.value = what;
    alarm.value = false;
    try {
      await go();
    } catch (error) {
      report(error);
      said.value = say("failed");
      alarm.value = true;
    } finally {
      if (what !== null) busy.value = null;
    }
  };
  const posted = ({ comment, page, editToken, editUntil }: Posted, words: string, edited: boolean) =>
    batch(() => {
      // An edit is answered without a new token: the first one stays good.
      if (editToken) own.add(comment.id, { token: editToken, until: Date.parse(editUntil) || 0 });
      const rootComment = thread.comments.value.get(comment.root);
      if (!edited && rootComment && comment.parent !== null && !comment.held)
        thread.put({ ...rootComment, replies: (rootComment.replies ?? 0) + 1 });
      thread.put(comment);
      if (page.version >= thread.page.value.version) thread.page.value = page;
      reply.moveTo(null);
      reply.opened.value = false;
      marked.value = comment.id;
      said.value = words;
      focusOn(comment.id);
      tell("posted", { id: comment.id, held: comment.held === true });
    });
  const focusField = () => then(() => textarea?.focus());

  const verbs: Record<Exclude<Parameters<Act>[0], Sort> | "cancel", (id: string) => void> = {
    reply: (id) => {
      reply.moveTo(thread.comments.value.get(id) ?? null);
      desk.open();
      focusField();
    },
    cancel: () => {
      const id = reply.target.value?.id;
      const action = reply.editing.value ? "edit" : "reply";
      reply.moveTo(null);
      if (id) then(() => root.getElementById(`comment-${id}`)?.querySelector<HTMLElement>(`[data-act=${action}]`)?.focus());
    },
    edit: (id) =>
      void attempt(null, async () => {
        await (await loaded()).edit(id);
        focusField();
      }),
    remove: (id) => {
      if (doomed.value !== id) return void (doomed.value = id);
      void attempt(null, async () => {
        const words = await (await loaded()).remove(id);
        doomed.value = null;
        thread.takeAway(id);
        said.value = words;
        then(() => root.querySelector<HTMLElement>("[part=heading]")?.focus());
      });
    },
    fold: (id) => {
      const all = new Set(folded.value);
      if (!all.delete(id)) all.add(id);
      folded.value = all;
    },
    showMore: () => void attempt("", thread.showMore),
    showReplies: (id) => void attempt(id, () => thread.showReplies(id)),
  };

  const followHash = () => {
    const id = /^#comment-([\da-f-]{36})$/.exec(location.hash)?.[1];
    if (id) {
      void attempt(null, async () => {
        if (!(await thread.reach(id))) return void (said.value = say("failed"));
        batch(() => {
          folded.value = new Set();
          marked.value = id;
          then(() => {
            const article = root.getElementById(`comment-${id}`);
            article?.scrollIntoView();
            article?.focus({ preventScroll: true });
          });
        });
      });
    } else if (location.hash === "#you-figure") ground.host.scrollIntoView();
  };
  const leave = (event: Event) => {
    if (!reply.kept.value) event.preventDefault();
  };

  const desk: Desk = {
    thread,
    reply,
    own,
    folded,
    marked,
    busy,
    doomed,
    said,
    alarm,
    box,
    act: (verb, id = "") => {
      if (verb === "oldest" || verb === "newest") void attempt("", () => thread.resort(verb));
      else verbs[verb](id);
    },
    cancel: () => verbs.cancel(""),
    open: () => {
      reply.opened.value = true;
      void attempt(null, async () => (await loaded()).prepare());
    },
    write: (text) => {
      reply.write(text);
      box.value?.typed();
      grow(textarea);
    },
    submit: () => {
      if (box.value) box.value.submit();
      else desk.open();
    },
    key: (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
      event.preventDefault();
      desk.submit();
    },
    field: (element) => {
      textarea = element;
      grow(element);
    },
    settle: () => {
      void drawings.value;
      const go = afterDrawing;
      afterDrawing = null;
      go?.();
      const now = box.value?.refusals.value ?? 0;
      if (now > refusals) root.querySelector<HTMLElement>("[aria-invalid=true],[type=submit]")?.focus();
      refusals = now;
    },
    begin: () => {
      addEventListener("hashchange", followHash);
      addEventListener("beforeunload", leave);
      if (reply.opened.value) desk.open();
      followHash();
      void fetchHeld(ground, thread, own).then(null, report);
      return () => {
        removeEventListener("hashchange", followHash);
        removeEventListener("beforeunload", leave);
      };
    },
  };
  return desk;
}
