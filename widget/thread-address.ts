import type { Sort } from "#wire/comment";

export interface ThreadQuery {
  url: string;
  sort?: Sort | "";
  after?: string | undefined;
  parent?: string;
  around?: string;
}

/** Address of an answer of the thread. A page's preload line names the first one: `url` alone, or `url` and `sort`. */
export function threadAddress(base: string, { url, ...more }: ThreadQuery): string {
  let address = `${base}/api/v1/thread?url=${encodeURIComponent(url)}`;
  for (const [name, value] of Object.entries(more)) if (value) address += `&${name}=${value}`;
  return address;
}
