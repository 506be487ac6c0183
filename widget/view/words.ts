import type { box as english } from "#locale/en/box";
import { LIMITS } from "#wire/limits";
import type { FieldCode } from "#wire/refusal";
import type { Say } from "./reading.ts";

type SayBox = Say<typeof english>;

/** What is wrong with a field, in words. */
export function fieldText(say: SayBox, field: "body" | "email" | "name" | "website", code: FieldCode): string {
  if (code === "too_long") return say("tooLong", { n: LIMITS[field] });
  if (code === "bad_text") return say("badText");
  if (code === "required" && field !== "website") return say(`${field}Required`);
  return field === "email" || field === "website" ? say(`${field}Invalid`) : say("invalid");
}

/** Why the whole was refused, in words. `retryAfter` in seconds, 0 where it is not known. */
export function refusalText(say: SayBox, { code, retryAfter }: { code: string; retryAfter: number }): string {
  switch (code) {
    case "too_fast":
      return retryAfter > 0 ? say("tooFastFor", { n: retryAfter }) : say("tooFast");
    case "too_many":
      return say("tooMany");
    case "too_large":
      return say("tooLarge");
    case "duplicate":
      return say("duplicate");
    case "closed":
      return say("closed");
    case "parent_gone":
      return say("parentGone");
    case "edit_window_over":
      return say("windowOver");
    case "changed_meanwhile":
      return say("changed");
    case "not_found":
      return say("missing");
    case "origin_not_allowed":
    case "page_url_invalid":
      return say("notAllowed");
    case "unreachable":
      return say("unreachable");
    default:
      return say("failed");
  }
}
