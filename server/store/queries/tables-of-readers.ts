/** Tables of readers who sign in, as tables.ts has the others. */
import type { DbId } from "./tables.ts";

export interface AccountTable {
  site_id: number;
  id: DbId;
  provider: string;
  name: string;
  email: string;
  email_verified: number;
  created_at: number;
  /** "" for none. */
  role: string;
  /** Address that a letter of ours proved, "" for none. */
  confirmed_email: string;
}
export interface IdentityTable {
  site_id: number;
  provider: string;
  /** Digest of issuer and subject. */
  subject: string;
  account_id: DbId;
}
export interface ReaderSessionTable {
  site_id: number;
  hash: string;
  account_id: DbId;
  created_at: number;
  expires_at: number;
}
export interface SignInTable {
  site_id: number;
  hash: string;
  step: string;
  /** JSON. */
  held: string;
  expires_at: number;
}
export interface WayTable {
  site_id: number;
  id: string;
  kind: string;
  label: string;
  issuer: string;
  client: string;
  secret: string;
  is_on: number;
  place: number;
}
export interface ReaderPasskeyTable {
  site_id: number;
  id: string;
  account_id: DbId;
  public_key: string;
  counter: number;
  /** JSON list. */
  transports: string;
  created_at: number;
}
export interface ReaderLinkTable {
  site_id: number;
  hash: string;
  purpose: string;
  account_id: DbId;
  /** "" where no address is concerned. */
  email: string;
  expires_at: number;
}
export interface PictureTable {
  site_id: number;
  /** Of an account its id, else of whom by `mail:` and a keyed hash. */
  whose: string;
  /** Of its bytes; "" where there is none. */
  digest: string;
  type: string;
  expires_at: number;
  bytes: Buffer;
}
