import type { Tag } from "../wire/body.ts";
import type { ForeignNode } from "./foreign-draw.ts";
import { realHost, safeHref, safeSrc } from "./links.ts";
import { parser } from "./markdown-parser.ts";
import type { RenderOptions } from "./markdown.ts";
import type { TreeBuilder } from "./tree.ts";

type Nodes = readonly (ForeignNode | string)[];

/** Draws the phrases of one block. A break waits until something follows it, so that no block begins or ends with one. */
export class Lines {
  private readonly tree: TreeBuilder;
  private readonly options: RenderOptions;
  private breaks = 0;
  private begun = false;
  /** What the open link says so far. */
  private link: { text: string } | null = null;
  private inCode = false;

  constructor(tree: TreeBuilder, options: RenderOptions) {
    this.tree = tree;
    this.options = options;
  }

  draw(nodes: Nodes): void {
    for (const node of nodes) {
      if (typeof node === "string") this.text(node);
      else if (node.name === "br") this.breaks = Math.min(2, this.breaks + 1);
      else if (node.name === "img") this.picture(node);
      else if (node.name === "a") this.anchor(node);
      else if (/^(?:em|strong|del|code)$/.test(node.name)) this.phrase(node, node.name as Tag);
      else this.block(node);
    }
  }

  /** A block where only phrases can stand: its text, on lines of its own. */
  private block(node: ForeignNode): void {
    this.breaks ||= 1;
    this.draw(node.children);
    this.breaks ||= 1;
  }

  private phrase(node: ForeignNode, tag: Tag): void {
    const { inCode } = this;
    this.breakLine();
    this.inCode ||= tag === "code";
    this.tree.open(tag);
    this.draw(node.children);
    this.tree.close();
    this.inCode = inCode;
  }

  private anchor(node: ForeignNode): void {
    const href = safeHref(node.attributes.get("href") ?? "");
    if (href === null || this.link) return this.draw(node.children);
    this.linkTo(href, () => this.draw(node.children));
  }

  private linkTo(href: string, drawText: () => void): void {
    this.breakLine();
    this.link = { text: "" };
    this.tree.open("a", href);
    drawText();
    this.tree.close();
    const host = realHost(href, this.link.text);
    this.link = null;
    if (host !== null) this.tree.text(` (${host})`);
  }

  private picture(node: ForeignNode): void {
    const alt = node.attributes.get("alt") ?? "";
    const address = node.attributes.get("src") ?? "";
    const src = this.options.images ? safeSrc(address) : null;
    const href = safeHref(address);
    if (src !== null) {
      this.breakLine();
      this.tree.open("img", src);
      this.tree.text(alt);
      this.tree.close();
    } else if (this.link || href === null) this.words(alt);
    else this.linkTo(href, () => this.words(alt || href));
  }

  /** Line ends of the source are breaks, unless one was written there already. */
  private text(text: string): void {
    text.split("\n").forEach((line, index) => {
      if (index > 0) this.breaks ||= 1;
      if (line.trim() === "" && (this.breaks > 0 || !this.begun)) return;
      this.linkified(this.breaks > 0 || !this.begun ? line.trimStart() : line);
    });
  }

  private linkified(text: string): void {
    let at = 0;
    for (const match of this.link || this.inCode ? [] : (parser().linkify.match(text) ?? [])) {
      const href = safeHref(match.url);
      if (href === null) continue;
      this.words(text.slice(at, match.index));
      this.linkTo(href, () => this.words(match.text));
      at = match.lastIndex;
    }
    this.words(text.slice(at));
  }

  private words(text: string): void {
    if (text === "") return;
    this.breakLine();
    this.tree.text(text);
    if (this.link) this.link.text += text;
  }

  private breakLine(): void {
    for (; this.begun && this.breaks > 0; this.breaks--) {
      this.tree.open("br");
      this.tree.close();
      if (this.link) this.link.text += "\n";
    }
    this.breaks = 0;
    this.begun = true;
  }
}
