import { type DefaultTreeAdapterTypes, parseFragment } from "parse5";
import { parseAddress } from "../../server/comments/parse-address.ts";
import { ATTRIBUTE, type Tag, TAGS } from "../../server/wire/body.ts";

type Node = DefaultTreeAdapterTypes.ChildNode;
/** An element is its name, its attribute or "", and its children. */
export interface TreeElement extends Array<string | TreeElement> {}
export type Tree = (string | TreeElement)[];

const INLINE = new Set(["p", "h1", "h2", "h3", "h4", "h5", "h6", "em", "strong", "del", "a", "code", "pre"]);
const BLOCK = new Set("p pre blockquote ul ol li h1 h2 h3 h4 h5 h6 hr table thead tbody tr th td".split(" "));

/** The HTML that a specification expects, in the form that normal() gives to a body. White space between blocks goes. */
export function treeOfHtml(html: string): Tree {
  return children(parseFragment(html).childNodes, "root");
}

function children(nodes: readonly Node[], parent: string): Tree {
  const tree: Tree = [];
  for (const [index, node] of nodes.entries()) {
    if ("value" in node) {
      let text = node.value;
      const before = nodes[index - 1]?.nodeName ?? "";
      if (before === "br") text = text.replace(/^\n/, "");
      if (!INLINE.has(parent)) {
        if (before === "" || BLOCK.has(before)) text = text.replace(/^\s+/, "");
        const after = nodes[index + 1]?.nodeName ?? "";
        if (after === "" || BLOCK.has(after)) text = text.replace(/\s+$/, "");
      }
      if (text !== "") tree.push(text);
    } else if ("attrs" in node) tree.push(element(node));
    else tree.push(["#other", ""]);
  }
  return tree;
}

function element(node: DefaultTreeAdapterTypes.Element): Tree[number] {
  const attribute = (name: string) => node.attrs.find((attr) => attr.name === name)?.value ?? "";
  const name = node.nodeName === "s" ? "del" : node.nodeName;
  if (name === "pre") {
    const code = node.childNodes[0] as DefaultTreeAdapterTypes.Element | undefined;
    const language = code && "attrs" in code ? (code.attrs.find((attr) => attr.name === "class")?.value ?? "") : "";
    return [
      "pre",
      language.replace(/^language-/, "").toLowerCase(),
      ...children(code && "childNodes" in code ? code.childNodes : [], "pre"),
    ];
  }
  if (name === "img") return ["img", address(attribute("src")), ...(attribute("alt") === "" ? [] : [attribute("alt")])];
  const value: Record<string, string> = {
    a: address(attribute("href")),
    ol: attribute("start") || "1",
    th: attribute("align"),
    td: attribute("align"),
  };
  return [name, value[name] ?? "", ...children(node.childNodes, name)];
}

/** As WHATWG URL writes it; how addresses are escaped is not what these tests are about. */
function address(text: string): string {
  return parseAddress(text)?.href ?? text;
}

/** A body in the same form: spans of highlighted code are only their text. */
export function normal(nodes: readonly unknown[]): Tree {
  const tree: Tree = [];
  for (const node of nodes) {
    const given: Tree = typeof node === "string" ? [node] : normalElement(node as readonly (string | number)[]);
    for (const child of given) {
      if (typeof child === "string" && typeof tree.at(-1) === "string") tree[tree.length - 1] = `${tree.at(-1) as string}${child}`;
      else tree.push(child);
    }
  }
  return tree;
}

function normalElement(node: readonly unknown[]): Tree {
  const name = TAGS[node[0] as number] as Tag;
  const hasAttribute = ATTRIBUTE.has(name);
  const inner = normal(node.slice(hasAttribute ? 2 : 1));
  return name === "span" ? inner : [[name, hasAttribute ? String(node[1]) : "", ...inner]];
}

/** Line ends inside of phrases as line breaks, which is how comments keep them. */
export function withBreaks(tree: Tree, parent = "p"): Tree {
  return tree.flatMap((node): Tree => {
    if (typeof node !== "string") {
      const [name, attribute, ...inner] = node as [string, string, ...Tree];
      return [[name, attribute, ...withBreaks(inner, name)]];
    }
    if (parent === "pre" || parent === "code" || parent === "img") return [node];
    return node
      .split("\n")
      .flatMap((line, index): Tree => [index > 0 ? ["br", ""] : "", line])
      .filter((part) => part !== "");
  });
}
