/** The tables as the queries see them. Times are milliseconds since 1970 UTC, truth is 0 or 1, codes stand in codes.ts. */

import type { LetterTable, LetterLeaseTable, FollowerTable, FollowTable, DigestLineTable } from "./tables-of-mail.ts";
import type {
  AccountTable,
  IdentityTable,
  ReaderSessionTable,
  SignInTable,
  WayTable,
  ReaderPasskeyTable,
  ReaderLinkTable,
  PictureTable,
} from "./tables-of-readers.ts";

declare const dbId: unique symbol;
/** A comment's id as the engine keeps it: 16 bytes, or uuid. */
export interface DbId {
  readonly [dbId]: true;
}

declare const readId: unique symbol;
/** An id as Dialect.id.read answers it. */
export interface ReadId {
  readonly [readId]: true;
}

export interface SiteTable {
  id: number;
  name: string;
  /** JSON. */
  aliases: string;
  /** JSON. */
  settings: string;
  created_at: number;
}
/** Directory of whose an origin is; the only table that does not begin with the site. */
export interface OriginTable {
  origin: string;
  site_id: number;
  place: number;
}
export interface Tally {
  held: number;
  approved: number;
  spam: number;
  trash: number;
}
/** Apart from the site, so that a new comment does not write its settings again. */
export interface SiteCountTable extends Tally {
  site_id: number;
}
export interface PageTable extends Tally {
  site_id: number;
  id: number;
  key: string;
  title: string;
  title_fixed: number;
  open: number;
  version: number;
  /** See crowds.ts. */
  crowded: number;
}
export interface CommentTable {
  site_id: number;
  page_id: number;
  id: DbId;
  parent_id: DbId | null;
  /** Null for a top-level comment. */
  root_id: DbId | null;
  depth: number;
  status: number;
  former: number | null;
  /** Why it was held before, put back with it. */
  former_reason: string | null;
  reason: string | null;
  name: string;
  email: string;
  website: string;
  role: string | null;
  source: string;
  format: number;
  /** JSON; null where it is plainBody(source). */
  body: string | null;
  render_version: number;
  created_at: number;
  edited_at: number | null;
  /** When it came into the trash. */
  trashed_at: number | null;
  ip_hash: string | null;
  version: number;
  shown: number;
  /** Of a top-level comment: shown comments below it. */
  replies: number;
  /** Comments directly below it, and how many of these are shown. */
  children: number;
  shown_children: number;
  /** See crowds.ts. */
  crowded: number;
  /** Of whom it was signed in with; null for a guest. */
  account_id: DbId | null;
}
export interface WriterTable {
  site_id: number;
  /** Of e-mail and name without case; as wide as an id and kept as one. */
  digest: DbId;
  /** Comments, at least one. */
  approved: number;
}
/** Comments that readers saw until a version of their page; deleting one for good leaves its line here. One that is shown again has a higher version itself. */
export interface GoneTable {
  site_id: number;
  page_id: number;
  version: number;
  comment_id: DbId;
  root_id: DbId | null;
}
export interface RevisionTable {
  site_id: number;
  comment_id: DbId;
  number: number;
  at: number;
  by: string;
  name: string;
  website: string;
  source: string;
  format: number;
}
export interface ClaimTable {
  site_id: number;
  kind: number;
  /** As wide as an id and kept as one. */
  hash: DbId;
  comment_id: DbId;
  request: string | null;
  expires_at: number;
}
export interface LogTable {
  /** 0 where no site is concerned. */
  site_id: number;
  id: string;
  /** Place within one act on many comments. */
  place: number;
  at: number;
  by: string;
  action: string;
  note: string | null;
  comment_id: DbId | null;
  from_status: number | null;
  to_status: number | null;
}
export interface OwnerTable {
  id: string;
  name: string;
  role: string;
  email: string;
  passphrase: string | null;
  created_at: number;
}
export interface PasskeyTable {
  id: string;
  owner_id: string;
  public_key: string;
  counter: number;
  /** JSON. */
  transports: string;
  label: string;
  created_at: number;
}
export interface PanelSessionTable {
  hash: string;
  owner_id: string;
  created_at: number;
  expires_at: number;
}
export interface LinkTable {
  hash: string;
  purpose: string;
  expires_at: number;
}
export interface KeptValueTable {
  name: string;
  value: string;
}
export interface TurnTable {
  /** 0 where no site is concerned. */
  site_id: number;
  key: string;
  /** When all that was taken is made good; the row says nothing any more then. */
  expires_at: number;
}
export interface SchemaTable {
  version: number;
  at: number;
}

export interface Tables {
  sites: SiteTable;
  origins: OriginTable;
  site_counts: SiteCountTable;
  pages: PageTable;
  comments: CommentTable;
  writers: WriterTable;
  gone: GoneTable;
  revisions: RevisionTable;
  claims: ClaimTable;
  log: LogTable;
  owners: OwnerTable;
  passkeys: PasskeyTable;
  panel_sessions: PanelSessionTable;
  links: LinkTable;
  kept_values: KeptValueTable;
  turns: TurnTable;
  letters: LetterTable;
  letter_leases: LetterLeaseTable;
  followers: FollowerTable;
  follows: FollowTable;
  digest_lines: DigestLineTable;
  accounts: AccountTable;
  identities: IdentityTable;
  reader_sessions: ReaderSessionTable;
  sign_ins: SignInTable;
  ways: WayTable;
  reader_passkeys: ReaderPasskeyTable;
  reader_links: ReaderLinkTable;
  pictures: PictureTable;
  schema_versions: SchemaTable;
}
