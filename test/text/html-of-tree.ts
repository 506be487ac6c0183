import { ATTRIBUTE, type Tag, TAGS } from "../../server/wire/body.ts";

const NAME: Partial<Record<Tag, string>> = { a: "href", ol: "start", th: "align", td: "align", img: "src" };

/** A body as HTML, for tests alone: what is drawn never comes from HTML. */
export function htmlOf(nodes: readonly unknown[]): string {
  return nodes.map((node) => (typeof node === "string" ? escape(node) : element(node as unknown[]))).join("");
}

function element(node: readonly unknown[]): string {
  const tag = TAGS[node[0] as number]!;
  const children = node.slice(ATTRIBUTE.has(tag) ? 2 : 1);
  if (tag === "br" || tag === "hr") return `<${tag}>`;
  if (tag === "img") return `<img src="${escape(String(node[1]))}" alt="${escape(String(children[0] ?? ""))}">`;
  const name = NAME[tag];
  return `<${tag}${name ? ` ${name}="${escape(String(node[1]))}"` : ""}>${tag === "pre" ? "\n" : ""}${htmlOf(children)}</${tag}>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
