import type { RefusalCode } from "#wire/refusal";

/** The server's “no”, or that it can't be reached or understood. */
export class Refused extends Error {
  declare readonly code: RefusalCode | "unreachable";
  declare readonly fields: Readonly<Record<string, string>>;
  /** Seconds. */
  declare readonly retryAfter: number;

  constructor(code: Refused["code"], fields: Refused["fields"] = {}, retryAfter = 0) {
    super(code);
    this.code = code;
    this.fields = fields;
    this.retryAfter = retryAfter;
  }
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
