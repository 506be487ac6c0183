import type { RefusalCode } from "./refusal.ts";

/** The English `message` of each refusal, for logs and people who read JSON. Pages and the widget have texts of their own. */
export const MESSAGES: Readonly<Record<RefusalCode, string>> = {
  bad_request: "The request could not be understood.",
  bad_json: "The body is not JSON that can be read.",
  unauthorized: "Sign in or send the token of this comment.",
  forbidden: "This is not allowed.",
  origin_not_allowed: "This address does not belong to a site that is kept here.",
  token_invalid: "The form's token is unknown, used up or too old; fetch another.",
  closed: "Comments are closed on this page.",
  edit_window_over: "The time in which this comment could be changed is over.",
  not_found: "There is nothing here.",
  page_url_invalid: "The page's address is not one that can have comments.",
  method_not_allowed: "This method is not allowed here.",
  duplicate: "This has been said already, in the same words.",
  changed_meanwhile: "This was changed meanwhile; look again.",
  already_set_up: "This server has an owner already.",
  origin_taken: "This origin belongs to another site.",
  too_large: "The body is too large.",
  wrong_type: "Send application/json.",
  invalid: "Something in the request is missing or not valid; see `fields`.",
  parent_gone: "The comment that this answers is not there any more.",
  idempotency_mismatch: "This Idempotency-Key was used for another request.",
  too_fast: "Too fast; wait for as many seconds as Retry-After says.",
  too_many: "Too many requests; wait for as many seconds as Retry-After says.",
  internal: "Something is wrong here. It was logged under the request's id.",
  busy: "The server cannot store this just now; try again shortly.",
};
