/** What readers who signed in do with what is theirs. Every verb is atomic, as in store.ts. */
import type { CommentRow, LogEntry, Page } from "./records.ts";
import type { Account, ReaderSession } from "./readers.ts";

/** Used once, by whoever has its token. */
export interface ReaderLink {
  site: number;
  /** SHA-256 of its token, hex. */
  hash: string;
  /** Opens the page of their own things; proves that they read the address's mail; deletes the account; lets in who reads the mail. */
  purpose: "open" | "email" | "erase" | "enter";
  /** For `enter`: of the one that is made where the address has none. */
  account: string;
  /** "" where no address is concerned. */
  email: string;
  expiresAt: number;
}

export interface Erasure {
  site: number;
  account: string;
  /** Addresses whose letters end with it: `proven` where the reader has shown that they are theirs; of others only what nobody confirmed. */
  addresses: readonly { email: string; proven: boolean }[];
}

export interface OwnThingsStore {
  account(site: number, id: string): Promise<Account | null>;
  /** Whose the address is by a letter of ours: who signs in by e-mail (`subject` is that identity's), or else has confirmed it. */
  accountOfEmail(site: number, email: string, subject: string): Promise<Account | null>;
  /** How an account signs in; `subject` is a digest. */
  identitiesOf(site: number, account: string): Promise<{ provider: string; subject: string }[]>;
  /** Comments of an account, the newest first, after one of them; none of which only a stub is left. */
  commentsOf(query: {
    site: number;
    account: string;
    after?: string | undefined;
    limit: number;
  }): Promise<{ row: CommentRow; page: Page }[]>;
  /** Guests' comments become the account's, if they were written with this e-mail, compared without case. Returns how many. */
  claimComments(claim: { site: number; account: string; email: string; ids: readonly string[] }): Promise<number>;
  /** Puts `name` in the place of whoever wrote them, and forgets e-mail, website, address, account and earlier texts. Only the account's own. */
  anonymise(given: { site: number; account: string; ids: readonly string[]; name: string }, log: LogEntry): Promise<number>;
  /** A letter proved that the address is the reader's. */
  confirmEmail(site: number, account: string, email: string): Promise<void>;
  readerSessions(site: number, account: string): Promise<ReaderSession[]>;
  removeReaderSessions(site: number, account: string): Promise<void>;
  addReaderLink(link: ReaderLink): Promise<void>;
  /** Looks without using it up. */
  readerLink(site: number, hash: string): Promise<ReaderLink | null>;
  /** The link, once only and within its time. */
  useReaderLink(site: number, hash: string, purpose: ReaderLink["purpose"]): Promise<ReaderLink | null>;
  /** Id of the follower with this address, compared without case. */
  followerOf(site: number, email: string): Promise<string | null>;
  /** Letters to this address that wait or were given up, compared without case. */
  lettersTo(site: number, email: string): Promise<{ kind: string; createdAt: number }[]>;
  /** All that is kept of an account but its comments, and what its addresses asked for by mail. */
  removeAccount(erasure: Erasure): Promise<void>;
}
