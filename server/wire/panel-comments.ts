/** What the panel and the server say to each other of comments. Bodies are strict: an unknown member is refused. */
import * as v from "valibot";
import { Comment, Id, REASONS, SORTS } from "./comment.ts";
import { LIMITS } from "./limits.ts";
import { number, text } from "./panel-parts.ts";

/** Statuses that a moderator sees and sets. */
export const QUEUE_STATUSES = ["held", "approved", "spam", "trash"] as const;
export type QueueStatus = (typeof QUEUE_STATUSES)[number];

const siteId = v.pipe(v.number(), v.integer(), v.minValue(1));
const Ref = v.strictObject({ site: siteId, id: Id });
export type Ref = v.InferOutput<typeof Ref>;
const Refs = v.pipe(v.array(Ref), v.minLength(1), v.maxLength(LIMITS.bulk));

export const StatusCountsWire = v.pipe(
  v.object({ held: v.number(), approved: v.number(), spam: v.number(), trash: v.number() }),
  v.title("StatusCounts"),
);
export type StatusCountsWire = v.InferOutput<typeof StatusCountsWire>;

export const QueueItem = v.pipe(
  v.object({
    site: v.number(),
    page: v.object({ id: v.number(), url: v.string(), title: v.string(), open: v.boolean() }),
    comment: Comment,
    /** Never shown to readers. */
    email: v.string(),
    status: v.picklist(QUEUE_STATUSES),
    /** To which Restore returns. */
    former: v.nullable(v.picklist(QUEUE_STATUSES)),
    /** Why it waits or lies in spam. */
    reason: v.nullable(v.picklist(REASONS)),
    /** Name of whom it answers. */
    to: v.nullable(v.string()),
  }),
  v.title("QueueItem"),
);
export type QueueItem = Omit<v.InferOutput<typeof QueueItem>, "comment"> & { comment: Comment };

export const QueueParams = v.pipe(
  v.strictObject({
    /** Absent: all but spam and trash. */
    status: v.optional(v.picklist(QUEUE_STATUSES)),
    site: v.optional(number),
    /** Only together with `site`. */
    page: v.optional(number),
    search: v.optional(text(LIMITS.search)),
    sort: v.optional(v.picklist(SORTS), "newest"),
    after: v.optional(Id),
  }),
  v.title("QueueParams"),
);
export const Queue = v.pipe(
  v.object({ items: v.array(QueueItem), next: v.nullable(v.string()), counts: StatusCountsWire }),
  v.title("Queue"),
);
export interface Queue {
  items: QueueItem[];
  next: string | null;
  counts: StatusCountsWire;
}

export const StatusRequest = v.pipe(
  v.strictObject({
    ids: Refs,
    /** `former` restores from spam or trash to where each was before. */
    to: v.picklist([...QUEUE_STATUSES, "former"]),
    /** Taking back an earlier act: the log says so, and `reason` puts back why it had been held. */
    undo: v.optional(v.boolean(), false),
    reason: v.optional(v.nullable(v.picklist(REASONS))),
  }),
  v.title("StatusRequest"),
);
export type StatusRequest = v.InferOutput<typeof StatusRequest>;
const StatusName = v.picklist([...QUEUE_STATUSES, "removed"]);
export const StatusAnswer = v.pipe(
  v.object({ changes: v.array(v.object({ site: v.number(), id: Id, from: StatusName, to: StatusName })) }),
  v.title("StatusAnswer"),
);
export type StatusAnswer = v.InferOutput<typeof StatusAnswer>;

export const PurgeRequest = v.pipe(v.strictObject({ ids: Refs }), v.title("PurgeRequest"));
export const EmptyRequest = v.pipe(
  v.strictObject({ status: v.picklist(["spam", "trash"]), site: v.optional(siteId) }),
  v.title("EmptyRequest"),
);
export const Purged = v.pipe(v.object({ purged: v.number() }), v.title("Purged"));
export type Purged = v.InferOutput<typeof Purged>;

export const ModeratorView = v.pipe(
  v.object({ item: QueueItem, source: v.string(), format: v.picklist(["markdown", "html"]) }),
  v.title("ModeratorView"),
);
export interface ModeratorView {
  item: QueueItem;
  source: string;
  format: "markdown" | "html";
}
export const ModeratorEdit = v.pipe(
  v.strictObject({
    body: v.string(),
    name: v.string(),
    email: v.string(),
    website: v.string(),
    /** The version that was read; another is refused with `changed_meanwhile`. */
    version: v.number(),
  }),
  v.title("ModeratorEdit"),
);
export type ModeratorEdit = v.InferOutput<typeof ModeratorEdit>;
export const OwnerReply = v.pipe(
  v.strictObject({
    body: v.string(),
    /** Made by the client for each reply, so that sending it twice stores it once. */
    key: v.pipe(v.string(), v.regex(/^[\w-]{16,64}$/)),
  }),
  v.title("OwnerReply"),
);
export const ReplyAnswer = v.pipe(v.object({ reply: QueueItem, parent: QueueItem }), v.title("ReplyAnswer"));
export interface ReplyAnswer {
  reply: QueueItem;
  parent: QueueItem;
}

export const History = v.pipe(
  v.object({
    revisions: v.array(v.object({ at: v.string(), by: v.string(), name: v.string(), website: v.string(), source: v.string() })),
    log: v.array(
      v.object({
        at: v.string(),
        by: v.string(),
        action: v.picklist(["status", "edit", "purge", "site", "page", "owner"]),
        from: v.nullable(StatusName),
        to: v.nullable(StatusName),
        note: v.nullable(v.string()),
      }),
    ),
  }),
  v.title("History"),
);
export type History = v.InferOutput<typeof History>;
