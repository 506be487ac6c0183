/** Longest wait for an answer, its body included, in milliseconds. */
export const DEADLINE = 15_000;

/**
 * The only fetch. Resolves to a response of any status, or to null when there is none by the deadline; never rejects.
 * Same-origin credentials, as a preload line with `crossorigin` has them: then the preloaded answer is used. Nothing
 * is sent to another origin with it.
 */
export function ask(address: string, init?: RequestInit): Promise<Response | null> {
  return fetch(address, { signal: AbortSignal.timeout(DEADLINE), ...init }).then(null, () => null);
}
