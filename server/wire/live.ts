import * as v from "valibot";
import { Comment, Id, PageInfo } from "./comment.ts";
import { StatusCountsWire } from "./panel-comments.ts";

/** Data of one event of a page's stream. Its id is `page.version`. */
export const LiveEvent = v.pipe(
  v.object({
    page: PageInfo,
    /** The version that it goes on from: who has an older one missed something. */
    since: v.number(),
    /** Comments that were added or changed; whoever has a copy with a higher version keeps that. */
    comments: v.array(Comment),
    /** Comments that are no longer shown. */
    gone: v.array(Id),
    /** By id of a top-level comment: how many replies its thread shows in all now. */
    replies: v.record(Id, v.number()),
    /** Too much changed to be told: read the thread anew. The lists are empty then. */
    reload: v.optional(v.literal(true)),
  }),
  v.title("LiveEvent"),
);
export interface LiveEvent {
  page: PageInfo;
  since: number;
  comments: Comment[];
  gone: string[];
  replies: Record<string, number>;
  reload?: true;
}

/** Data of one event of the panel's stream: something changed, and so many comments there are of each status on all sites. */
export const PanelEvent = v.pipe(v.object({ counts: StatusCountsWire }), v.title("PanelEvent"));
export type PanelEvent = v.InferOutput<typeof PanelEvent>;
