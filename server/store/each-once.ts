import type { StoreChange } from "./records.ts";

/** What several writes changed, each page once. */
export function eachOnce(changes: readonly StoreChange[]): readonly StoreChange[] {
  if (changes.length < 2) return changes;
  if (changes.includes("all")) return ["all"];
  const known = new Map<string, StoreChange>();
  for (const change of changes) if (change !== "all") known.set(`${change.site} ${change.key}`, change);
  return [...known.values()];
}
