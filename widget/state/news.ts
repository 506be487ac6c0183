import type { Comment, PageInfo } from "#wire/comment";
import type { LiveEvent } from "#wire/live";
import type { ReplyModel } from "./reply.ts";
import type { ThreadModel } from "./thread.ts";

export interface News {
  /** Takes in what changed. Edits, removals and counts show at once; new comments where `lands` says so. */
  hear: (event: LiveEvent) => void;
  /** Responses that wait to be shown. */
  count: () => number;
  /** Shows them. */
  show: () => Promise<void>;
}

export interface Needs {
  thread: ThreadModel;
  reply: Pick<ReplyModel, "target">;
  /** Whether a comment may appear without moving what is being read. */
  lands: (comment: Comment) => boolean;
  /** From shapes.ts, which is at hand where this is loaded. */
  toComment: (value: unknown) => Comment | null;
  toPage: (value: unknown) => PageInfo;
}

/** What others do on the page meanwhile. */
export function createNews({ thread, reply, lands, toComment, toPage }: Needs): News {
  const waiting = new Map<string, Comment>();
  /** How many replies each thread has that was told of. */
  const replies: LiveEvent["replies"] = {};
  /** Responses of which no more is known than that there are some: too many to be told one by one. */
  let untold = 0;
  const unseen = () => [...waiting.values()].filter(({ id }) => !thread.comments.has(id));

  const take = (comment: Comment | null): comment is Comment => {
    if (!comment || thread.comments.has(comment.id)) return !!comment;
    const { id, parent, root } = comment;
    const top = thread.comments.get(root);
    // What “show more” will bring stays behind it.
    if (parent ? (top ? thread.gap(top) > 0 : !waiting.has(root)) : thread.more && thread.sort === "oldest") return false;
    if (!waiting.has(parent!) && lands(comment)) return true;
    waiting.set(id, comment);
    return false;
  };
  const change = (gone: readonly string[], shown: readonly Comment[]) => {
    const all = new Map(thread.comments);
    for (const id of gone) {
      waiting.delete(id);
      all.delete(id);
      // What is being answered stays as a stub.
      if (id === reply.target?.id) all.set(id, { ...reply.target, removed: true });
    }
    const behind = unseen();
    for (const [id, top] of all)
      if (id in replies && !behind.some(({ root }) => root === id)) all.set(id, { ...top, replies: replies[id] });
    thread.set(all);
    thread.put(...shown);
  };
  return {
    hear: (event) => {
      const page = toPage(event.page);
      if (event.reload) untold = Math.max(1, page.count - thread.page.count);
      if (page.version >= thread.page.version) thread.page = page;
      const shown = event.comments.map(toComment).filter(take);
      Object.assign(replies, event.replies);
      change(event.gone, shown);
    },
    count: () => untold || unseen().filter(({ removed }) => !removed).length,
    show: async () => {
      const late = unseen();
      waiting.clear();
      if (untold > 0) await thread.resort(thread.sort);
      untold = 0;
      change([], late);
    },
  };
}
