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

/** Whether the tree is what its source looks like anyway. */
export const isPlainBody = (body: Body, source: string): boolean => sameTree(body, plainBody(source));

function sameTree(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const [one, other] = [a[i], b[i]];
    if (one !== other && !(Array.isArray(one) && Array.isArray(other) && sameTree(one, other))) return false;
  }
  return true;
}
