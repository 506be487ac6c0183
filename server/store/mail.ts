/** Letters as they are kept until they are sent, and who asked for them. */

export type LetterKind =
  /** A comment is public: becomes letters to those who wait for it. */
  | "public"
  | "answer"
  | "new"
  | "digest"
  | "confirm"
  /** To the site's own people. */
  | "posted"
  | "held"
  /** To whom a comment passes for. */
  | "was_it_you"
  /** One-time code and link. */
  | "code"
  | "test";

export interface NewLetter {
  /** 0 where no site is concerned. */
  site: number;
  /** Names it within its site: what is written again under the same key is written once. */
  key: string;
  kind: LetterKind;
  /** One checked address; "" for what is not sent itself. */
  to: string;
  lang: string;
  /** What it tells of: ids, never the text, which is read when it is sent. */
  about: Readonly<Record<string, string>>;
  /** Not before. */
  dueAt: number;
  /** After this it is of no use to anyone. */
  expiresAt: number;
}

export type LetterState = "waiting" | "given_up" | "done";

export interface Letter extends NewLetter {
  state: LetterState;
  attempts: number;
  /** What the other side said last. */
  error: string;
  createdAt: number;
}

/** Only answers to one's own comments, or all that is said on a page: at once, or gathered. */
export const OFTEN = ["answers", "instantly", "daily", "weekly"] as const;
export type Often = (typeof OFTEN)[number];

/** An address that asked a site for letters. */
export interface Follower {
  site: number;
  /** 128 random bits, base64url: what its links are signed over. */
  id: string;
  email: string;
  lang: string;
  confirmed: boolean;
}

export interface Follow {
  page: number;
  key: string;
  title: string;
  often: Often;
  confirmed: boolean;
}

/** What a comment sets going, written in its own transaction. */
export interface Going {
  letters: readonly NewLetter[];
  /** Whoever wrote it wants to hear of what follows. Letters go nowhere before the address is confirmed. */
  follow: (Omit<Follower, "site" | "confirmed"> & { often: Often; confirm: NewLetter }) | null;
}

export interface MailStore {
  /** Takes or renews a site's letters for one server until `until`; false while another has them. */
  leaseLetters(site: number, holder: string, until: number): Promise<boolean>;
  releaseLetters(site: number, holder: string): Promise<void>;
  /** Sites with letters that are due. Looks at all sites. */
  sitesWithLettersDue(limit: number): Promise<number[]>;
  /** Of one site, the longest due first. */
  lettersDue(site: number, limit: number): Promise<Letter[]>;
  /** Counts a try and puts the letter off, before it is tried: false when the lease is another's meanwhile, or it is not waiting. */
  beginLetter(at: { site: number; key: string }, holder: string, again: number): Promise<boolean>;
  /** Its turn comes then; that is no try. */
  putLetterOff(at: { site: number; key: string }, until: number): Promise<void>;
  addLetters(letters: readonly NewLetter[]): Promise<void>;
  /** It is delivered; a digest with what it told. */
  letterSent(letter: Letter, told: readonly string[]): Promise<void>;
  letterFailed(at: { site: number; key: string }, error: string, end: boolean): Promise<void>;
  /** Hands a public comment on to some of those who wait for it: true when there are more. */
  spreadLetter(letter: Letter): Promise<boolean>;
  /** Comments that a digest has to tell of, the oldest first. */
  digestOf(site: number, follower: string, limit: number): Promise<string[]>;
  lettersGivenUp(limit: number): Promise<Letter[]>;
  /** Puts those given up back, due now: one, or all. Returns how many. */
  retryLetters(at: { site: number; key: string } | null): Promise<number>;
  letterCounts(): Promise<{ waiting: number; givenUp: number; oldest: number | null }>;

  follower(site: number, id: string): Promise<{ follower: Follower; follows: Follow[] } | null>;
  confirmFollows(site: number, id: string): Promise<void>;
  setFollow(site: number, id: string, page: number, often: Often): Promise<void>;
  /** Of one page, or of all: then nothing is kept of the address. */
  endFollow(site: number, id: string, page: number | null): Promise<void>;
}
