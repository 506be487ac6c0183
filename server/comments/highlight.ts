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

type Scoped = { scope?: string; children: (Scoped | string)[] };

/**
 * Adds code to a tree, in spans of highlight.js scopes where its language is one we know. A scope such as
 * `title.function` is given as `title`; a language inside another (script in HTML) adds no span of its own.
 */
export function highlight(code: string, language: string, tree: TreeBuilder): void {
  if (!hljs.getLanguage(language)) {
    tree.text(code);
    return;
  }
  const { _emitter } = hljs.highlight(code, { language, ignoreIllegals: true });
  addNodes((_emitter as unknown as { rootNode: Scoped }).rootNode.children, tree);
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
