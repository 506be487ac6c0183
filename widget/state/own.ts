import { keep, recall } from "../storage.ts";

/** The reader's hold on a comment of their own. */
export interface Hold {
  token: string;
  /** Milliseconds since 1970 until which it may be edited. */
  until: number;
}

export interface OwnModel {
  holds: ReadonlyMap<string, Hold>;
  add: (id: string, hold: Hold) => void;
  forget: (id: string) => void;
}

/** So many own comments of a page are remembered. */
const MOST = 20;

/** The reader's own comments on a page, by the edit tokens that this browser keeps. */
export function createOwn(url: string): OwnModel {
  const key = `own:${url}`;
  const set = (id: string, hold?: Hold) => {
    const others = [...own.holds].filter(([other]) => other !== id);
    own.holds = new Map((hold ? [...others, [id, hold] as const] : others).slice(-MOST));
    keep(key, own.holds.size > 0 ? Object.fromEntries(own.holds) : null);
  };
  const own: OwnModel = {
    holds: new Map(
      Object.entries(recall(key)).flatMap(([id, value]) => {
        const { token, until } = (value ?? {}) as Partial<Hold>;
        return typeof token === "string" && typeof until === "number" ? [[id, { token, until }]] : [];
      }),
    ),
    add: set,
    forget: (id) => set(id),
  };
  return own;
}
