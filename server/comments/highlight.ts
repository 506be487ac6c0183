import type { HLJSApi, LanguageFn } from "highlight.js";
import { later } from "./load-later.ts";
import type { TreeBuilder } from "./tree.ts";

const LANGUAGES =
  "bash c cpp csharp css diff dockerfile go ini java javascript json kotlin php python ruby rust sql swift typescript xml yaml".split(" ");
/** With the first code that names a language. All at once, since one language may hold another. */
const colourer = later((require) => {
  const hljs = require("highlight.js/lib/core") as HLJSApi;
  for (const name of LANGUAGES) hljs.registerLanguage(name, require(`highlight.js/lib/languages/${name}`) as LanguageFn);
  return hljs;
});

/** UTF-16 units of code that one comment may have coloured: some grammars take time with the square of what they read. */
export const HIGHLIGHT_BUDGET = 3_000;
/** Words, lines and blanks that no person writes, on which those grammars are slowest. */
const SLOW = /\w{64}|[^\n]{300}|\s{300}/;

type Scoped = { scope?: string; children: (Scoped | string)[] };

/**
 * Adds code to a tree, in spans of highlight.js scopes where its language is one we know and the budget allows it.
 * A scope such as `title.function` is given as `title`; a language inside another (script in HTML) adds no span of its
 * own. Returns what is left of the budget.
 */
export function highlight(code: string, language: string, { tree, budget }: { tree: TreeBuilder; budget: number }): number {
  if (language === "" || code.length > budget || SLOW.test(code) || !colourer().getLanguage(language)) {
    tree.text(code);
    return budget;
  }
  const { _emitter } = colourer().highlight(code, { language, ignoreIllegals: true });
  addNodes((_emitter as unknown as { rootNode: Scoped }).rootNode.children, tree);
  return budget - code.length;
}

function addNodes(nodes: Scoped["children"], tree: TreeBuilder): void {
  for (const node of nodes) {
    if (typeof node === "string") {
      tree.text(node);
      continue;
    }
    const scope = /^[a-z]+(?:[-_][a-z]+)*(?=\.|$)/.exec(node.scope ?? "")?.[0];
    if (scope !== undefined && node.children.length > 0) tree.open("span", scope);
    addNodes(node.children, tree);
    if (scope !== undefined && node.children.length > 0) tree.close();
  }
}
