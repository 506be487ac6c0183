import { afterEach, beforeEach } from "vitest";
import type { Page, ThreadQuery } from "../../server/store/records.ts";
import type { Store } from "../../server/store/store.ts";
import type { Engine } from "./engines.ts";
import { newLog, newSite, PAGE } from "./rows.ts";

/** A fresh store with one site, before each test. */
export interface Subject {
  readonly store: Store;
  /** The store's clock, in milliseconds; set it to move it. */
  now: number;
  /** The page that the tests write on. */
  page(): Promise<Page>;
  /** Ids of its thread as a reader gets them. */
  tree(query?: Partial<ThreadQuery>): Promise<string[]>;
}

export function subject(engine: Engine): Subject {
  let store: Store;
  let drop: () => Promise<void>;
  const it = {
    get store() {
      return store;
    },
    now: 0,
    page: async () => (await store.page(1, PAGE))!,
    tree: async (query: Partial<ThreadQuery> = {}) =>
      (await store.threads({ site: 1, page: 1, sort: "oldest", threads: 50, comments: 200, ...query })).rows.map((row) => row.id),
  };
  beforeEach(async () => {
    it.now = 1_700_000_000_000;
    ({ store, drop } = await engine.make(() => it.now));
    await store.addSite(newSite(), newLog("site"));
  });
  afterEach(() => drop());
  return it;
}
