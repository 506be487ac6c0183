import { type ComponentChildren, render, type VNode } from "preact";
import { directionOf } from "#locale/format";
import type { Comment } from "#wire/comment";
import type { Ground } from "./app.tsx";
import type { Reading } from "./view/reading.ts";
import { type BoxEvents, ReplyBox } from "./view/reply-box.tsx";
import { Thread } from "./view/thread.tsx";

/** A discussion at one moment: the first code draws it before the rest has arrived. */
export interface View extends Pick<
  Reading,
  "page" | "sort" | "tree" | "gap" | "more" | "folded" | "marked" | "busy" | "doomed" | "mine" | "said" | "alarm" | "act" | "drawn"
> {
  site: string;
  /** Under which comment the box stands; null below the list. */
  target: Comment | null;
  opened: boolean;
  text: string;
  on: BoxEvents;
  /** What the opened box adds, once its code is here. */
  box?: BoxParts | undefined;
}

/** What the moved or opened box puts around the field. */
export interface BoxParts {
  /** “Reply to NAME”, or that it is an edit. */
  heading?: string | undefined;
  /** The way back. */
  beside?: ComponentChildren;
  wrong?: ComponentChildren;
  hidesText?: boolean;
  rest?: ComponentChildren;
}

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
    box: (at): VNode | null => ((view.target?.id ?? null) === at ? boxOf(reading, view, options.replyTitle || say("ask")) : null),
  };
  return reading;
}

function boxOf(reading: Reading, { opened, text, on, box }: View, ask: string): VNode {
  return (
    <ReplyBox
      reading={reading}
      heading={box?.heading || ask}
      text={text}
      opened={opened}
      hidden={box?.hidesText}
      wrong={box?.wrong}
      beside={box?.beside}
      on={on}
    >
      {box?.rest}
    </ReplyBox>
  );
}
