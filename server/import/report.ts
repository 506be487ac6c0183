/** What an import did, or would do. All are numbers of comments but `pages`. */
export interface Report {
  read: number;
  pages: number;
  /** New here; 0 on a dry run. */
  added: number;
  /** Here already, from an earlier import; 0 on a dry run. */
  known: number;
  states: Record<"approved" | "held" | "spam" | "trash", number>;
  /** Replies whose parent is not in the export or was passed over: they stand at top level. */
  orphans: number;
  /** Passed over, by kind: pingbacks and trackbacks unless asked for, and what no person wrote. */
  kinds: Record<string, number>;
  /** Passed over: no text, or the same comment a second time. */
  empty: number;
  repeated: number;
  /** Passed over, by host: pages that are none of the site's. `--from HOST` takes them for the site's own. */
  elsewhere: Record<string, number>;
  /** Fields left empty because they are not usable. */
  emptied: Record<"name" | "email" | "website", number>;
}

/** Names from the file are keys here, `__proto__` among them for all we know. */
export function emptyReport(): Report {
  return {
    read: 0,
    pages: 0,
    added: 0,
    known: 0,
    states: { approved: 0, held: 0, spam: 0, trash: 0 },
    orphans: 0,
    kinds: Object.create(null) as Record<string, number>,
    empty: 0,
    repeated: 0,
    elsewhere: Object.create(null) as Record<string, number>,
    emptied: { name: 0, email: 0, website: 0 },
  };
}
