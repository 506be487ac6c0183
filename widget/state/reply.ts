import { batch, type Signal, signal } from "@preact/signals-core";
import type { Comment } from "#wire/comment";
import { keep, recall } from "../storage.ts";

/** Where the one box stands, and what is written in it. */
export interface ReplyModel {
  /** The comment that is answered or edited; null for a new top-level comment. */
  target: Signal<Comment | null>;
  /** The box holds the source of `target`, to be saved. */
  editing: Signal<boolean>;
  opened: Signal<boolean>;
  text: Signal<string>;
  /** Whether the text would survive a reload. */
  kept: Signal<boolean>;
  /** Moves the box; a draft that was kept for that place comes with it. */
  moveTo: (target: Comment | null) => void;
  /** Puts a comment's source into the box. */
  editAt: (target: Comment, source: string) => void;
  write: (text: string) => void;
  /** Key under which everything about this draft is kept. */
  place: () => string;
}

/** The box of one page. Drafts are kept for each page and parent until they are acknowledged. */
export function createReply(url: string): ReplyModel {
  const target = signal<Comment | null>(null);
  const editing = signal(false);
  const text = signal("");
  const kept = signal(true);
  const place = () => `draft:${url}#${editing.value ? "edit:" : ""}${target.value?.id ?? ""}`;
  const draft = () => {
    const { text } = recall(place());
    return typeof text === "string" ? text : "";
  };
  const move = (to: Comment | null, edit: boolean, source: string) =>
    batch(() => {
      target.value = to;
      editing.value = edit;
      opened.value ||= to !== null;
      text.value = draft() || source;
      kept.value = true;
    });
  text.value = draft();
  const opened = signal(text.value !== "");
  return {
    target,
    editing,
    opened,
    text,
    kept,
    place,
    moveTo: (to) => move(to, false, ""),
    editAt: (to, source) => move(to, true, source),
    write: (value) => {
      text.value = value;
      kept.value = keep(place(), value === "" ? null : { ...recall(place()), text: value }) || value === "";
    },
  };
}
