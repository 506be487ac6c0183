/** Tables of letters and of those who asked for them, as tables.ts has the others. */
import type { DbId } from "./tables.ts";

export interface LetterTable {
  /** 0 where no site is concerned. */
  site_id: number;
  key: string;
  kind: string;
  address: string;
  lang: string;
  /** JSON. */
  about: string;
  state: string;
  attempts: number;
  error: string;
  created_at: number;
  due_at: number;
  expires_at: number;
}
export interface LetterLeaseTable {
  site_id: number;
  holder: string;
  until: number;
}
export interface FollowerTable {
  site_id: number;
  id: string;
  email: string;
  lower_email: string;
  lang: string;
  created_at: number;
}
export interface FollowTable {
  site_id: number;
  page_id: number;
  follower_id: string;
  often: string;
  confirmed: number;
  created_at: number;
}
export interface DigestLineTable {
  site_id: number;
  follower_id: string;
  comment_id: DbId;
}
