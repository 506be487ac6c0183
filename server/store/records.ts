/**
 * What is kept, as the product sees it. Ids are lower-case UUID text, times are milliseconds since 1970 UTC, sites and pages
 * are small integers.
 */
import type { Body } from "../wire/body.ts";
import type { Reason, Sort, Status } from "../wire/comment.ts";
import type { Settings } from "../wire/settings.ts";

export interface Site {
  id: number;
  name: string;
  /** Serialised origins (`https://blog.example`), each of which belongs to one site only. */
  origins: string[];
  /** Other hosts whose pages are the same pages: host -> host of one of `origins`. */
  aliases: Record<string, string>;
  settings: Settings;
  createdAt: number;
}
export type SitePatch = Partial<Pick<Site, "name" | "origins" | "aliases" | "settings">>;

export interface Page {
  site: number;
  id: number;
  key: string;
  title: string;
  /** Set by the owner: comments no longer change it. */
  titleFixed: boolean;
  open: boolean;
  /** Rises with every visible or invisible change of the page or its comments. */
  version: number;
  counts: StatusCounts;
}
export type StatusCounts = Record<Exclude<Status, "removed">, number>;

export type BodyFormat = "markdown" | "html";

export interface CommentRow {
  site: number;
  page: number;
  id: string;
  parent: string | null;
  /** Id of the top-level comment; its own for one. */
  root: string;
  /** 0 for a top-level comment. */
  depth: number;
  status: Status;
  /** The status before spam or trash, to which `restore` returns. */
  former: Status | null;
  reason: Reason | null;
  name: string;
  /** "" when none was asked. */
  email: string;
  /** "" or a checked http(s) address. */
  website: string;
  /** Role of the owner who wrote it, null for a reader. */
  role: string | null;
  /** Of the reader who was signed in; null for guests. */
  account: string | null;
  /** The source as it came, CR LF as LF. */
  source: string;
  format: BodyFormat;
  /** The rendered tree and the version of the renderer that made it. */
  body: Body;
  renderVersion: number;
  createdAt: number;
  editedAt: number | null;
  /** Keyed hash of the address it came from, null once forgotten. */
  ipHash: string | null;
  /** The page's version when it last changed. */
  version: number;
  /** Approved, or with replies that are shown (then readers see a stub). */
  shown: boolean;
  /** Top-level: replies shown in its whole thread. Others: 0. */
  replies: number;
}

/** What the writer decides; the store adds root, depth, version and the counters. */
export interface NewRow extends Pick<
  CommentRow,
  | "site"
  | "id"
  | "parent"
  | "status"
  | "reason"
  | "name"
  | "email"
  | "website"
  | "role"
  | "source"
  | "format"
  | "body"
  | "renderVersion"
  | "createdAt"
  | "ipHash"
> {
  pageKey: string;
  /** Becomes the page's title where no public comment brought one yet. */
  pageTitle: string;
  editedAt?: number | null;
  account?: string | null;
}

/** A thing that may be used once: an Idempotency-Key, a form token, the fingerprint of a text. Taken in the comment's own transaction. */
export interface Claim {
  kind: "idempotency" | "token" | "duplicate";
  /** SHA-256 of the thing claimed, hex, of which 128 bits are kept. */
  hash: string;
  /** Hash of the request, hex, to tell a repeat from another request under the same key. */
  request?: string;
  expiresAt: number;
}

export type Added =
  | { ok: true; row: CommentRow; page: Page }
  /** Nothing was written: the claim is held by this comment of this site. */
  | { ok: false; taken: Claim["kind"]; comment: string; request: string | null }
  | { ok: false; taken: "parent" };

export interface LogEntry {
  id: string;
  at: number;
  /** Owner's id, or who else acted. */
  by: string;
  action: "status" | "edit" | "purge" | "site" | "page" | "owner";
  note?: string;
}

export interface Revision {
  at: number;
  by: string;
  name: string;
  website: string;
  source: string;
  format: BodyFormat;
}

export interface EditPatch {
  source?: string;
  format?: BodyFormat;
  body?: Body;
  renderVersion?: number;
  name?: string;
  email?: string;
  website?: string;
  /** An edit may send a comment back to moderation, never out of it. */
  status?: Status;
  reason?: Reason | null;
  /** null keeps “edited” as it is. */
  editedAt: number | null;
}

export interface StatusChange {
  site: number;
  id: string;
  from: Status;
  to: Status;
}

export interface ThreadQuery {
  site: number;
  page: number;
  sort: Sort;
  /** Top-level comments after this id in the order of `sort`. */
  after?: string | undefined;
  /** At most so many top-level comments … */
  threads: number;
  /** … and so many comments in all, shared fairly among the threads. */
  comments: number;
}
export interface Slice {
  rows: CommentRow[];
  /** Id to go on after, or null. */
  next: string | null;
}

export interface ChangesQuery {
  site: number;
  key: string;
  /** The version of the page that the asker has. */
  after: number;
  /** At most so many comments changed, and so many gone. */
  limit: number;
}
/** What became of a page since a version of it, all as of `page.version`. */
export interface Changes {
  page: Page;
  /** Changed and shown, in the order of their changes. */
  rows: CommentRow[];
  /** No longer shown. */
  gone: string[];
  /** Replies shown in all, of each top-level comment below which something changed and which is shown itself. */
  replies: Map<string, number>;
  /** Names of the public comments that `rows` answer. */
  names: Map<string, string>;
  /** False when there was more than the limit, or the asker's version was never this page's: `rows` and `gone` are empty, and only reading anew tells. */
  whole: boolean;
}

export interface QueueQuery {
  /** Absent: all but trash and spam. */
  status?: Exclude<Status, "removed"> | undefined;
  site?: number | undefined;
  page?: number | undefined;
  /** Words looked for in text, name and e-mail. */
  search?: string | undefined;
  sort: Sort;
  after?: string | undefined;
  limit: number;
}
export interface QueueRow {
  row: CommentRow;
  page: Page;
  /** Name of whom it answers. */
  to: string | null;
}

export interface Owner {
  id: string;
  name: string;
  /** Shown as “NAME, ROLE at SITE”. */
  role: string;
  email: string;
  /** PHC-like string of scrypt, or null when only passkeys are used. */
  passphrase: string | null;
  createdAt: number;
}
export interface Passkey {
  /** base64url credential id. */
  id: string;
  owner: string;
  /** base64url COSE key. */
  publicKey: string;
  counter: number;
  transports: string[];
  label: string;
  createdAt: number;
}
export interface PanelSession {
  /** SHA-256 of the cookie's token, hex. */
  hash: string;
  owner: string;
  createdAt: number;
  expiresAt: number;
}

/** A challenge is a link in the browser's own words (WebAuthn): used once as well. */
export type LinkPurpose = "setup" | "login" | "challenge";

/** One of so many at once, and then one `every` so many milliseconds, for whom the key stands (a hash, never an address). */
export interface Turn {
  key: string;
  every: number;
  burst: number;
}

export type StoreChange = { site: number; key: string } | "all";
