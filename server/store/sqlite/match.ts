import type { SearchQuery } from "../dialect.ts";

/** An FTS5 query in which nothing a person wrote is syntax; null where no letter or digit is left to look for. */
export function matchOf({ text, status, site, page }: SearchQuery): string | null {
  const words = text
    .split(/\s+/)
    .map((word) => word.replace(/["\0]/g, ""))
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  if (words.length === 0) return null;
  const facets = [status === undefined ? "isopen" : `is${status}`];
  if (site !== undefined) facets.push(page === undefined ? `site${site}` : `page${site}x${page}`);
  // The star makes the last word a beginning.
  return `{source name email} : (${words.map((word) => `"${word}"`).join(" AND ")}*) AND facet : (${facets.join(" AND ")})`;
}
