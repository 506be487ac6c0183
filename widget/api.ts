import type { RefusalCode } from "#wire/refusal";

/** Longest wait for an answer, its body included, in milliseconds. */
export const DEADLINE = 15_000;

/** The server's “no”, or that it can't be reached or understood. */
export class Refused extends Error {
  readonly code: RefusalCode | "unreachable";
  readonly fields: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly retryAfter: number;

  constructor(code: Refused["code"], fields: Refused["fields"] = {}, retryAfter = 0) {
    super(code);
    this.code = code;
    this.fields = fields;
    this.retryAfter = retryAfter;
  }
}

/**
 * The only fetch. Resolves to a response of any status, or to null when there is none by the deadline; never rejects.
 * Same-origin credentials, as a preload line with `crossorigin` has them: then the preloaded answer is used. Nothing
 * is sent to another origin with it.
 */
export function ask(address: string, init?: RequestInit): Promise<Response | null> {
  return fetch(address, { signal: AbortSignal.timeout(DEADLINE), ...init }).then(null, () => null);
}

/** The JSON of a success; null for an empty one. Throws Refused. */
export async function answerOf(asked: Promise<Response | null>): Promise<unknown> {
  const response = await asked;
  if (response?.status === 204) return null;
  const data: unknown = await response?.json().then(null, () => undefined);
  if (response?.ok && data !== undefined) return data;
  throw refusalOf(data, Number(response?.headers.get("Retry-After")));
}

function refusalOf(data: unknown, retryAfter: number): Refused {
  const error = (data as { error?: { code?: unknown; fields?: unknown } } | null | undefined)?.error;
  if (typeof error?.code !== "string") return new Refused("unreachable");
  return new Refused(error.code as RefusalCode, (error.fields as Refused["fields"] | undefined) ?? {}, retryAfter || 0);
}
