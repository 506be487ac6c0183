import type { ComponentChildren } from "preact";
import { growTree } from "../../widget/state/tree.ts";
import type { Reading } from "../../widget/view/reading.ts";
import type { Language } from "../locale/format.ts";
import type { Comment, Thread } from "../wire/comment.ts";
import type { Texts } from "./texts.ts";

export interface Asked {
  thread: Thread;
  lang: Language;
  texts: Texts;
  /** Milliseconds since 1970. */
  now: number;
  /** A comment of the reader's own that waits. */
  own?: Comment | null;
  /** The title that the page gave itself, used while none is kept. */
  title?: string | undefined;
  box?: (at: string | null) => ComponentChildren;
  links?: Pick<Reading, "moreLink" | "replyLink">;
  marked?: string | undefined;
  headingLevel?: number;
}

/** What the widget's views draw from, for a page without JavaScript: links where the widget has buttons. */
export function readingOf({ thread, lang, texts, now, own, title, box, links, marked, headingLevel = 1 }: Asked): Reading {
  const comments = new Map(thread.comments.map((comment) => [comment.id, comment]));
  if (own) comments.set(own.id, own);
  return {
    say: texts.thread,
    lang,
    now,
    timeZone: "UTC",
    base: "",
    headingLevel,
    site: thread.site.name,
    page: thread.page,
    title: thread.page.title ?? title ?? "",
    sort: thread.sort,
    tree: growTree(comments, thread.site.settings.maxDepth, thread.sort),
    gap: ({ id, replies = 0 }) => replies - repliesAmong(thread.comments, id),
    more: thread.next !== null,
    href: (id) => `#comment-${id}`,
    box: box ?? (() => null),
    marked: marked ?? null,
    ...links,
  };
}

const repliesAmong = (comments: readonly Comment[], root: string) =>
  comments.filter((comment) => comment.root === root && comment.id !== root).length;
