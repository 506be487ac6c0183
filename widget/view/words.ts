import type { box as english } from "#locale/en/box";
import { FIELD_LIMITS } from "#wire/limits";
import type { Say } from "./reading.ts";

type SayBox = Say<typeof english>;
type Key = keyof typeof english;

/** What is wrong with a field, in words: the catalogue has them under field and code, or under the code alone. */
export function fieldText(say: SayBox, field: keyof typeof FIELD_LIMITS, code: string): string {
  return say(`${field}_${code}` as Key) || say(code as Key, { n: FIELD_LIMITS[field] }) || say("invalid");
}

/** Why the whole was refused, in words. `retryAfter` in seconds. */
export function refusalText(say: SayBox, { code, retryAfter }: { code: string; retryAfter: number }): string {
  return say((code === "page_url_invalid" ? "origin_not_allowed" : code) as Key, { n: retryAfter }) || say("internal");
}
