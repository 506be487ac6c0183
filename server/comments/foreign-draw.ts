import type { Body, Tag } from "../wire/body.ts";
import { Lines } from "./foreign-lines.ts";
import type { RenderOptions } from "./markdown.ts";
import { TreeBuilder } from "./tree.ts";

/** An element of sanitised HTML. */
export interface ForeignNode {
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: (ForeignNode | string)[];
}
type Nodes = readonly (ForeignNode | string)[];

interface Place {
  tree: TreeBuilder;
  options: RenderOptions;
}

/** Draws sanitised HTML as a tree in which every text stands in a paragraph or another block. */
export function drawForeign(nodes: Nodes, options: RenderOptions): Body {
  const tree = new TreeBuilder();
  drawFlow(nodes, { tree, options });
  return tree.done();
}

/** Elements and texts that stand in a row make paragraphs, parted by empty lines and by blocks. */
function drawFlow(nodes: Nodes, place: Place): void {
  let paragraph: (ForeignNode | string)[] = [];
  const end = () => {
    if (wordsOf(paragraph).trim() !== "" || hasPicture(paragraph)) inside("p", paragraph, place);
    paragraph = [];
  };
  for (const node of nodes) {
    if (typeof node === "string") {
      node.split(/\n[^\S\n]*\n\s*/).forEach((part, index) => {
        if (index > 0) end();
        paragraph.push(part);
      });
    } else if (isBlock(node)) {
      end();
      drawBlock(node, place);
    } else paragraph.push(node);
  }
  end();
}

const BLOCKS = new Set("p pre blockquote ul ol li hr table thead tbody tr th td div h1 h2 h3 h4 h5 h6".split(" "));
const isBlock = (node: ForeignNode | string): node is ForeignNode => typeof node === "object" && BLOCKS.has(node.name);

function drawBlock(node: ForeignNode, place: Place): void {
  const { tree } = place;
  if (/^h\d$/.test(node.name)) inside(node.name as Tag, node.children, place);
  else if (node.name === "hr") leaf("hr", tree);
  else if (node.name === "pre") {
    tree.open("pre", "");
    tree.text(wordsOf(node.children).replace(/^\n/, ""));
    tree.close();
  } else if (node.name === "blockquote") {
    tree.open("blockquote");
    drawFlow(node.children, place);
    tree.close();
  } else if (node.name === "ul" || node.name === "ol") drawList(node, place);
  else if (node.name === "table") drawTable(node, place);
  // A paragraph's own text may hold empty lines; a part of a list or table outside one is a paragraph like any other.
  else drawFlow(node.children, place);
}

/** One block of phrases. */
function inside(tag: Tag, nodes: Nodes, { tree, options }: Place): void {
  tree.open(tag);
  new Lines(tree, options).draw(nodes);
  tree.close();
}

function leaf(tag: Tag, tree: TreeBuilder): void {
  tree.open(tag);
  tree.close();
}

function drawList(list: ForeignNode, place: Place): void {
  const start = Number.parseInt(list.attributes.get("start") ?? "1", 10);
  if (list.name === "ol") place.tree.open("ol", Number.isSafeInteger(start) && start >= 0 ? start : 1);
  else place.tree.open("ul");
  for (const child of list.children) {
    if (wordsOf([child]).trim() === "" && !hasPicture([child])) continue;
    const children = typeof child === "object" && child.name === "li" ? child.children : [child];
    if (children.some(isBlock)) {
      place.tree.open("li");
      drawFlow(children, place);
      place.tree.close();
    } else inside("li", children, place);
  }
  place.tree.close();
}

/** Rows alone: text between cells is white space of the source, and what else stands there no browser would leave there. */
function drawTable(table: ForeignNode, place: Place): void {
  const rowsOf = (node: ForeignNode): ForeignNode[] =>
    node.children.flatMap((child) => (typeof child === "string" ? [] : child.name === "tr" ? [child] : isPart(child) ? rowsOf(child) : []));
  const rows = rowsOf(table);
  if (rows.length === 0)
    return drawFlow(
      table.children.filter((child) => !isPart(child)),
      place,
    );
  place.tree.open("table");
  place.tree.open("tbody");
  for (const row of rows) {
    place.tree.open("tr");
    for (const cell of row.children)
      if (typeof cell === "object" && (cell.name === "th" || cell.name === "td")) drawCell(cell, cell.name, place);
    place.tree.close();
  }
  place.tree.close();
  place.tree.close();
}
const isPart = (node: ForeignNode | string) => typeof node === "object" && (node.name === "thead" || node.name === "tbody");

function drawCell(cell: ForeignNode, tag: "th" | "td", place: Place): void {
  place.tree.open(tag, /^(?:left|center|right)$/.exec(cell.attributes.get("align") ?? "")?.[0] ?? "");
  new Lines(place.tree, place.options).draw(cell.children);
  place.tree.close();
}

export function wordsOf(nodes: Nodes): string {
  return nodes.map((node) => (typeof node === "string" ? node : node.name === "br" ? "\n" : wordsOf(node.children))).join("");
}

function hasPicture(nodes: Nodes): boolean {
  return nodes.some((node) => typeof node === "object" && (node.name === "img" || hasPicture(node.children)));
}
