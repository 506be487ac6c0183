import { type FieldCode, REFUSALS, type RefusalCode } from "./wire/refusal.ts";

export interface RefusalDetails {
  /** What is wrong with which field. */
  fields?: Record<string, FieldCode>;
  /** Seconds, for Retry-After. */
  retryAfter?: number;
}

/** An expected “no”: it has a code from a closed list and a status, and never repeats what was sent. Anything else thrown is a bug. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: RefusalCode;
  readonly details: RefusalDetails;

  constructor(code: RefusalCode, details: RefusalDetails = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return REFUSALS[this.code];
  }
}
