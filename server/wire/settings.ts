import * as v from "valibot";
import { LIMITS } from "./limits.ts";
import { Sso } from "./site-user.ts";

const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const words = v.pipe(v.array(v.pipe(v.string(), v.maxLength(100))), v.maxLength(LIMITS.words));

/** All that an owner can set for a site, each with its default. The panel's form and the documentation are made from this. */
export const SETTINGS = {
  details: v.pipe(
    v.optional(v.picklist(["required", "optional", "name_only"]), "required"),
    v.description("Name and e-mail: both required, both optional, or the e-mail not asked."),
  ),
  login: v.pipe(
    v.optional(v.picklist(["optional", "required"]), "optional"),
    v.description("Whether readers must log in to comment; where no way to do so is set up, nobody can."),
  ),
  rules: v.pipe(v.optional(v.pipe(v.string(), v.maxLength(LIMITS.rules)), ""), v.description("House rules shown at the box, Markdown.")),
  privacyUrl: v.pipe(
    v.optional(v.pipe(v.string(), v.maxLength(LIMITS.url), v.regex(/^(?:https?:\/\/\S+)?$/i)), ""),
    v.description("Link to the privacy notice shown at the box."),
  ),
  maxDepth: v.pipe(v.optional(whole(2, 10), 5), v.description("Levels of replies that are drawn; deeper ones stand at the last level.")),
  sort: v.pipe(v.optional(v.picklist(["oldest", "newest"]), "oldest"), v.description("Order of the threads.")),
  live: v.pipe(v.optional(v.boolean(), true), v.description("Show new comments to those who have the page open, without a reload.")),
  images: v.pipe(v.optional(v.boolean(), false), v.description("Allow images (https only) in comments.")),
  gravatar: v.pipe(
    v.optional(v.boolean(), false),
    v.description(
      "Show the pictures that writers have at Gravatar, copied by this server, which tells Gravatar the SHA-256 of each e-mail.",
    ),
  ),
  editWindow: v.pipe(
    v.optional(whole(0, 86_400), 900),
    v.description("Seconds in which a reader may edit or delete their own comment; 0 is never."),
  ),
  holdAll: v.pipe(v.optional(v.boolean(), false), v.description("Hold every comment for moderation.")),
  holdFirst: v.pipe(v.optional(v.boolean(), true), v.description("Hold the first comment of each name and e-mail.")),
  holdLinks: v.pipe(v.optional(whole(0, 100), 2), v.description("Hold a comment with this many links or more; 0 is off.")),
  holdWords: v.pipe(
    v.optional(words, []),
    v.description("Hold a comment with one of these words, one a line; *part* matches inside words."),
  ),
  trashWords: v.pipe(v.optional(words, []), v.description("Put a comment with one of these words, one a line, in the trash.")),
  letters: v.pipe(
    v.optional(v.picklist(["none", "held", "all"]), "held"),
    v.description("Letters to you: none, of comments that wait, or of every comment."),
  ),
  minAge: v.pipe(
    v.optional(whole(0, 60), 2),
    v.description("Seconds between opening the box and posting below which a post is refused; 0 is off."),
  ),
  floor: v.pipe(
    v.optional(whole(0, 3_600), 15),
    v.description("Seconds between two comments of one e-mail address (or, without one, of one IP address); 0 is off."),
  ),
  burst: v.pipe(v.optional(whole(0, 1_000), 10), v.description("Comments one IP address may post at once; 0 is off.")),
  perHour: v.pipe(v.optional(whole(1, 10_000), 60), v.description("Comments an hour by which that allowance fills again.")),
  trashDays: v.pipe(v.optional(whole(1, 365), 30), v.description("Days after which the trash is emptied.")),
  localhost: v.pipe(v.optional(v.boolean(), false), v.description("Also accept comments from pages on localhost, for previews.")),
} as const;

/** And what has a page of its own. */
export const SETTINGS_APART = { sso: v.optional(v.nullable(Sso), null) } as const;

export const Settings = v.pipe(v.object({ ...SETTINGS, ...SETTINGS_APART }), v.title("Settings"));
export type Settings = v.InferOutput<typeof Settings>;

/** The part of the settings that a reader's browser needs. */
export const PublicSettings = v.pipe(
  v.object({
    details: v.picklist(["required", "optional", "name_only"]),
    maxDepth: v.number(),
    editWindow: v.number(),
    live: v.boolean(),
    rules: v.optional(v.array(v.unknown())),
    privacyUrl: v.optional(v.string()),
    notify: v.optional(v.boolean()),
    login: v.optional(v.literal("required")),
    ways: v.optional(v.array(v.object({ id: v.string(), label: v.string(), icon: v.optional(v.string()) }))),
  }),
  v.title("PublicSettings"),
);
export interface PublicSettings {
  details: Settings["details"];
  maxDepth: number;
  /** Seconds. */
  editWindow: number;
  live: boolean;
  /** House rules as a body tree. */
  rules?: readonly unknown[];
  privacyUrl?: string;
  /** Whether one can ask for letters about what follows. */
  notify?: boolean;
  /** Only those who are signed in may write. */
  login?: "required";
  /** Where readers may sign in, if anywhere. `icon` as in the wire's Way. */
  ways?: readonly { id: string; label: string; icon?: string }[];
}
