/**
 * The seam to whatever keeps the comments. Every verb is asynchronous and atomic: when its promise resolves, all of it
 * is on disk (counters, versions, log and search included), and when it rejects, nothing of it is.
 */
import type { Reason, Status } from "../wire/comment.ts";
import type { Going, MailStore } from "./mail.ts";
import type { OwnThingsStore } from "./own-things.ts";
import type { PictureStore } from "./pictures.ts";
import type { ReaderStore } from "./readers.ts";
import type { WayStore } from "./ways.ts";
import type {
  Added,
  Changes,
  ChangesQuery,
  Claim,
  CommentRow,
  EditPatch,
  LinkPurpose,
  LogEntry,
  NewRow,
  Owner,
  Page,
  PanelSession,
  Passkey,
  QueueQuery,
  QueueRow,
  Revision,
  Site,
  SitePatch,
  Slice,
  StatusChange,
  StatusCounts,
  StoreChange,
  ThreadQuery,
  Turn,
} from "./records.ts";

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
  /** Whether the site has an approved comment of this e-mail and name, compared without case; never where there is no e-mail. */
  hasApproved(site: number, email: string, name: string): Promise<boolean>;
  claimed(site: number, kind: Claim["kind"], hash: string): Promise<{ comment: string; request: string | null } | null>;

  /** With the letters it sets going, where mail is sent. */
  add(row: NewRow, claims: readonly Claim[], going?: Going | null): Promise<Added>;
  /** Keeps the former text as a revision. Null when the comment is gone; `version`, when given, must still be the comment's. */
  edit(site: number, id: string, patch: EditPatch, log: LogEntry, version?: number): Promise<CommentRow | "changed" | null>;
  /** To `to`, or each to its former status with the reason it had; `reason` is for those that had none. Unknown ids are passed over; only real changes are returned. */
  setStatus(
    ids: readonly { site: number; id: string }[],
    to: Status | "former",
    reason: Reason | null,
    log: LogEntry,
    /** Whether those who wait for what becomes public are written to; not unless said. */
    tell?: boolean,
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

export interface Store extends CommentStore, SiteStore, OwnerStore, MailStore, ReaderStore, OwnThingsStore, WayStore, PictureStore {
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
