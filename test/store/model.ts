import type { Status } from "../../server/wire/comment.ts";

export interface Kept {
  id: string;
  parent: string | null;
  status: Status;
  former: Status | null;
  source: string;
  name: string;
}

const AWAY: ReadonlySet<Status> = new Set(["spam", "trash"]);

/** The tree of one page as anyone would write it down: a list, and everything else worked out anew each time. */
export class Model {
  readonly comments: Kept[] = [];

  find = (id: string) => this.comments.find((comment) => comment.id === id);
  below = (id: string) => this.comments.filter((comment) => comment.parent === id);
  shown = (comment: Kept): boolean => comment.status === "approved" || this.below(comment.id).some((child) => this.shown(child));
  root = (comment: Kept): Kept => (comment.parent === null ? comment : this.root(this.find(comment.parent)!));
  depth = (comment: Kept): number => (comment.parent === null ? 0 : 1 + this.depth(this.find(comment.parent)!));
  all = () => this.comments.toSorted((a, b) => (a.id < b.id ? -1 : 1));

  replies = (comment: Kept): number =>
    comment.parent === null
      ? this.comments.filter((other) => other !== comment && this.root(other) === comment && this.shown(other)).length
      : 0;

  counts(): Record<string, number> {
    const counts: Record<string, number> = { held: 0, approved: 0, spam: 0, trash: 0 };
    for (const { status } of this.comments) if (status in counts) counts[status]!++;
    return counts;
  }

  thread(): string[] {
    const shown = this.all().filter(this.shown);
    const tops = shown.filter((comment) => comment.parent === null);
    return tops.flatMap((top) => shown.filter((comment) => this.root(comment) === top).map((comment) => comment.id));
  }

  /** Whether it changed. */
  move(id: string, to: Status | "former"): boolean {
    const comment = this.find(id);
    if (!comment || comment.status === "removed") return false;
    const away = AWAY.has(comment.status);
    if (to === "former" && !away) return false;
    const target = to === "former" ? (comment.former ?? "held") : to;
    if (target === comment.status) return false;
    comment.former = AWAY.has(target) ? (away ? comment.former : comment.status) : null;
    comment.status = target;
    return true;
  }

  purge(id: string): boolean {
    const comment = this.find(id);
    if (!comment || comment.status === "removed") return false;
    Object.assign(comment, { status: "removed", former: null, source: "", name: "" });
    // What nothing hangs on goes, and so may what it hung on.
    for (;;) {
      const bare = this.comments.findIndex((other) => other.status === "removed" && this.below(other.id).length === 0);
      if (bare < 0) return true;
      this.comments.splice(bare, 1);
    }
  }
}
