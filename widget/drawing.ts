import type { Ground } from "./app.tsx";
import { draw, type View } from "./discuss.tsx";
import { drawingCache } from "./drawing-cache.ts";

export interface Drawing {
  /** Has all drawn anew, once whatever changes at this moment has changed. */
  changed: () => void;
  /** Moves the focus once all is drawn; with `block`, scrolls there as `scrollIntoView` does. */
  focus: (selector: string, block?: ScrollLogicalPosition) => void;
  stop: () => void;
}

/** Draws what a desk holds, which is plain values: nothing watches them, whoever changes one says so. */
export function drawingOf(ground: Ground, view: () => View): Drawing {
  const drawnOf = drawingCache();
  let due = false;
  let stopped = false;
  let settle: (() => void) | null = null;
  const changed = () => {
    if (due) return;
    due = true;
    queueMicrotask(() => {
      due = false;
      if (stopped) return;
      const now = view();
      draw(ground, { ...now, drawn: drawnOf(now) });
      grow(ground.root.querySelector("textarea"));
      settle?.();
      settle = null;
    });
  };
  return {
    changed,
    focus: (selector, block) => {
      settle = () => {
        const element = ground.root.querySelector<HTMLElement>(selector);
        element?.focus({ preventScroll: !!block });
        if (block) element?.scrollIntoView({ block });
      };
      changed();
    },
    stop: () => {
      stopped = true;
    },
  };
}

/** Where the browser can't size a field by its content, its height follows the text. */
function grow(field: HTMLTextAreaElement | null): void {
  if (!field || CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}
