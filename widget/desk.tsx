import { h } from "preact";
import type { Thread } from "#wire/comment";
import { answerOf, Refused } from "./api.ts";
import type { Ground } from "./app.tsx";
import type { OpenedBox } from "./box.tsx";
import type { BoxParts, View } from "./discuss.tsx";
import { drawingOf } from "./drawing.ts";
import { dress } from "./dress.ts";
import { followTheme } from "./follow-theme.ts";
import { keepHeight } from "./height.ts";
import { measureLinkColour } from "./link-colour.ts";
import { requestsOf } from "./requests.ts";
import css from "./style/desk.css?inline";
import { text, toComment, toPage, toThread } from "./shapes.ts";
import { fetchHeld } from "./state/held.ts";
import { createOwn } from "./state/own.ts";
import type { Taken } from "./state/post.ts";
import { createReply } from "./state/reply.ts";
import { createThread } from "./state/thread.ts";
import type { Act } from "./view/reading.ts";

/** One reader at one thread: what they can do there. None of its verbs rejects. */
export interface Desk extends Pick<View, "on"> {
  act: Act;
  stop: () => void;
}

/** Takes over a thread that was drawn without it. `typed` is what stands in the box already. */
export function openDesk(ground: Ground, first: Thread, typed: string): Desk {
  const { root, host, options, read, say, tell, report } = ground;
  const thread = createThread(first, async (query) => toThread(await answerOf(read(query))));
  const reply = createReply(options.url);
  const own = createOwn(options.url);
  const requests = requestsOf({ ...ground, site: thread.site.id, tokenOf: (id) => own.holds.get(id)?.token });
  const shown: Pick<View, "folded" | "marked" | "busy" | "doomed" | "news" | "said" | "alarm"> = { busy: null, said: "" };
  let box: OpenedBox | undefined;
  let loading: Promise<OpenedBox> | undefined;

  const { changed, focus, stop } = drawingOf(ground, () => {
    const now = Date.now();
    return {
      ...shown,
      ...thread,
      ...reply,
      site: thread.site.name,
      mine: new Set([...own.holds].filter(([, { until }]) => until > now).map(([id]) => id)),
      act,
      on,
      box: boxParts(),
    };
  });

  /** Where the box has moved, it says whom it answers and how to get back. */
  const boxParts = (): BoxParts => {
    const { target, opened } = reply;
    const parts = opened ? box?.parts() : undefined;
    return {
      ...(target && {
        heading: say("replyTo", { name: target.name }),
        beside: (
          <button type="button" class="cancel" part="cancel" onClick={cancel}>
            {parts?.cancelText ?? say("cancelReply")}
          </button>
        ),
      }),
      ...parts,
    };
  };
  const loaded = async () => {
    // Both at once, and shown together: what came later would move the rest.
    loading ??= Promise.all([import("./box.tsx"), thread.site.settings.ways && import("./sign-in.tsx").then(null, report)]).then(
      async ([{ openBox }, signIn]) => {
        const needs = { ...ground, page: options, thread, reply, own, requests, changed, focus, posted };
        const opened = await openBox(needs);
        await signIn?.open(needs, opened);
        return opened;
      },
    );
    try {
      return (box = await loading);
    } catch (error) {
      loading = undefined;
      throw error;
    }
  };
  /** Does what needs the server or more code; says so when it fails. One `what` at a time: "" for the list, else a thread's id. */
  const attempt = async (go: () => Promise<unknown>, what: string | null = null) => {
    if (what !== null && shown.busy !== null) return;
    shown.busy ??= what;
    shown.alarm = false;
    changed();
    try {
      await go();
    } catch (error) {
      report(error);
      shown.said = say(error instanceof Refused && error.code === "not_found" ? "absent" : "failed");
      shown.alarm = true;
    }
    if (what !== null) shown.busy = null;
    changed();
  };
  /** The button that asked may go with what it brought: the first of that takes the focus. */
  const bring = (what: string, go: () => Promise<void>) =>
    attempt(async () => {
      const known = thread.comments;
      await go();
      const brought = [...thread.comments.keys()].find((id) => !known.has(id));
      if (brought) focus(`#comment-${brought}`, "nearest");
    }, what);
  const posted = ({ comment, page, editToken, editUntil }: Taken, said: string, edited: boolean) => {
    const { id, parent, held } = comment;
    // An edit is answered without a new token: the first one stays good.
    if (editToken) own.add(id, { token: editToken, until: Date.parse(editUntil) || 0 });
    const top = thread.comments.get(comment.root);
    if (!edited && top && parent !== null && !held) thread.put({ ...top, replies: (top.replies ?? 0) + 1 });
    thread.put(comment);
    if (page.version >= thread.page.version) thread.page = page;
    reply.moveTo(null);
    reply.opened = false;
    shown.marked = id;
    shown.said = said;
    focus(`#comment-${id}`, "nearest");
    tell("posted", { id, held: held === true });
  };
  const cancel = () => {
    const { target, editing } = reply;
    reply.moveTo(null);
    // Back to the button that moved it: “Reply” stands first, “Edit” last but one.
    focus(`#comment-${target?.id} .acts button:${editing ? "nth-last-child(2)" : "first-child"}`);
  };

  const on: View["on"] = {
    open: () => {
      reply.opened = true;
      void attempt(async () => (await loaded()).prepare());
    },
    write: (text) => {
      reply.write(text);
      box?.typed();
      changed();
    },
    submit: () => (box ? box.submit() : on.open()),
    // Ctrl or Cmd with Enter posts.
    key: (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
      event.preventDefault();
      on.submit();
    },
  };
  const verbs: Record<Parameters<Act>[0], (id: string) => unknown> = {
    reply: (id) => {
      reply.moveTo(thread.comments.get(id) ?? null);
      on.open();
      focus("#you-body");
    },
    edit: (id) =>
      attempt(async () => {
        const [{ source }] = await Promise.all([requests.mine("GET", id), loaded()]);
        reply.moveTo(thread.comments.get(id) ?? null, text(source));
        focus("#you-body");
      }),
    remove: (id) => {
      if (shown.doomed !== id) return void (shown.doomed = id);
      return attempt(async () => {
        const { say } = await loaded();
        await requests.mine("DELETE", id);
        shown.said = say("gone");
        shown.doomed = null;
        own.forget(id);
        thread.takeAway(id);
        focus("[part=heading]");
      });
    },
    fold: (id) => {
      const folded = new Set(shown.folded);
      if (!folded.delete(id)) folded.add(id);
      shown.folded = folded;
    },
    showMore: () => bring("", thread.showMore),
    showReplies: (id) => bring(id, () => thread.showReplies(id)),
    oldest: () => attempt(() => thread.resort("oldest"), ""),
    newest: () => attempt(() => thread.resort("newest"), ""),
  };
  const act: Act = (verb, id = "") => {
    if (verb !== "remove") shown.doomed = null;
    verbs[verb](id);
    changed();
  };

  const followHash = () => {
    const id = /^#comment-([\da-f-]{36})$/.exec(location.hash)?.[1];
    if (location.hash === "#you-figure") host.scrollIntoView();
    if (!id) return;
    void attempt(async () => {
      host.scrollIntoView();
      await thread.reach(id);
      shown.folded = new Set();
      shown.marked = id;
      focus(`#comment-${id}`, "start");
    });
  };
  const leave = (event: Event) => {
    if (!reply.kept) event.preventDefault();
  };

  keepHeight(options.url, host.offsetHeight);
  let live: Promise<void | (() => void)> | undefined;
  // Nobody listens who has not seen it yet.
  const watcher = new IntersectionObserver(([entry]) => {
    if (!entry?.isIntersecting) return;
    watcher.disconnect();
    const needs = { ...ground, first, thread, reply, shown, changed, attempt, toComment, toPage, dress, h };
    live = import("./live.ts").then(({ openLive }) => openLive(needs), report);
  });
  if (first.site.settings.live) watcher.observe(host);

  if (typed !== "" && reply.text === "") reply.write(typed);
  dress(root, css);
  const stopTheme = followTheme(() => measureLinkColour(host));
  addEventListener("hashchange", followHash);
  addEventListener("beforeunload", leave);
  // Back from a sign-in for which the page was left: #you-figure-signed-in=…
  if (reply.opened || location.hash[11] === "-") on.open();
  changed();
  // The link may be to one of those that wait.
  void fetchHeld(requests, thread, own).then(null, report).then(followHash).then(changed);
  return {
    act,
    on,
    stop: () => {
      stop();
      watcher.disconnect();
      void live?.then((stop) => stop?.());
      stopTheme();
      removeEventListener("hashchange", followHash);
      removeEventListener("beforeunload", leave);
    },
  };
}
