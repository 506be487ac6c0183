import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/** What the owner is looking at: the row under the pointer, the one that has the focus or the keys, else the first in sight. */
function rowInSight(list: Element): Element | null {
  const rows = [...list.children];
  const inSight = (row: Element) => row.getBoundingClientRect().bottom > 0 && row.getBoundingClientRect().top < innerHeight;
  return (
    rows.find((row) => row.matches(":hover")) ??
    rows.find((row) => row.querySelector(".is-current") && inSight(row)) ??
    rows.find(inSight) ??
    null
  );
}

/** Keeps what is being looked at where it is, while rows come and go above it. To be called while the list is drawn anew. */
export function useStay(list: RefObject<Element | null>, changes: unknown): void {
  const row = list.current && rowInSight(list.current);
  const before = row?.getBoundingClientRect().top ?? 0;
  useLayoutEffect(() => {
    if (row?.isConnected) scrollBy({ top: row.getBoundingClientRect().top - before, behavior: "instant" });
  }, [changes]);
}
