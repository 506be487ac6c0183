import type { ComponentChildren, VNode } from "preact";
import type { Comment, PageInfo, Sort } from "#wire/comment";
import type { Message } from "#locale/format";
import { format } from "#locale/format";
import type { thread as english } from "#locale/en/thread";
import type { Branch } from "../state/tree.ts";

/** Says a text of the catalogue, its places filled; "" for what the catalogue does not have. */
export type Say<Texts> = (key: keyof Texts, values?: Readonly<Record<string, string | number>>) => string;

export function sayIn<Texts extends { readonly [key: string]: Message }>(lang: string, texts: Texts): Say<Texts> {
  return (key, values) => (Object.hasOwn(texts, key) ? format(lang, texts[key] as Message, values) : "");
}

/** All that a thread is drawn from, in the browser and on the server alike. */
export interface Reading {
  say: Say<typeof english>;
  /** BCP 47 tag of the texts. */
  lang: string;
  /** Milliseconds since 1970. */
  now: number;
  /** Time zone of full times; the reader's own where absent. */
  timeZone?: string;
  /** The server's origin, under which avatars lie; "" on the server's own pages. */
  base: string;
  /** Level of the thread's heading, 2 to 6. */
  headingLevel: number;
  site: string;
  page: PageInfo;
  /** The page's title as the heading names it; "" where there is none. */
  title: string;
  sort: Sort;
  tree: readonly Branch[];
  /** Replies of a top-level comment that are shown but not among `tree`. */
  gap: (root: Comment) => number;
  /** Whether there are further top-level comments. */
  more: boolean;
  /** Address of a comment. */
  href: (id: string) => string;
  /** The links that stand in place of the buttons without JavaScript: “Show more” (further threads, or the replies of one), and “Reply”. */
  moreLink?: (text: string, root?: string) => VNode;
  replyLink?: (comment: Comment) => VNode;
  /** The reply box, drawn where it stands: under a comment, or below the list (null). */
  box: (at: string | null) => ComponentChildren;
  /** What can be done; absent without JavaScript. */
  act?: Act;
  /** Ids of the top-level comments … whose replies are folded away. */
  folded?: ReadonlySet<string>;
  /** The comment that a permalink points at, or that was just posted. */
  marked?: string | null;
  /** What is being loaded: "" for further threads, else a top-level id. */
  busy?: string | null;
  /** The comment about to be deleted, which asks once more. */
  doomed?: string | null;
  /** Own comments that can be edited. */
  mine?: ReadonlySet<string>;
  /** A way to what is new. */
  news?: ComponentChildren;
  /** Said to screen readers. */
  said?: string;
  /** What is said is that something failed: it shows to all. */
  alarm?: boolean;
  /** A comment's drawing of an earlier time, to be used again while nothing about it changed. */
  drawn?: (branch: Branch, draw: () => VNode) => VNode;
}

/** What a reader can do in a thread: to a comment by its id, to the whole by none. `oldest` and `newest` sort. Never throws. */
export type Act = (verb: "reply" | "edit" | "remove" | "fold" | "showReplies" | "showMore" | Sort, id?: string) => void;
