import * as v from "valibot";
import type { Body } from "./body.ts";
import { PublicSettings } from "./settings.ts";

export const STATUSES = ["held", "approved", "spam", "trash", "removed"] as const;
/** `removed` is what is left of a comment deleted for good that has replies. */
export type Status = (typeof STATUSES)[number];

export const SORTS = ["oldest", "newest"] as const;
export type Sort = (typeof SORTS)[number];

/** RFC 9562 UUID, lower case. */
export const Id = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/));

const BodyTree = v.pipe(
  v.array(v.unknown()),
  v.title("Body"),
  v.description(
    "A tree of allowed nodes: a string is text, an array is an element: index into the tag list, an attribute for some tags, children.",
  ),
);

/** A comment as any reader sees it. Comments travel flat; `parent` and `depth` make the tree. */
export const Comment = v.pipe(
  v.object({
    id: Id,
    /** null for a top-level comment. */
    parent: v.nullable(Id),
    /** The top-level comment of its thread; its own id for a top-level comment. */
    root: Id,
    /** 0 for a top-level comment. */
    depth: v.number(),
    /** Raised with every change of the page; a copy with a higher one is newer. */
    version: v.number(),
    /** RFC 3339. */
    createdAt: v.string(),
    editedAt: v.optional(v.string()),
    /** A stub: removed, with replies that still stand. It has no name, avatar or body. */
    removed: v.optional(v.literal(true)),
    /** Waiting for moderation; only its author is ever sent this. */
    held: v.optional(v.literal(true)),
    name: v.string(),
    website: v.optional(v.string()),
    /** Key of the picture at /avatar/KEY.svg, a generated one or a copy of any type. */
    avatar: v.string(),
    /** The role of an answer by the site's own people, such as “Owner”. */
    role: v.optional(v.string()),
    /** Name of whom it answers, given where the parent may not be at hand. */
    to: v.optional(v.string()),
    /** Top-level comments only: how many replies its thread shows in all. */
    replies: v.optional(v.number()),
    body: BodyTree,
  }),
  v.title("Comment"),
);
export type Comment = Omit<v.InferOutput<typeof Comment>, "body"> & { body: Body };

/** Why a comment waits or lies in spam, in the order the rules ran. */
export const REASONS = [
  "impersonation",
  "all",
  "first",
  "links",
  "word",
  "disallowed_word",
  "honeypot",
  "author",
  "edited",
  "import",
  "moderator",
] as const;
export type Reason = (typeof REASONS)[number];

export const PageInfo = v.pipe(
  v.object({
    /** The page's address, as its key. */
    url: v.string(),
    title: v.optional(v.string()),
    /** Approved comments. */
    count: v.number(),
    open: v.boolean(),
    /** Raised in the transaction of each change: the cursor of the page's live stream. */
    version: v.number(),
  }),
  v.title("PageInfo"),
);
export type PageInfo = v.InferOutput<typeof PageInfo>;

export const Thread = v.pipe(
  v.object({
    site: v.object({ id: v.number(), name: v.string(), settings: PublicSettings }),
    page: PageInfo,
    sort: v.picklist(SORTS),
    comments: v.array(Comment),
    /** Pass it as `after` for the next top-level comments; null when there are none. With `parent`: the same for its replies. */
    next: v.nullable(Id),
  }),
  v.title("Thread"),
);
export interface Thread {
  site: { id: number; name: string; settings: import("./settings.ts").PublicSettings };
  page: PageInfo;
  sort: Sort;
  comments: Comment[];
  next: string | null;
}

export const Counts = v.pipe(
  v.object({ counts: v.record(v.string(), v.number()) }),
  v.title("Counts"),
  v.description("Approved comments by the address that was asked for."),
);

/** What the author of a comment gets, and no one else. */
export const Posted = v.pipe(
  v.object({
    comment: Comment,
    page: PageInfo,
    /** Proves authorship until `editUntil`: `Authorization: Bearer …`. */
    editToken: v.string(),
    /** RFC 3339. */
    editUntil: v.string(),
  }),
  v.title("Posted"),
);
export interface Posted {
  comment: Comment;
  page: PageInfo;
  editToken: string;
  editUntil: string;
}

/** Body of POST /api/v1/comments. The lengths are checked by the server in code points and answered by field. */
export const NewComment = v.pipe(
  v.object({
    url: v.string(),
    parent: v.optional(v.nullable(Id)),
    body: v.string(),
    name: v.optional(v.string(), ""),
    email: v.optional(v.string(), ""),
    website: v.optional(v.string(), ""),
    title: v.optional(v.string(), ""),
    token: v.optional(v.string(), ""),
    /** A field no person sees: whoever fills it is a robot. */
    phone: v.optional(v.string(), ""),
    /** Hear by mail of what follows on this page; nothing is sent before the address is confirmed. */
    notify: v.optional(v.boolean(), false),
  }),
  v.title("NewComment"),
);
export type NewComment = v.InferOutput<typeof NewComment>;

export const EditComment = v.pipe(v.object({ body: v.string() }), v.title("EditComment"));

/** The source of a comment and its earlier texts, for its author. */
export const OwnComment = v.pipe(v.object({ comment: Comment, source: v.string(), editUntil: v.string() }), v.title("OwnComment"));
export interface OwnComment {
  comment: Comment;
  source: string;
  editUntil: string;
}

export const FormTokenRequest = v.pipe(v.object({ url: v.string() }), v.title("FormTokenRequest"));
export const FormToken = v.pipe(
  v.object({
    token: v.string(),
    /** Milliseconds to wait before a post with it is accepted. */
    minAge: v.number(),
    /** Milliseconds after which to fetch another. */
    expiresIn: v.number(),
  }),
  v.title("FormToken"),
);
export type FormToken = v.InferOutput<typeof FormToken>;

export const PreviewRequest = v.pipe(v.object({ url: v.string(), body: v.string() }), v.title("PreviewRequest"));
export const Preview = v.pipe(v.object({ body: BodyTree }), v.title("Preview"));
