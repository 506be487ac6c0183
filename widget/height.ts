import { keep, recall } from "./storage.ts";

/** Heights of so many pages are remembered. */
const MOST = 20;

/** Windows about as wide show a page at about the same height. */
const keyOf = (url: string) => Math.round(innerWidth / 100) + url;

/** In pixels, how high this page's thread was when this browser drew it last; a modest one where that is not known. */
export const heightOf = (url: string): number => Number(recall("heights")[keyOf(url)]) || 200;

export function keepHeight(url: string, height: number): void {
  const { [keyOf(url)]: _, ...others } = recall("heights");
  keep("heights", Object.fromEntries([...Object.entries(others).slice(1 - MOST), [keyOf(url), height]]));
}
