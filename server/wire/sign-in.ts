import * as v from "valibot";
import { LIMITS } from "./limits.ts";

const token = v.pipe(v.string(), v.regex(/^[\w-]{22,86}$/));

export const StartSignIn = v.pipe(
  v.object({
    url: v.pipe(v.string(), v.maxLength(LIMITS.url)),
    provider: v.string(),
    /** Random and kept by the page: whoever shows it later is who began. */
    verifier: token,
    /** Where no window can be opened: the page's address, which is left and comes back with `#you-figure-signed-in=CODE`. */
    returnTo: v.optional(v.pipe(v.string(), v.maxLength(LIMITS.url)), ""),
    /** BCP 47, of the page's comments: the window's pages speak it. */
    lang: v.optional(v.pipe(v.string(), v.maxLength(35)), ""),
  }),
  v.title("StartSignIn"),
);
export const StartedSignIn = v.pipe(
  v.object({
    request: v.string(),
    /** Where the window goes. */
    go: v.string(),
    /** Two digits to be typed there where no message reaches it. */
    digits: v.string(),
  }),
  v.title("StartedSignIn"),
);
export type StartedSignIn = v.InferOutput<typeof StartedSignIn>;

export const FinishSignIn = v.pipe(
  v.object({ request: v.string(), verifier: token, code: v.optional(v.string(), "") }),
  v.title("FinishSignIn"),
);

/** Who comments, as they see themselves. */
export const Reader = v.pipe(
  v.object({
    name: v.string(),
    /** The provider's label, as in “your GitHub account”. */
    way: v.string(),
    /** Whether there is an e-mail. */
    email: v.boolean(),
    /** Whether one can be added where there is none: POST /api/v1/auth/email with the page's `url` and an `email`. */
    addEmail: v.optional(v.boolean()),
  }),
  v.title("Reader"),
);
export type Reader = v.InferOutput<typeof Reader>;

export const SignedInReader = v.pipe(v.object({ token: v.string(), reader: Reader }), v.title("SignedInReader"));
export type SignedInReader = v.InferOutput<typeof SignedInReader>;

export const FinishedSignIn = v.pipe(
  v.object({
    step: v.picklist(["waiting", "asked", "failed", "done"]),
    token: v.optional(v.string()),
    reader: v.optional(Reader),
  }),
  v.title("FinishedSignIn"),
);
export type FinishedSignIn = v.InferOutput<typeof FinishedSignIn>;

/** Where a reader may sign in. `icon` is the name of a drawing of the widget's, or a path on a field of 24 by 24; absent: the id's. */
export const Way = v.object({ id: v.string(), label: v.string(), icon: v.optional(v.string()) });
export type Way = v.InferOutput<typeof Way>;
export const SignOut = v.pipe(v.object({ url: v.string() }), v.title("SignOut"));
