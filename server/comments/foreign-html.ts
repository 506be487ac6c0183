import type sanitizeHtml from "sanitize-html";
import type { Body } from "../wire/body.ts";
import { drawForeign, type ForeignNode } from "./foreign-draw.ts";
import { later } from "./load-later.ts";
import type { RenderOptions } from "./markdown.ts";
import { capMarks } from "./tree.ts";

/**
 * HTML that another system stored (WordPress, Disqus), as the same tree that Markdown gives: sanitised by the same
 * allow-list, then read piece by piece, so that what a sanitiser might let through could still only become text.
 * As WordPress draws it: an empty line parts paragraphs, a line break is kept, bare addresses become links.
 * Takes any string and never throws.
 */
export function renderHtml(html: string, options: RenderOptions): Body {
  return drawForeign(parseSafe(sanitiser()(capMarks(html.replace(/\r\n?/g, "\n")), RULES)), options);
}

const sanitiser = later((require) => require("sanitize-html") as typeof sanitizeHtml);

const RULES: sanitizeHtml.IOptions = {
  allowedTags: "p br em strong del code a pre blockquote ul ol li hr img div h1 h2 h3 h4 h5 h6 table thead tbody tr th td".split(" "),
  allowedAttributes: { a: ["href"], img: ["src", "alt"], ol: ["start"], th: ["align"], td: ["align"] },
  allowedSchemes: ["http", "https", "mailto"],
  allowProtocolRelative: false,
  nonTextTags: ["script", "style", "textarea", "option", "noscript", "iframe", "xmp", "template", "title", "svg", "math"],
  transformTags: { b: "strong", i: "em", s: "del", strike: "del", tt: "code", kbd: "code", samp: "code", section: "div", article: "div" },
  // Elements deeper than this go, and their text stays; what draws the rest calls itself once a level.
  nestingLimit: 60,
};

/** The sanitiser writes lower-case names and double quotes, and escapes the rest. */
const PIECE = /<(\/?)([a-z][a-z0-9]*)((?: [a-z]+="[^"<>]*")*) ?\/?>|[^<]+|</g;
const ATTRIBUTE = / ([a-z]+)="([^"]*)"/g;
const EMPTY = new Set(["br", "hr", "img"]);

function parseSafe(safe: string): (ForeignNode | string)[] {
  const root: ForeignNode = { name: "div", attributes: new Map(), children: [] };
  const open = [root];
  for (const [piece, slash, name, attributes] of safe.matchAll(PIECE)) {
    if (name === undefined) open.at(-1)!.children.push(unescapeText(piece));
    else if (slash === "/") {
      const at = open.findLastIndex((node) => node.name === name);
      if (at > 0) open.length = at;
    } else {
      const read = Array.from(attributes!.matchAll(ATTRIBUTE), (m) => [m[1]!, unescapeText(m[2]!)] as const);
      const node: ForeignNode = { name, attributes: new Map(read), children: [] };
      open.at(-1)!.children.push(node);
      if (!EMPTY.has(name)) open.push(node);
    }
  }
  return root.children;
}

/** Each once, the ampersand last: `&amp;lt;` is the text `&lt;`. */
function unescapeText(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}
