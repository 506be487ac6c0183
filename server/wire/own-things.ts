import * as v from "valibot";
import { Id } from "./comment.ts";
import { LIMITS } from "./limits.ts";
import { Reader } from "./sign-in.ts";

const url = v.pipe(v.string(), v.maxLength(LIMITS.url));

export const OpenOwnThings = v.pipe(v.object({ url, lang: v.optional(v.pipe(v.string(), v.maxLength(35)), "") }), v.title("OpenOwnThings"));
export const OpenedOwnThings = v.pipe(
  v.object({
    /** Good for five minutes and one use. */
    go: v.string(),
  }),
  v.title("OpenedOwnThings"),
);
export type OpenedOwnThings = v.InferOutput<typeof OpenedOwnThings>;

export const AskMine = v.pipe(v.object({ url }), v.title("AskMine"));
export const Mine = v.pipe(
  v.object({
    /** Until when each may be edited: milliseconds since 1970. */
    comments: v.array(v.object({ id: Id, until: v.number() })),
    /** Who they are by now: a letter may have confirmed an address. */
    reader: Reader,
  }),
  v.title("Mine"),
);
export type Mine = v.InferOutput<typeof Mine>;

export const AddEmail = v.pipe(v.object({ url, email: v.pipe(v.string(), v.maxLength(LIMITS.url)) }), v.title("AddEmail"));
