/** Small things kept in the reader's browser, under the page's own origin. */

/** Keeps a value, or drops it when null. False when the browser keeps nothing (private mode, full, forbidden). */
export function keep(key: string, value: unknown): boolean {
  try {
    if (value === null) localStorage.removeItem(`you-figure:${key}`);
    else localStorage.setItem(`you-figure:${key}`, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** What was kept, an empty object where nothing is. Its fields may be of any type: other scripts of the page can write here. */
export function recall(key: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(localStorage.getItem(`you-figure:${key}`)!)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
