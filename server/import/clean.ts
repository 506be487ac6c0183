import { type Fields, readFields } from "../comments/fields.ts";
import { renderHtml } from "../comments/foreign-html.ts";
import { RENDER_VERSION, renderMarkdown } from "../comments/markdown.ts";
import { Refusal } from "../refusal.ts";
import type { NewRow } from "../store/records.ts";
import { textOf } from "../wire/body.ts";
import { LIMITS } from "../wire/limits.ts";
import type { ForeignComment } from "./importer.ts";

export type Emptied = "name" | "email" | "website";

/**
 * The fields of an imported comment, through the same checks as any other. What they refuse of a name, an e-mail or a
 * website is left empty and told to `onEmptied`: history is not turned away for it.
 */
export function cleanFields(comment: ForeignComment, onEmptied: (field: Emptied) => void): Omit<Fields, "body"> {
  const website = plain(comment.website).trim();
  const given: Fields = {
    name: shorten(plain(comment.name)),
    email: comment.email,
    website: website === "http://" || website === "https://" ? "" : website,
    body: "-",
    title: plain(comment.page.title),
  };
  for (const field of refusedFields(given)) {
    given[field] = "";
    onEmptied(field);
  }
  const { name, email, website: checked, title } = readFields(given, { details: "optional" });
  return { name, email, website: checked, title };
}

/** The text of an imported comment, drawn like any other; it alone may be longer than a reader's. */
export function cleanBody(comment: ForeignComment, images: boolean): Pick<NewRow, "source" | "format" | "body" | "renderVersion"> {
  const source = comment.source.replaceAll("\r\n", "\n");
  const render = comment.format === "html" ? renderHtml : renderMarkdown;
  return { source, format: comment.format, body: render(source, { images }), renderVersion: RENDER_VERSION };
}

function refusedFields(given: Fields): Emptied[] {
  try {
    readFields(given, { details: "optional" });
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return Object.keys(error.details.fields ?? {}) as Emptied[];
  }
}

/** Other systems keep names and titles as HTML: `Tom &amp; Ann`. */
function plain(html: string): string {
  return /[<&]/.test(html) ? textOf(renderHtml(html, { images: false })).trim() : html;
}

/** A pingback's name is another site's title, of any length; no one is there to be asked for a shorter one. */
function shorten(name: string): string {
  const letters = [...name];
  return letters.length > LIMITS.name ? `${letters.slice(0, LIMITS.name - 1).join("")}…` : name;
}
