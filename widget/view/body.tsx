import { h, type ComponentChild, type VNode } from "preact";
import { ATTRIBUTE, SAFE_HREF, SAFE_SRC, TAGS } from "#wire/body";

/** Deeper nodes are not drawn: no comment needs them, and a lying server could fill the stack. */
const DEEPEST = 60;

/** Relations of every link that a reader wrote. */
export const REL = "nofollow ugc noopener";

/** A body's tree as nodes. Every type and every link is checked again: what arrives is data, not markup. */
export function Body({ nodes }: { nodes: readonly unknown[] }): VNode {
  return <>{drawAll(nodes, 0)}</>;
}

const drawAll = (nodes: readonly unknown[], depth: number): ComponentChild[] => nodes.map((node) => draw(node, depth));

function draw(node: unknown, depth: number): ComponentChild {
  if (typeof node === "string") return node;
  const tag = Array.isArray(node) && TAGS[node[0]];
  if (!tag || depth > DEEPEST) return null;
  const has = ATTRIBUTE.has(tag);
  const value: unknown = has ? node[1] : undefined;
  const attribute = typeof value === "string" ? value : "";
  const children = drawAll(node.slice(has ? 2 : 1), depth + 1);
  switch (tag) {
    case "a":
      return SAFE_HREF.test(attribute) ? (
        <a href={attribute} rel={REL}>
          {children}
        </a>
      ) : (
        <>{children}</>
      );
    case "img":
      return SAFE_SRC.test(attribute) ? <img src={attribute} alt={typeof node[2] === "string" ? node[2] : ""} loading="lazy" /> : null;
    // Code and tables that are wider than the page scroll on their own, by keyboard too.
    case "pre":
      return (
        <pre tabIndex={0}>
          <code>{children}</code>
        </pre>
      );
    case "table":
      return (
        <div class="wide" tabIndex={0}>
          <table>{children}</table>
        </div>
      );
    case "ol":
      return <ol start={typeof value === "number" ? value : +attribute || 1}>{children}</ol>;
    case "th":
    case "td":
      return h(tag, { class: /^(?:left|center|right)$/.test(attribute) ? `to-${attribute}` : undefined }, children);
    case "span":
      return <span class={`hl-${attribute.replace(/\W.*/s, "")}`}>{children}</span>;
    case "br":
    case "hr":
      return h(tag, null);
    default:
      // A heading inside a comment is no part of the page's outline.
      return /^h\d/.test(tag) ? <p class="heading">{children}</p> : h(tag, null, children);
  }
}
