/**
 * A comment's body as it travels: a compact tree of allowed nodes. A string is text; an array is an element, its first
 * item an index into TAGS, then, for the tags in ATTRIBUTE, one attribute value, then the children.
 * `["Hello ", [2, "you"]]` inside tag 0 is `<p>Hello <em>you</em></p>`. Whoever draws it checks every type and every
 * link again: a tree is data, never markup.
 */
export type Body = readonly BodyNode[];
export type BodyNode = string | BodyElement;
export interface BodyElement extends ReadonlyArray<string | number | BodyElement> {
  readonly 0: number;
}

/** The only elements a body can hold. The order is the wire format: append, never reorder. */
export const TAGS = [
  "p",
  "br",
  "em",
  "strong",
  "del",
  "code",
  "a",
  "pre",
  "blockquote",
  "ul",
  "ol",
  "li",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "hr",
  "table",
  "thead",
  "tbody",
  "tr",
  "th",
  "td",
  "img",
  "span",
] as const;
export type Tag = (typeof TAGS)[number];

/**
 * Tags whose second item is an attribute: `a` its href, `pre` the language (or ""), `ol` its start, `th` and `td`
 * their alignment ("", "left", "center", "right"), `img` its src (then its alt as the only child), `span` the kind of
 * a highlighted token (a highlight.js scope such as `keyword`).
 */
export const ATTRIBUTE: ReadonlySet<Tag> = new Set(["a", "pre", "ol", "th", "td", "img", "span"]);

/** Links may lead nowhere else. */
export const SAFE_HREF = /^(?:https?:\/\/|mailto:)[^\s]/i;
export const SAFE_SRC = /^https:\/\/[^\s]/i;

/** The words of a body, for excerpts and letters; blocks and breaks become one newline. */
export function textOf(nodes: readonly unknown[]): string {
  let text = "";
  for (const node of nodes) {
    if (typeof node === "string") text += node;
    else if (Array.isArray(node)) {
      const tag = TAGS[node[0] as number];
      if (tag === undefined) continue;
      text += tag === "br" ? "\n" : textOf(node.slice(ATTRIBUTE.has(tag) ? 2 : 1));
      if (tag === "p" || tag === "pre" || tag === "li" || tag === "tr" || /^h\d/.test(tag)) text += "\n";
    }
  }
  return text;
}
