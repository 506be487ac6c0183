import { type Signal, signal } from "@preact/signals-core";
import { keep, recall } from "../storage.ts";

/** The reader's hold on a comment of their own. */
export interface Hold {
  token: string;
  /** Milliseconds since 1970 until which it may be edited. */
  until: number;
}

export interface OwnModel {
  holds: Signal<ReadonlyMap<string, Hold>>;
  add: (id: string, hold: Hold) => void;
  forget: (id: string) => void;
}

/** So many own comments of a page are remembered. */
const MOST = 20;

/** The reader's own comments on a page, by the edit tokens that this browser keeps. */
export function createOwn(url: string): OwnModel {
  const key = `own:${url}`;
  const holds = signal<ReadonlyMap<string, Hold>>(
    new Map(
      Object.entries(recall(key)).flatMap(([id, value]) => {
        const { token, until } = (value ?? {}) as Partial<Hold>;
        return typeof token === "string" && typeof until === "number" ? [[id, { token, until }]] : [];
      }),
    ),
  );
  const set = (entries: [string, Hold][]) => {
    holds.value = new Map(entries.slice(-MOST));
    keep(key, entries.length === 0 ? null : Object.fromEntries(holds.value));
  };
  return {
    holds,
    add: (id, hold) => set([...[...holds.value].filter(([other]) => other !== id), [id, hold]]),
    forget: (id) => set([...holds.value].filter(([other]) => other !== id)),
  };
}
