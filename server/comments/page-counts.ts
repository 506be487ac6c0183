import { Recent } from "../recent.ts";
import type { Store } from "../store/store.ts";

/** How many approved comments pages have, remembered until a page changes: a listing is asked about far more often. */
export interface PageCounts {
  /** By key; a key of no page counts 0. */
  of(site: number, keys: ReadonlySet<string>): Promise<Map<string, number>>;
}

/** Some 150 bytes each. */
const REMEMBERED = 20_000;

export function pageCounts({ counts: read, onChange }: Pick<Store, "counts" | "onChange">): PageCounts {
  let known = new Recent<number>(REMEMBERED);
  /** Reads under way, each with what changed since it began: that it may have seen as it was before. */
  const underWay = new Set<Set<string>>();
  const idOf = (site: number, key: string) => `${site} ${key}`;
  onChange((change) => {
    if (change === "all") {
      known = new Recent(REMEMBERED);
      return underWay.clear();
    }
    const id = idOf(change.site, change.key);
    known.delete(id);
    for (const changed of underWay) changed.add(id);
  });

  return {
    async of(site, keys) {
      const found = new Map<string, number>();
      const unknown = [...keys].filter((key) => {
        const count = known.get(idOf(site, key));
        if (count !== undefined) found.set(key, count);
        return count === undefined;
      });
      if (unknown.length === 0) return found;
      const changed = new Set<string>();
      underWay.add(changed);
      try {
        const counts = await read(site, unknown);
        for (const key of unknown) {
          const [id, count] = [idOf(site, key), counts.get(key) ?? 0];
          if (underWay.has(changed) && !changed.has(id)) known.set(id, count);
          found.set(key, count);
        }
      } finally {
        underWay.delete(changed);
      }
      return found;
    },
  };
}
