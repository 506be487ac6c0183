import { Refusal } from "../refusal.ts";
import { type Body, type BodyNode, TAGS, textOf } from "../wire/body.ts";
import type { Settings } from "../wire/settings.ts";
import { renderMarkdown } from "./markdown.ts";

/** A reader's text as a tree. Refused where nothing of it would show, such as a link's definition alone. */
export function renderText(source: string, settings: Pick<Settings, "images">): Body {
  const body = renderMarkdown(source, settings);
  if (textOf(body).trim() === "" && !holdsPicture(body)) throw new Refusal("invalid", { fields: { body: "required" } });
  return body;
}

const holdsPicture = (nodes: readonly (BodyNode | number)[]): boolean =>
  nodes.some((node) => typeof node === "object" && (TAGS[node[0]] === "img" || holdsPicture(node as readonly BodyNode[])));
