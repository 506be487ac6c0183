/** How many of each there are at the moment. Of whom there are none, nothing is remembered. */
export interface HeadCount {
  of(key: string): number;
  add(key: string): void;
  remove(key: string): void;
  /** All together. */
  total(): number;
  /** Different keys. */
  kinds(): number;
}

export function headCount(): HeadCount {
  const counts = new Map<string, number>();
  let total = 0;
  const of = (key: string) => counts.get(key) ?? 0;
  return {
    of,
    add(key) {
      counts.set(key, of(key) + 1);
      total++;
    },
    remove(key) {
      if (of(key) > 1) counts.set(key, of(key) - 1);
      else counts.delete(key);
      total--;
    },
    total: () => total,
    kinds: () => counts.size,
  };
}
