import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * Makes what is costly to load at its first use, and keeps it: a server that only answers reads never pays for it.
 * By `require`, since who draws a text does not wait for anything.
 */
export function later<Loaded>(load: (require: NodeJS.Require) => Loaded): () => Loaded {
  let kept: { loaded: Loaded } | null = null;
  return () => (kept ??= { loaded: load(require) }).loaded;
}
