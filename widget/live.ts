import type { Thread } from "#wire/comment";
import type { LiveEvent } from "#wire/live";
import type { Ground } from "./app.tsx";
import { follow } from "./follow.ts";
import type { Opened } from "./news.ts";

interface Needs extends Ground, Opened {
  first: Thread;
}

/** Keeps a thread up to date from its first answer on, while its place is seen. Returns how to stop. */
export function openLive(needs: Needs): () => void {
  const { host, base, first, report } = needs;
  let news: Promise<(event: LiveEvent) => void> | undefined;
  const hear = (event: LiveEvent) => {
    // On most pages nothing happens while one reads.
    news ??= import("./news.ts").then(({ openNews }) => openNews(needs));
    news.then((hear) => hear(event)).catch(report);
  };
  const { url, version } = first.page;
  return follow({ host, address: `${base}/api/v1/live`, url, version, hear, report });
}
