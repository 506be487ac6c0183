import type { h } from "preact";
import type { LiveEvent } from "#wire/live";
import type { Ground } from "./app.tsx";
import type { View } from "./discuss.tsx";
import type { dress } from "./dress.ts";
import type { Drawing } from "./drawing.ts";
import { lands } from "./lands.ts";
import { createNews, type Needs } from "./state/news.ts";
import css from "./style/news.css?inline";

/** What other parts have and this one uses is handed in: imported, it would become a further file. */
export interface Opened extends Omit<Needs, "lands">, Pick<Ground, "root" | "say">, Pick<Drawing, "changed"> {
  /** Where the button goes, and what is said. */
  shown: Pick<View, "news" | "said">;
  /** Does what may fail. */
  attempt: (go: () => Promise<unknown>) => unknown;
  dress: typeof dress;
  h: typeof h;
}

/** An own comment is often told of before its post is answered; so long after, it is at hand. Milliseconds. */
const ANSWER_FIRST = 300;

/** What becomes of the first event and of all that follow. */
export function openNews({ root, say, shown, changed, attempt, dress, h, ...needs }: Opened): (event: LiveEvent) => void {
  const { thread } = needs;
  const atEnd = () => thread.sort === "oldest" || thread.tree.length === 0;
  const news = createNews({ ...needs, lands: ({ parent }) => lands(root, parent, atEnd()) });
  const show = async () => {
    await news.show();
    tell();
  };
  const tell = () => {
    const n = news.count();
    const words = say("news", { n });
    if (n > 0) shown.said = words;
    shown.news = n > 0 && h("button", { type: "button", class: "news", part: "button news", onClick: () => void attempt(show) }, words);
    changed();
  };
  dress(root, css);
  return (event) =>
    void setTimeout(() => {
      news.hear(event);
      tell();
    }, ANSWER_FIRST);
}
