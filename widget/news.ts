import type { LiveEvent } from "#wire/live";
import { lands } from "./lands.ts";
import { createNews, type Needs } from "./state/news.ts";

interface Opened extends Omit<Needs, "lands"> {
  root: ShadowRoot;
  /** So many responses wait, and how to show them. */
  tellNews: (count: number, show: () => Promise<void>) => void;
}

/** An own comment is often told of before its post is answered; so long after, it is at hand. Milliseconds. */
const ANSWER_FIRST = 300;

/**
 * What becomes of the first event and of all that follow. Loaded with the first: on most pages nothing happens while
 * one reads. Imports nothing that other parts have: that would make a further file of it.
 */
export function openNews({ root, tellNews, ...needs }: Opened): (event: LiveEvent) => void {
  const { thread } = needs;
  const atEnd = () => thread.sort === "oldest" || thread.tree.length === 0;
  const news = createNews({ ...needs, lands: ({ parent }) => lands(root, parent, atEnd()) });
  const tell = () =>
    tellNews(news.count(), async () => {
      await news.show();
      tell();
    });
  return (event) =>
    void setTimeout(() => {
      news.hear(event);
      tell();
    }, ANSWER_FIRST);
}
