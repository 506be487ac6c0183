import type { Comment } from "#wire/comment";
import type { LiveEvent } from "#wire/live";
import { toComment, toPage } from "../shapes.ts";
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

/** What others do on the page meanwhile. `lands` tells whether a comment may appear without moving what is being read. */
export function createNews(thread: ThreadModel, reply: Pick<ReplyModel, "target">, lands: (comment: Comment) => boolean): News {
  const waiting = new Map<string, Comment>();
  /** Responses of which no more is known than that there are some: too many to be told one by one. */
  let untold = 0;
  const unseen = () => [...waiting.values()].filter(({ id }) => !thread.comments.has(id));

  /** Whether it stands among what is at hand, and not in what “show more” will bring. */
  const isNear = ({ parent, root }: Comment) => {
    const top = thread.comments.get(root);
    return parent === null ? !thread.more || thread.sort === "newest" : top ? thread.gap(top) === 0 : waiting.has(root);
  };
  return {
    hear: ({ page, comments, gone, replies, reload }) => {
      if (reload) untold = Math.max(1, page.count - thread.page.count);
      const shown = comments.map(toComment).filter((comment): comment is Comment => {
        if (!comment || thread.comments.has(comment.id)) return !!comment;
        if (!isNear(comment)) return false;
        if (!waiting.has(comment.parent ?? "") && lands(comment)) return true;
        waiting.set(comment.id, comment);
        return false;
      });
      for (const id of gone) waiting.delete(id);
      const counted = { ...replies };
      for (const { root } of unseen()) if (counted[root]) counted[root]--;
      thread.update({ page: toPage(page), gone, replies: counted }, reply.target?.id);
      thread.put(...shown);
    },
    count: () => untold || unseen().filter(({ removed }) => !removed).length,
    show: async () => {
      const late = unseen();
      waiting.clear();
      if (untold > 0) await thread.resort(thread.sort);
      untold = 0;
      for (const { root } of late) {
        const top = thread.comments.get(root);
        if (top) thread.put({ ...top, replies: (top.replies ?? 0) + 1 });
      }
      thread.put(...late);
    },
  };
}
