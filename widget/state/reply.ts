import type { Comment } from "#wire/comment";
import { text as textOf } from "../shapes.ts";
import { keep, recall } from "../storage.ts";

/** Where the one box stands, and what is written in it. */
export interface ReplyModel {
  /** The comment that is answered or edited; null for a new top-level comment. */
  target: Comment | null;
  /** The box holds the source of `target`, to be saved. */
  editing: boolean;
  opened: boolean;
  text: string;
  /** Whether the text would survive a reload. */
  kept: boolean;
  /** Moves the box; a draft that was kept for that place comes with it. With a comment's source, it edits. */
  moveTo: (target: Comment | null, source?: string) => void;
  write: (text: string) => void;
  /** Key under which everything about this draft is kept. */
  place: () => string;
}

/** The box of one page. Drafts are kept for each page and parent until they are acknowledged. */
export function createReply(url: string): ReplyModel {
  const reply: ReplyModel = {
    target: null,
    editing: false,
    opened: false,
    text: "",
    kept: true,
    place: () => `draft:${url}#${reply.editing ? "edit:" : ""}${reply.target?.id ?? ""}`,
    moveTo: (target, source) => {
      reply.target = target;
      reply.editing = target !== null && source !== undefined;
      const draft = textOf(recall(reply.place())["text"]);
      reply.text = draft || (source ?? "");
      reply.opened ||= target !== null || draft !== "";
      reply.kept = true;
    },
    write: (text) => {
      reply.text = text;
      reply.kept = keep(reply.place(), text && { ...recall(reply.place()), text }) || text === "";
    },
  };
  reply.moveTo(null);
  return reply;
}
