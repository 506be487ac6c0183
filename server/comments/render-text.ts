import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import { type Body, type BodyNode, TAGS, textOf } from "../wire/body.ts";
import type { Settings } from "../wire/settings.ts";

/** A reader's text as a tree. Refused where nothing of it would show, such as a link's definition alone. */
export async function renderText(
  { rendering }: Pick<Services, "rendering">,
  source: string,
  settings: Pick<Settings, "images">,
): Promise<Body> {
  const body = await rendering.render(source, settings);
  if (textOf(body).trim() === "" && !holdsPicture(body)) throw new Refusal("invalid", { fields: { body: "required" } });
  return body;
}

const holdsPicture = (nodes: readonly (BodyNode | number)[]): boolean =>
  nodes.some((node) => typeof node === "object" && (TAGS[node[0]] === "img" || holdsPicture(node as readonly BodyNode[])));
