import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import type { Comment, PageInfo, Sort, Thread } from "#wire/comment";
import { type Branch, growTree } from "./tree.ts";

/** Asks the server for more of this page's thread. Rejects with Refused. */
export type ReadMore = (query: { sort?: Sort; after?: string | undefined; parent?: string; around?: string }) => Promise<Thread>;

export interface ThreadModel {
  site: Thread["site"];
  page: Signal<PageInfo>;
  sort: Signal<Sort>;
  comments: Signal<ReadonlyMap<string, Comment>>;
  tree: ReadonlySignal<Branch[]>;
  /** Whether there are further top-level comments. */
  more: ReadonlySignal<boolean>;
  /** Replies of a top-level comment that are shown but not at hand. */
  gap: (root: Comment) => number;
  /** Takes comments in; the copy with the higher version stays. */
  put: (...comments: readonly Comment[]) => void;
  /** After its deletion: a stub stays where replies stand. */
  takeAway: (id: string) => void;
  showMore: () => Promise<void>;
  showReplies: (root: string) => Promise<void>;
  /** Loads what a permalink needs; false when the comment is not to be had. */
  reach: (id: string) => Promise<boolean>;
  resort: (sort: Sort) => Promise<void>;
}

/** The thread of one page: comments flat by id, everything else computed from them. */
export function createThread(first: Thread, read: ReadMore): ThreadModel {
  const page = signal(first.page);
  const sort = signal(first.sort);
  const next = signal(first.next);
  const comments = signal<ReadonlyMap<string, Comment>>(new Map());
  /** Of each top-level comment the last reply up to which all are at hand; null when none is left. */
  const cursors = signal<ReadonlyMap<string, string | null>>(new Map());

  const put = (...some: readonly Comment[]) => {
    const all = new Map(comments.value);
    for (const comment of some) {
      const known = all.get(comment.id);
      if (!known || known.version <= comment.version) all.set(comment.id, comment);
    }
    comments.value = all;
  };
  const take = (thread: Thread) =>
    batch(() => {
      // The first answer holds the first replies of each thread: the last of them is where to go on.
      const reached = new Map(cursors.value);
      for (const { id, root, parent } of thread.comments) if (parent !== null && id > (reached.get(root) ?? "")) reached.set(root, id);
      cursors.value = reached;
      next.value = thread.next;
      if (thread.page.version >= page.value.version) page.value = thread.page;
      put(...thread.comments);
    });
  take(first);

  return {
    site: first.site,
    page,
    sort,
    comments,
    put,
    tree: computed(() => growTree(comments.value, first.site.settings.maxDepth, sort.value)),
    more: computed(() => next.value !== null),
    gap: ({ id, replies = 0 }) => {
      if (cursors.value.get(id) === null) return 0;
      let missing = replies;
      for (const { root, parent, held } of comments.value.values()) if (root === id && parent !== null && !held) missing--;
      return Math.max(0, missing);
    },
    takeAway: (id) => {
      const all = new Map(comments.value);
      const comment = all.get(id);
      if (!comment) return;
      const answered = [...all.values()].some(({ parent }) => parent === id);
      if (answered) all.set(id, { ...comment, removed: true });
      else all.delete(id);
      batch(() => {
        comments.value = all;
        if (!comment.held) page.value = { ...page.value, count: Math.max(0, page.value.count - 1) };
      });
    },
    showMore: async () => {
      if (next.value !== null) take(await read({ sort: sort.value, after: next.value }));
    },
    showReplies: async (root) => {
      const answer = await read({ parent: root, after: cursors.value.get(root) ?? undefined });
      batch(() => {
        cursors.value = new Map(cursors.value).set(root, answer.next);
        put(...answer.comments);
      });
    },
    reach: async (id) => {
      if (!comments.value.has(id)) put(...(await read({ around: id })).comments);
      return comments.value.has(id);
    },
    resort: async (wanted) => {
      const answer = await read({ sort: wanted });
      batch(() => {
        const own = [...comments.value.values()].filter(({ held }) => held);
        comments.value = new Map();
        cursors.value = new Map();
        sort.value = wanted;
        take(answer);
        put(...own);
      });
    },
  };
}
