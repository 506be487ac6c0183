import type { Reason, Status } from "../../server/wire/comment.ts";

/** One comment of the demo. `key` names it within its page, `to` the one that it answers. */
export interface Said {
  key: string;
  to?: string;
  by: Person;
  /** RFC 3339. */
  at: string;
  text: string;
  /** Default: approved. `gone` was deleted for good, and leaves a stub where it had replies. */
  status?: Exclude<Status, "removed"> | "gone";
  reason?: Reason;
}

export interface Person {
  name: string;
  email: string;
  website?: string;
  role?: string;
}

/** Everything said under one page of the blog, parents before their replies. */
export interface Discussion {
  /** File of the page in demo/blog. */
  page: string;
  title: string;
  said: readonly Said[];
}
