import * as v from "valibot";

/** Every expected refusal, with its HTTP status. Texts for people stand in the catalogue under the same code. */
export const REFUSALS = {
  bad_request: 400,
  bad_json: 400,
  unauthorized: 401,
  login_required: 401,
  forbidden: 403,
  origin_not_allowed: 403,
  token_invalid: 403,
  closed: 403,
  edit_window_over: 403,
  not_found: 404,
  page_url_invalid: 422,
  method_not_allowed: 405,
  duplicate: 409,
  changed_meanwhile: 409,
  already_set_up: 409,
  origin_taken: 409,
  too_large: 413,
  wrong_type: 415,
  invalid: 422,
  parent_gone: 422,
  idempotency_mismatch: 422,
  too_fast: 429,
  too_many: 429,
  internal: 500,
  busy: 503,
} as const;
export type RefusalCode = keyof typeof REFUSALS;

/** What can be wrong with one field. */
export const FIELD_CODES = ["required", "too_long", "too_short", "invalid", "bad_text", "too_complex", "unknown"] as const;
export type FieldCode = (typeof FIELD_CODES)[number];

export const RefusalWire = v.pipe(
  v.object({
    error: v.object({
      code: v.picklist(Object.keys(REFUSALS) as [RefusalCode, ...RefusalCode[]]),
      message: v.string(),
      fields: v.optional(v.record(v.string(), v.picklist(FIELD_CODES))),
    }),
  }),
  v.title("Refusal"),
  v.description("Every answer that is not a success. `message` is English and for logs; show a text of your own by `code`."),
);
export type RefusalWire = v.InferOutput<typeof RefusalWire>;
