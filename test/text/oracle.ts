import { expect } from "vitest";
import { ATTRIBUTE, SAFE_HREF, SAFE_SRC, type Tag, TAGS } from "../../server/wire/body.ts";
import { MAX_DEPTH } from "../../server/comments/tree.ts";

/** S-01: holds only allowed elements, attributes of the right type, and addresses of allowed schemes, and is no deeper than it may be. */
export function expectSafeTree(body: unknown, context: string): void {
  if (!Array.isArray(body)) throw new Error(`${context}: a body is an array`);
  for (const node of body) expectSafeNode(node, 0, context);
}

const VALUE: Partial<Record<Tag, (value: unknown) => boolean>> = {
  a: (href) => typeof href === "string" && SAFE_HREF.test(href) && new URL(href).href === href,
  img: (src) => typeof src === "string" && SAFE_SRC.test(src) && new URL(src).href === src,
  ol: (start) => Number.isSafeInteger(start) && (start as number) >= 0,
  pre: (language) => typeof language === "string" && /^[a-z0-9+#._-]{0,30}$/.test(language),
  span: (scope) => typeof scope === "string" && /^[a-z]+(?:[-_][a-z]+)*$/.test(scope),
  th: (align) => ["", "left", "center", "right"].includes(align as string),
  td: (align) => ["", "left", "center", "right"].includes(align as string),
};

function expectSafeNode(node: unknown, depth: number, context: string): void {
  if (typeof node === "string") {
    if (node === "") expect.fail(`${context}: an empty text`);
    return;
  }
  if (!Array.isArray(node)) return expect.fail(`${context}: neither text nor element: ${JSON.stringify(node)}`);
  const tag = TAGS[node[0] as number];
  if (tag === undefined) return expect.fail(`${context}: no such element: ${JSON.stringify(node[0])}`);
  if (depth >= MAX_DEPTH) expect.fail(`${context}: too deep`);
  if (ATTRIBUTE.has(tag) && !VALUE[tag]!(node[1])) expect.fail(`${context}: ${tag} with ${JSON.stringify(node[1])}`);
  const children = node.slice(ATTRIBUTE.has(tag) ? 2 : 1) as unknown[];
  for (const [index, child] of children.entries()) {
    if (typeof child === "string" && typeof children[index - 1] === "string") expect.fail(`${context}: two texts side by side`);
    expectSafeNode(child, depth + 1, context);
  }
}

/** Every text of the corpora that was made to break sanitisers. */
export function hostileTexts(read: { json(name: string): unknown; text(name: string): string }): string[] {
  const json = (name: string) => strings(read.json(`xss/${name}`));
  const lines = (name: string) => read.text(`xss/${name}`).split("\n");
  return [
    ...["bleach-tests.json", "dompurify-expect.json", "html5sec-items.json", "js-xss-inputs.json", "owasp-filter-evasion.json"].flatMap(
      json,
    ),
    ...json("sanitize-html-inputs.json"),
    // Nearly JSON: its objects hold stray commas.
    ...Array.from(
      read.text("xss/html5lib-sanitizer-tests1.dat").matchAll(/": ("(?:[^"\\]|\\.)*")/g),
      ([, text]) => JSON.parse(text!) as string,
    ),
    ...["html5sec-vectors.txt", "markdown-xss-payloads.txt"].flatMap(lines),
  ].filter((text) => text !== "");
}

/** All strings of a JSON value, wherever they stand in it. */
export function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(strings) : [];
}
