import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import csharp from "highlight.js/lib/languages/csharp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import go from "highlight.js/lib/languages/go";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import kotlin from "highlight.js/lib/languages/kotlin";
import php from "highlight.js/lib/languages/php";
import python from "highlight.js/lib/languages/python";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import swift from "highlight.js/lib/languages/swift";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import type { TreeBuilder } from "./tree.ts";

const languages = {
  bash,
  c,
  cpp,
  csharp,
  css,
  diff,
  dockerfile,
  go,
  ini,
  java,
  javascript,
  json,
  kotlin,
  php,
  python,
  ruby,
  rust,
  sql,
  swift,
  typescript,
  xml,
  yaml,
};
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);

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
  if (!hljs.getLanguage(language) || code.length > budget || SLOW.test(code)) {
    tree.text(code);
    return budget;
  }
  const { _emitter } = hljs.highlight(code, { language, ignoreIllegals: true });
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
