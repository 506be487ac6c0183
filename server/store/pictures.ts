/** Copies of the pictures of those who comment. Every verb is atomic, as in store.ts. */
export interface Picture {
  site: number;
  /** Of an account its id, else of whom by `mail:` and a keyed hash of the e-mail. */
  whose: string;
  /** Of the bytes, hex; "" where it is known that there is none. */
  digest: string;
  type: string;
  bytes: Buffer;
  /** Until when it is good; what is none any more is swept. */
  expiresAt: number;
}

export interface PictureStore {
  /** In the place of the former one. Where that was another, `pages` are told to be drawn anew: by their keys, or the account's own. */
  keepPicture(picture: Picture, pages: readonly string[] | "own"): Promise<void>;
  /** By whose they are; those unknown are left out. */
  picturesOf(site: number, whose: readonly string[]): Promise<Map<string, Pick<Picture, "digest" | "expiresAt">>>;
  picture(site: number, digest: string): Promise<Pick<Picture, "type" | "bytes"> | null>;
}
