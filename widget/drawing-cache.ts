import type { VNode } from "preact";
import type { View } from "./discuss.tsx";
import type { Branch } from "./state/tree.ts";
import type { Reading } from "./view/reading.ts";

/** A comment's drawing is kept while nothing that shows in it changed: a key typed in the box redraws the box alone. */
export function drawingCache(): (view: Omit<View, "drawn">) => NonNullable<Reading["drawn"]> {
  const kept = new Map<string, { key: string; node: VNode }>();
  return ({ marked, doomed, mine, page }) =>
    ({ comment, to, level }: Branch, draw) => {
      const { id, version, held, removed } = comment;
      const minute = Math.floor(Date.now() / 60_000);
      const key = [version, held, removed, to, level, marked === id, doomed === id, mine?.has(id), page.open, minute].join();
      const known = kept.get(id);
      if (known?.key === key) return known.node;
      const node = draw();
      kept.set(id, { key, node });
      return node;
    };
}
