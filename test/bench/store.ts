/** The store without HTTP: reads that nothing prepared, the moderators' search. */
import type { Store } from "../../server/store/store.ts";
import { LIMITS } from "../../server/wire/limits.ts";
import { keyOf, pageUrl, randomFrom, SITE } from "./fill.ts";
import { median, percentile } from "./statistics.ts";

export interface Times {
  p50: number;
  p99: number;
}

/** The first answer of pages taken at random: milliseconds. */
export async function measurePageReads(store: Store, pages: number, count: number): Promise<Times> {
  const random = randomFrom(7);
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const key = keyOf(pageUrl(Math.floor(random() * pages)));
    const began = performance.now();
    const page = await store.page(SITE, key);
    const slice = await store.threads({ site: SITE, page: page!.id, sort: "oldest", threads: LIMITS.threads, comments: LIMITS.comments });
    times.push(performance.now() - began);
    if (slice.rows.length === 0) throw new Error(`${key} is empty`);
  }
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

/** What an owner may look for: rare and frequent words, several, a name, an address. */
const SEARCHES = ["youfigure", "sentence", "the", "the and", "people water thing", "Hana 1234", "reader777@mail.example", "w"];

/** Each question three times, in milliseconds. */
export async function measureSearch(store: Store): Promise<{ median: number; worst: number }> {
  const times: number[] = [];
  for (const search of SEARCHES) {
    for (const sort of ["newest", "oldest", "newest"] as const) {
      const began = performance.now();
      await store.queue({ search, sort, limit: LIMITS.queue });
      times.push(performance.now() - began);
    }
  }
  return { median: median(times), worst: Math.max(...times) };
}
