import { render } from "preact";
import { directionOf } from "#locale/format";
import type { Comment } from "#wire/comment";
import type { Ground } from "./app.tsx";
import type { Reading } from "./view/reading.ts";
import { type BoxEvents, ReplyBox, type ReplyBoxProps } from "./view/reply-box.tsx";
import { Thread } from "./view/thread.tsx";

/** A discussion at one moment: the first code draws it before the rest has arrived. */
export interface View extends Pick<
  Reading,
  "page" | "sort" | "tree" | "gap" | "more" | "folded" | "marked" | "busy" | "doomed" | "mine" | "news" | "said" | "alarm" | "act" | "drawn"
> {
  site: string;
  /** Under which comment the box stands; null below the list. */
  target: Comment | null;
  opened: boolean;
  text: string;
  on: BoxEvents;
  /** What the opened box adds, once its code is here. */
  box?: BoxParts;
}

/** What the moved or opened box puts around the field: its heading, the way back, what is wrong, what it holds besides. */
export type BoxParts = Partial<Pick<ReplyBoxProps, "heading" | "beside" | "wrong" | "hidden" | "children">>;

/** Draws a discussion into its place; drawn again, only what changed is touched. */
export function draw(ground: Ground, view: View): void {
  const { lang, language, options, root } = ground;
  render(
    <div class="you" part="root" lang={lang} dir={directionOf(language)} data-theme={options.theme}>
      <Thread reading={readingOf(ground, view)} />
    </div>,
    root,
  );
}

function readingOf({ say, lang, base, options }: Ground, view: View): Reading {
  const reading: Reading = {
    ...view,
    say,
    lang,
    base,
    now: Date.now(),
    headingLevel: options.headingLevel,
    title: options.title || view.page.title || "",
    href: (id) => `${location.href.replace(/#.*/s, "")}#comment-${id}`,
    box: (at) =>
      (view.target?.id ?? null) === at && <ReplyBox {...view} heading={options.replyTitle || say("ask")} {...view.box} reading={reading} />,
  };
  return reading;
}
