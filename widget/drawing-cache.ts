import type { VNode } from "preact";
import type { Desk } from "./desk.tsx";
import type { Branch } from "./state/tree.ts";
import type { Reading } from "./view/reading.ts";

/** A comment's drawing is kept while nothing that shows in it changed: a key typed in the box redraws the box alone. */
export function drawingCache({ marked, doomed, own, thread }: Desk): () => NonNullable<Reading["drawn"]> {
  const kept = new Map<string, { key: string; node: VNode }>();
  return () => {
    const now = Date.now();
    return ({ comment, to, level }: Branch, draw) => {
      const { id, version, held, removed } = comment;
      const hold = own.holds.value.get(id);
      const key = [
        version,
        held,
        removed,
        to,
        level,
        marked.value === id,
        doomed.value === id,
        hold && hold.until > now,
        thread.page.value.open,
        Math.floor(now / 60_000),
      ].join();
      const known = kept.get(id);
      if (known?.key === key) return known.node;
      const node = draw();
      kept.set(id, { key, node });
      return node;
    };
  };
}
