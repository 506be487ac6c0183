import { type Body, type BodyNode, TAGS } from "../wire/body.ts";

const P = TAGS.indexOf("p");
const BR = TAGS.indexOf("br");

/** What plain text looks like: paragraphs parted by empty lines, line breaks kept. Most comments are no more than this, and their tree is not stored. */
export function plainBody(source: string): Body {
  const body: BodyNode[] = [];
  for (const paragraph of source.split(/\n[ \t]*(?:\n[ \t]*)+/)) {
    const text = paragraph.trim();
    if (text === "") continue;
    const nodes: (string | number | [number])[] = [P];
    for (const [i, line] of text.split("\n").entries()) {
      if (i > 0) nodes.push([BR]);
      nodes.push(line.trim());
    }
    body.push(nodes as unknown as BodyNode);
  }
  return body;
}
