import type { QueueStatus as WireStatus } from "#wire/panel-comments";

export type QueueStatus = WireStatus;
/** In the order of the views. The wire's own list stands in a file that brings its checker with it. */
export const QUEUE_STATUSES = ["held", "approved", "spam", "trash"] as const satisfies readonly QueueStatus[];
