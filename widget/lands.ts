const bottomOf = (element: Element | null) => element?.getBoundingClientRect().bottom ?? -1;

/**
 * Whether a comment may appear without moving what is being read: it comes below it, or under the very comment. What is
 * being read is what has the focus, or else what stands in the middle of the window; after the last comment nothing is.
 */
export function lands(root: ShadowRoot, parent: string | null, atEnd: boolean): boolean {
  const list = atEnd && root.querySelector(".list");
  const place = parent ? root.querySelector(`li:has(>#comment-${parent})`) : list || root.querySelector("header");
  const focus = bottomOf(root.activeElement);
  const eye = focus > 0 && focus < innerHeight ? focus : parent === null && atEnd ? 0 : innerHeight / 2;
  return bottomOf(place) >= eye;
}
