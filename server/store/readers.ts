/** What is kept of readers who sign in. Every verb is atomic, as in store.ts. */
export interface Account {
  site: number;
  id: string;
  /** Of whom it was last signed in with. */
  provider: string;
  name: string;
  /** "" for none. */
  email: string;
  emailVerified: boolean;
  /** What stands beside the name, absent for nothing. */
  role?: string;
  /** Address that a letter of ours proved to be theirs, which then is `email`, too; "" for none. The store fills it in. */
  confirmed?: string;
  createdAt: number;
}

/** A sign-in under way. It moves on by one step at a time, and whoever comes second finds it moved. */
export interface SignIn {
  site: number;
  /** SHA-256 of its token, hex. */
  hash: string;
  step: "started" | "sent" | "asking" | "known" | "confirmed" | "spent" | "failed";
  /** JSON; whoever keeps it knows what it is. */
  held: string;
  expiresAt: number;
}

export interface ReaderSession {
  site: number;
  /** SHA-256 of the token, hex. */
  hash: string;
  account: string;
  createdAt: number;
  expiresAt: number;
}

export interface ReaderPasskey {
  site: number;
  /** base64url credential id. */
  id: string;
  account: string;
  /** base64url COSE key. */
  publicKey: string;
  counter: number;
  transports: string[];
  createdAt: number;
}

export interface ReaderStore {
  /** False when there is one of this hash: then nothing is written. */
  addSignIn(signIn: SignIn): Promise<boolean>;
  signIn(site: number, hash: string): Promise<SignIn | null>;
  /** False when it no longer is at `from`: then nothing is written. */
  moveSignIn(signIn: SignIn, from: SignIn["step"]): Promise<boolean>;
  /** The account of an identity, made where there is none; name, provider and e-mail are those of `account`. `subject` is a digest. */
  keepAccount(account: Account, subject: string): Promise<Account>;
  /** Whose an identity is, null where nobody signed in as it. */
  accountOf(site: number, provider: string, subject: string): Promise<Account | null>;
  /** Whether someone signed in here with this e-mail, which the provider vouched for or a letter of ours proved; compared without case. */
  hasVerifiedEmail(site: number, email: string): Promise<boolean>;
  addReaderSession(session: ReaderSession): Promise<void>;
  readerSession(site: number, hash: string): Promise<{ session: ReaderSession; account: Account } | null>;
  extendReaderSession(site: number, hash: string, expiresAt: number): Promise<void>;
  removeReaderSession(site: number, hash: string): Promise<void>;
  /** False when there is one of this id: then nothing is written. */
  addReaderPasskey(passkey: ReaderPasskey): Promise<boolean>;
  readerPasskey(site: number, id: string): Promise<{ passkey: ReaderPasskey; account: Account } | null>;
  readerPasskeys(site: number, account: string): Promise<ReaderPasskey[]>;
  /** After a sign-in. */
  useReaderPasskey(site: number, id: string, counter: number): Promise<void>;
  /** False when the account has none of this id. */
  removeReaderPasskey(site: number, account: string, id: string): Promise<boolean>;
}
