import type { Comment, PageInfo, Sort, Thread } from "#wire/comment";
import { type Branch, growTree } from "./tree.ts";

/** Asks the server for more of this page's thread. Rejects with Refused. */
export type ReadMore = (query: { sort?: Sort; after?: string | undefined; parent?: string; around?: string }) => Promise<Thread>;

export interface ThreadModel {
  site: Thread["site"];
  page: PageInfo;
  sort: Sort;
  /** By id. A change makes another map, and with it the tree. */
  comments: ReadonlyMap<string, Comment>;
  tree: Branch[];
  /** Whether there are further top-level comments. */
  more: boolean;
  /** Replies of a top-level comment that are shown but not at hand. */
  gap: (root: Comment) => number;
  /** Takes comments in; the copy with the higher version stays. */
  put: (...comments: readonly Comment[]) => void;
  /** These are all from now on. */
  set: (comments: ReadonlyMap<string, Comment>) => void;
  /** After its deletion: a stub stays where replies stand. */
  takeAway: (id: string) => void;
  showMore: () => Promise<void>;
  showReplies: (root: string) => Promise<void>;
  /** Loads what a permalink needs. */
  reach: (id: string) => Promise<void>;
  resort: (sort: Sort) => Promise<void>;
}

/** The thread of one page: comments flat by id, the tree grown from them. Whoever changes it has it drawn. */
export function createThread(first: Thread, read: ReadMore): ThreadModel {
  const { site, page, sort } = first;
  let next: string | null;
  /** Of each top-level comment the last reply up to which all are at hand; null when none is left. */
  let cursors = new Map<string, string | null>();

  const set = (comments: ThreadModel["comments"]) => {
    thread.comments = comments;
    thread.tree = growTree(comments, site.settings.maxDepth, thread.sort);
  };
  const put = (...some: readonly Comment[]) => {
    const all = new Map(thread.comments);
    for (const comment of some) {
      const known = all.get(comment.id);
      if (!known || known.version <= comment.version) all.set(comment.id, comment);
    }
    set(all);
  };
  const take = ({ comments, page, ...answer }: Thread) => {
    // The first answer holds the first replies of each thread: the last of them is where to go on.
    for (const { id, root, parent } of comments) if (parent !== null && id > (cursors.get(root) ?? "")) cursors.set(root, id);
    next = answer.next;
    thread.more = next !== null;
    if (page.version >= thread.page.version) thread.page = page;
    put(...comments);
  };

  const thread: ThreadModel = {
    site,
    page,
    sort,
    comments: new Map(),
    tree: [],
    more: false,
    set,
    put,
    gap: ({ id, replies = 0 }) => {
      if (cursors.get(id) === null) return 0;
      for (const { root, parent, held } of thread.comments.values()) if (root === id && parent !== null && !held) replies--;
      return Math.max(0, replies);
    },
    takeAway: (id) => {
      const all = new Map(thread.comments);
      const comment = all.get(id);
      if (!comment) return;
      const answered = [...all.values()].some(({ parent }) => parent === id);
      if (answered) all.set(id, { ...comment, removed: true });
      else all.delete(id);
      set(all);
      if (!comment.held) thread.page = { ...thread.page, count: Math.max(0, thread.page.count - 1) };
    },
    showMore: async () => {
      if (next !== null) take(await read({ sort: thread.sort, after: next }));
    },
    showReplies: async (root) => {
      const answer = await read({ parent: root, after: cursors.get(root) ?? undefined });
      cursors.set(root, answer.next);
      put(...answer.comments);
    },
    reach: async (id) => {
      if (!thread.comments.has(id)) put(...(await read({ around: id })).comments);
    },
    resort: async (wanted) => {
      const answer = await read({ sort: wanted });
      const own = [...thread.comments.values()].filter(({ held }) => held);
      thread.comments = new Map();
      cursors = new Map();
      thread.sort = wanted;
      take(answer);
      put(...own);
    },
  };
  take(first);
  return thread;
}
