/** What the panel and the server say to each other of mail. */
import * as v from "valibot";

export const MailState = v.pipe(
  v.object({
    /** Whether letters are sent at all. */
    on: v.boolean(),
    /** Letters that wait to be sent. */
    waiting: v.number(),
    /** The newest that were given up, at most 50. */
    givenUp: v.array(v.object({ site: v.number(), key: v.string(), kind: v.string(), to: v.string(), error: v.string(), at: v.string() })),
  }),
  v.title("MailState"),
);
export type MailState = v.InferOutput<typeof MailState>;

export const RetryRequest = v.pipe(
  v.strictObject({ site: v.optional(v.number()), key: v.optional(v.pipe(v.string(), v.maxLength(300))) }),
  v.title("RetryRequest"),
  v.description("One letter by its site and key, or all."),
);
