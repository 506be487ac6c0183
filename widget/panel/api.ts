import type { FieldCode, RefusalCode } from "#wire/refusal";

/** An answer that is not a success, or no answer at all (`unreached`). */
export class PanelRefusal extends Error {
  readonly code: RefusalCode | "unreached";
  readonly fields: Readonly<Record<string, FieldCode>>;
  /** Seconds to wait, 0 for none. */
  readonly retryAfter: number;

  constructor(code: RefusalCode | "unreached", fields: Readonly<Record<string, FieldCode>> = {}, retryAfter = 0) {
    super(code);
    this.code = code;
    this.fields = fields;
    this.retryAfter = retryAfter;
  }
}

type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

/** Milliseconds after which the server counts as unreached. */
const DEADLINE = 20_000;

/** The panel's only fetch(). Throws a PanelRefusal; nothing else is expected. */
export async function ask<Answer>(method: Method, path: string, body: object = {}): Promise<Answer> {
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(`/api/v1/panel${path}`, {
      method,
      headers: { "x-youfigure": "1", ...(method !== "GET" && { "content-type": "application/json" }) },
      ...(method !== "GET" && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(DEADLINE),
      cache: "no-store",
    });
    answer = await response.json();
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError || error instanceof DOMException) throw new PanelRefusal("unreached");
    throw error;
  }
  if (response.ok) return answer as Answer;
  const { error } = answer as { error?: { code?: RefusalCode; fields?: Record<string, FieldCode> } };
  throw new PanelRefusal(error?.code ?? "internal", error?.fields, Number(response.headers.get("retry-after") ?? 0));
}

/** `?a=1&b=2` of what is given, "" of nothing. */
export function queryOf(values: Readonly<Record<string, string | number | null | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  const text = query.toString();
  return text && `?${text}`;
}

/** What a catch gave, as a refusal; a bug goes on. */
export function refusalOf(error: unknown): PanelRefusal {
  if (error instanceof PanelRefusal) return error;
  throw error;
}
