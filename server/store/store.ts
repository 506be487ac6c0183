/**
 * The seam to whatever keeps the comments. Every verb is asynchronous and atomic: when its promise resolves, all of it
 * is on disk (counters, versions, log and search included), and when it rejects, nothing of it is.
 * Ids are lower-case UUID text, times are milliseconds since 1970 UTC, sites and pages are small integers.
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

export interface CommentStore {
  page(site: number, key: string): Promise<Page | null>;
  pageById(site: number, page: number): Promise<Page | null>;
  /** Approved comments of those pages that exist. */
  counts(site: number, keys: readonly string[]): Promise<Map<string, number>>;

  /** Top-level comments with the first replies of each, only what is shown. `rows` holds parents before children. */
  threads(query: ThreadQuery): Promise<Slice>;
  /** More shown replies of one thread, oldest first. */
  replies(query: { site: number; page: number; root: string; after?: string | undefined; limit: number }): Promise<Slice>;
  /** What a permalink needs: the top-level comment, the nearest `ancestors`, the comment, and up to `limit` shown replies of the thread from it on. Empty when it is not shown. */
  around(query: { site: number; id: string; ancestors: number; limit: number }): Promise<Slice>;
  /** What changed on a page since a version of it, read at one moment; null when there is no such page. */
  changes(query: ChangesQuery): Promise<Changes | null>;
  comment(site: number, id: string): Promise<CommentRow | null>;
  revisions(site: number, id: string): Promise<Revision[]>;
  /** Whether the site has an approved comment of this e-mail (compared without case) and name. */
  hasApproved(site: number, email: string, name: string): Promise<boolean>;
  claimed(site: number, kind: Claim["kind"], hash: string): Promise<{ comment: string; request: string | null } | null>;

  add(row: NewRow, claims: readonly Claim[]): Promise<Added>;
  /** Keeps the former text as a revision. Null when the comment is gone; `version`, when given, must still be the comment's. */
  edit(site: number, id: string, patch: EditPatch, log: LogEntry, version?: number): Promise<CommentRow | "changed" | null>;
  /** To `to`, or each to its former status with the reason it had; `reason` is for those that had none. Unknown ids are passed over; only real changes are returned. */
  setStatus(
    ids: readonly { site: number; id: string }[],
    to: Status | "former",
    reason: Reason | null,
    log: LogEntry,
  ): Promise<StatusChange[]>;
  /** Deletes for good, a stub staying where replies are shown. Returns how many. */
  purge(ids: readonly { site: number; id: string }[], log: LogEntry): Promise<number>;
  /** Empties the trash of one site of what was put there before. Returns how many. */
  purgeTrash(site: number, before: number, log: LogEntry): Promise<number>;

  queue(query: QueueQuery): Promise<{ rows: QueueRow[]; next: string | null }>;
  queueCounts(site?: number, page?: number): Promise<StatusCounts>;

  /** Many at once, for importers: a row whose id is there already is passed over. Parents come before children. */
  load(rows: readonly NewRow[]): Promise<{ added: number; known: number }>;
  /** All comments of a site in order of pages and time, in batches, for an export. */
  exportRows(site: number): AsyncIterable<{ row: CommentRow; page: Page }>;
}

export interface SiteStore {
  sites(): Promise<Site[]>;
  /** Refusal `origin_taken` when an origin belongs to another site. */
  addSite(site: Omit<Site, "id">, log: LogEntry): Promise<Site>;
  updateSite(id: number, patch: SitePatch, log: LogEntry): Promise<Site | null>;
  /** With all its pages and comments. */
  removeSite(id: number, log: LogEntry): Promise<boolean>;
  pages(query: { site: number; search?: string | undefined; after?: number | undefined; limit: number }): Promise<Page[]>;
  /** Makes the page when there is none. */
  setPage(site: number, key: string, patch: { title?: string; open?: boolean }, log: LogEntry): Promise<Page>;
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

export interface OwnerStore {
  owners(): Promise<Owner[]>;
  /** The first owner only: false when there is one already, whoever races. */
  addFirstOwner(owner: Owner, passkey: Passkey | null, log: LogEntry): Promise<boolean>;
  updateOwner(id: string, patch: Partial<Pick<Owner, "name" | "role" | "email" | "passphrase">>, log: LogEntry): Promise<void>;
  passkeys(owner?: string): Promise<Passkey[]>;
  addPasskey(passkey: Passkey, log: LogEntry): Promise<void>;
  /** After a sign-in: the counter moves forward (WebAuthn 6.1.1). */
  usePasskey(id: string, counter: number): Promise<void>;
  /** False when it is not there, or the owner's last way in. */
  removePasskey(owner: string, id: string, log: LogEntry): Promise<boolean>;
  addSession(session: PanelSession): Promise<void>;
  /** Moves the end of a session that is still there; one that was removed meanwhile stays removed. */
  extendSession(hash: string, expiresAt: number): Promise<void>;
  session(hash: string): Promise<PanelSession | null>;
  removeSession(hash: string): Promise<void>;
  removeSessions(owner: string): Promise<void>;
  /** Things used once; `hash` is the SHA-256 of the token, hex. */
  addLink(link: { hash: string; purpose: LinkPurpose; expiresAt: number }): Promise<void>;
  /** Looks without using it up. */
  hasLink(hash: string, purpose: LinkPurpose, now: number): Promise<boolean>;
  /** True once only. */
  useLink(hash: string, purpose: LinkPurpose, now: number): Promise<boolean>;
  log(query: {
    site?: number;
    comment?: string;
    after?: string;
    limit: number;
  }): Promise<(LogEntry & { site: number; comment: string | null; from: Status | null; to: Status | null })[]>;
}

/** One of so many at once, and then one `every` so many milliseconds, for whom the key stands (a hash, never an address). */
export interface Turn {
  key: string;
  every: number;
  burst: number;
}

export type StoreChange = { site: number; key: string } | "all";

export interface Store extends CommentStore, SiteStore, OwnerStore {
  /** Small durable values by name, such as the day's salt. */
  value(name: string): Promise<string | null>;
  setValue(name: string, value: string): Promise<void>;
  /** Replaces it where it still is `former` (null: where there is none). Returns what stands then, the same for all who race. */
  replaceValue(name: string, former: string | null, value: string): Promise<string>;
  /** Takes a turn of each, or of none: milliseconds to wait, or 0. Site 0 where none is concerned. What is taken may be forgotten when the machine fails. */
  takeTurns(site: number, turns: readonly Turn[]): Promise<number>;
  giveTurnsBack(site: number, turns: readonly Turn[]): Promise<void>;
  /** Drops expired claims, sessions, links and turns, address hashes older than `forgetIpBefore`, and what the search still holds of purged comments. */
  sweep(now: number, forgetIpBefore: number): Promise<void>;
  /** Calls back after each commit that changes what readers see; `all` when another process wrote. Returns how to stop. */
  onChange(listener: (change: StoreChange) => void): () => void;
  /** Commits since start and comments written in them, for the bench and /readyz. */
  stats(): { commits: number; writes: number };
  /** Resolves when a read works; rejects when it does not. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
