import type { Comment, Sort } from "#wire/comment";

/** A comment in its drawn place. */
export interface Branch {
  comment: Comment;
  /** 0 for a top-level comment, at most maxDepth - 1. */
  level: number;
  replies: Branch[];
  /** Name of whom it answers, where its place does not tell. */
  to: string;
}

/**
 * The tree of flat comments: top-level ones in the order of `sort`, replies oldest first. Replies below the last
 * level, and those whose parent is not at hand, stand under the nearest ancestor that has room and say whom they answer.
 */
export function growTree(comments: ReadonlyMap<string, Comment>, maxDepth: number, sort: Sort): Branch[] {
  const roots: Branch[] = [];
  const branches = new Map<string, Branch>();
  const place = new Map<string, Branch | undefined>();
  for (const comment of [...comments.values()].sort(byTime)) {
    const { id, parent, root } = comment;
    if (parent === null) {
      const branch = { comment, level: 0, replies: [], to: "" };
      branches.set(id, branch);
      roots.push(branch);
    } else {
      const above = branches.get(parent) ?? branches.get(root);
      if (!above) continue;
      // A branch at the last level takes no replies: they join it under its own place.
      const home = above.level < maxDepth - 1 ? above : place.get(above.comment.id)!;
      const straight = home.comment.id === parent;
      const branch = { comment, level: home.level + 1, replies: [], to: straight ? "" : comment.to || comments.get(parent)?.name || "" };
      home.replies.push(branch);
      place.set(id, home);
      branches.set(id, branch);
    }
  }
  return sort === "newest" ? roots.reverse() : roots;
}

/** By time, then id. RFC 3339 times in UTC, all of one length, sort as text. */
export const byTime = (a: Comment, b: Comment): number => (a.createdAt + a.id < b.createdAt + b.id ? -1 : 1);
