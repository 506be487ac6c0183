import { renderToString } from "preact-render-to-string";
import { Thread as ThreadView } from "../../widget/view/thread.tsx";
import type { Language } from "../locale/format.ts";
import { textOf } from "../wire/body.ts";
import type { Comment, Thread } from "../wire/comment.ts";
import { readingOf } from "./reading.tsx";
import { textsOf } from "./texts.ts";

/** The list alone, to be put into a page by a static build: the same markup, and what search engines read (schema.org/Comment). */
export function renderFragment(thread: Thread, lang: Language, now: number, base: string): string {
  const reading = { ...readingOf({ thread, lang, texts: textsOf(lang), now, headingLevel: 2 }), base };
  const data = {
    "@context": "https://schema.org",
    "@graph": thread.comments.filter(({ removed }) => !removed).map((comment) => describe(thread, comment)),
  };
  return `${renderToString(<ThreadView reading={reading} />)}\n<script type="application/ld+json">${inScript(data)}</script>\n`;
}

function describe({ page }: Thread, comment: Comment): object {
  const idOf = (id: string) => `${page.url}#comment-${id}`;
  return {
    "@type": "Comment",
    "@id": idOf(comment.id),
    url: idOf(comment.id),
    ...(comment.parent && { parentItem: { "@id": idOf(comment.parent) } }),
    about: { "@id": page.url },
    author: { "@type": "Person", name: comment.name, ...(comment.website && { url: comment.website }) },
    dateCreated: comment.createdAt,
    ...(comment.editedAt && { dateModified: comment.editedAt }),
    text: textOf(comment.body).trim(),
  };
}

/** JSON inside a script element: no character that could end it (HTML 4.12.1.3). */
const inScript = (data: object) =>
  JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
