import type { Token } from "markdown-it";
import type { Body, Tag } from "../wire/body.ts";
import { highlight, HIGHLIGHT_BUDGET } from "./highlight.ts";
import { realHost, safeHref, safeSrc } from "./links.ts";
import { parser } from "./markdown-parser.ts";
import { capMarks, TreeBuilder } from "./tree.ts";

/** Raised when the same source would give another tree; stored trees of an older version are rendered again. */
export const RENDER_VERSION = 1;

export interface RenderOptions {
  /** Draw pictures (https only); else they become links. */
  images: boolean;
}

/**
 * CommonMark with tables, strikethrough, autolinks and line breaks kept; no HTML. Takes any string and never throws;
 * what it returns holds only the tags of TAGS, and addresses that safeHref let through.
 */
export function renderMarkdown(source: string, options: RenderOptions): Body {
  const tree = new TreeBuilder();
  const drawing: Drawing = { tree, images: options.images, links: [], budget: HIGHLIGHT_BUDGET };
  for (const token of parser().parse(capMarks(source), {})) draw(token, drawing);
  return tree.done();
}

interface Drawing {
  tree: TreeBuilder;
  images: boolean;
  /** What is left of HIGHLIGHT_BUDGET. */
  budget: number;
  /** Links that are open, innermost last: where each leads, and what it says so far. */
  links: { href: string | null; text: string }[];
}

const TAG_OF: Record<string, Tag> = {
  paragraph: "p",
  em: "em",
  strong: "strong",
  s: "del",
  blockquote: "blockquote",
  bullet_list: "ul",
  list_item: "li",
  table: "table",
  thead: "thead",
  tbody: "tbody",
  tr: "tr",
};

function draw(token: Token, drawing: Drawing): void {
  const leaf = LEAVES[token.type];
  if (leaf) leaf(token, drawing);
  // A paragraph of a tight list has no element of its own.
  else if (token.hidden) return;
  else if (token.nesting === 1) open(token, drawing);
  else if (token.nesting === -1) close(token, drawing);
  else throw new Error(`The parser gave a token that nothing draws: ${token.type}`);
}

function open(token: Token, { tree, links }: Drawing): void {
  const type = token.type.slice(0, -"_open".length);
  if (type === "heading") tree.open(token.tag as Tag);
  else if (type === "ordered_list") tree.open("ol", Number(token.attrGet("start") ?? 1));
  else if (type === "th" || type === "td") tree.open(type, /left|center|right/.exec(attribute(token, "style"))?.[0] ?? "");
  else if (type === "link") {
    // markdown-it asks no one about `[text]()`: its text stays.
    const href = safeHref(attribute(token, "href"));
    links.push({ href, text: "" });
    if (href !== null) tree.open("a", href);
  } else tree.open(TAG_OF[type]!);
}

function attribute(token: Token, name: string): string {
  return String(token.attrGet(name) ?? "");
}

function close(token: Token, { tree, links }: Drawing): void {
  if (token.type !== "link_close") return tree.close();
  const { href, text } = links.pop()!;
  if (href === null) return;
  tree.close();
  const host = realHost(href, text);
  if (host !== null) tree.text(` (${host})`);
}

const LEAVES: Record<string, (token: Token, drawing: Drawing) => void> = {
  inline: (token, drawing) => token.children!.forEach((child) => draw(child, drawing)),
  text: (token, drawing) => say(token.content, drawing),
  text_special: (token, drawing) => say(token.content, drawing),
  softbreak: lineBreak,
  hardbreak: lineBreak,
  code_inline: (token, drawing) => {
    drawing.tree.open("code");
    say(token.content, drawing);
    drawing.tree.close();
  },
  code_block: (token, { tree }) => {
    tree.open("pre", "");
    tree.text(token.content);
    tree.close();
  },
  fence: (token, drawing) => {
    const language = /^[a-z0-9+#._-]{1,30}(?=\s|$)/i.exec(token.info.trim())?.[0].toLowerCase() ?? "";
    drawing.tree.open("pre", language);
    drawing.budget = highlight(token.content, language, drawing);
    drawing.tree.close();
  },
  hr: (_, { tree }) => {
    tree.open("hr");
    tree.close();
  },
  image: drawImage,
};

function say(text: string, { tree, links }: Drawing): void {
  tree.text(text);
  for (const link of links) link.text += text;
}

function lineBreak(_: Token, { tree, links }: Drawing): void {
  tree.open("br");
  tree.close();
  for (const link of links) link.text += "\n";
}

/** Not drawn, a picture becomes a link to itself; inside a link, which can hold no other, its description alone. */
function drawImage(token: Token, drawing: Drawing): void {
  const { tree, images, links } = drawing;
  const alt = wordsOf(token.children ?? []);
  const address = attribute(token, "src");
  const src = images ? safeSrc(address) : null;
  const href = safeHref(address);
  if (src !== null) {
    tree.open("img", src);
    tree.text(alt);
    tree.close();
  } else if (links.length > 0 || href === null) say(alt, drawing);
  else {
    tree.open("a", href);
    tree.text(alt || href);
    tree.close();
    const host = realHost(href, alt);
    if (host !== null) tree.text(` (${host})`);
  }
}

function wordsOf(tokens: readonly Token[]): string {
  return tokens.map((token) => (token.type.endsWith("break") ? "\n" : token.children ? wordsOf(token.children) : token.content)).join("");
}
