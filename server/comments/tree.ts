import { type Body, type BodyElement, type BodyNode, type Tag, TAGS } from "../wire/body.ts";

/** Deeper elements are left out and their text stays: whoever draws a tree calls itself once a level. */
export const MAX_DEPTH = 40;

type Children = (string | number | BodyElement)[];
/** An element being filled: its text begins after the tag and its attribute. */
interface Open {
  children: Children;
  start: number;
  left: boolean;
}

/** Builds a body from the events of a parser. Texts that meet become one. */
export class TreeBuilder {
  private readonly root: Children = [];
  private readonly stack: Open[] = [{ children: this.root, start: 0, left: false }];
  private depth = 0;

  open(tag: Tag, attribute?: string | number): void {
    if (this.depth >= MAX_DEPTH) {
      this.stack.push({ ...this.stack.at(-1)!, left: true });
      return;
    }
    const children: Children = attribute === undefined ? [TAGS.indexOf(tag)] : [TAGS.indexOf(tag), attribute];
    this.append(children as unknown as BodyElement);
    this.stack.push({ children, start: children.length, left: false });
    this.depth++;
  }

  close(): void {
    if (!this.stack.pop()!.left) this.depth--;
  }

  text(text: string): void {
    const { children, start } = this.stack.at(-1)!;
    if (text === "") return;
    if (children.length > start && typeof children.at(-1) === "string") children[children.length - 1] += text;
    else children.push(text);
  }

  append(node: BodyNode): void {
    if (typeof node === "string") this.text(node);
    else this.stack.at(-1)!.children.push(node);
  }

  done(): Body {
    return this.root as Body;
  }
}

/** A run of combining marks longer than this draws over other people's lines; the source keeps them all. */
export function capMarks(text: string): string {
  return text.replace(/(\p{M}{8})\p{M}+/gu, "$1");
}
