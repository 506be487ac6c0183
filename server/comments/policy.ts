import { type Body, type BodyNode, TAGS, textOf } from "../wire/body.ts";
import type { Reason } from "../wire/comment.ts";
import type { Settings } from "../wire/settings.ts";
import type { Fields } from "./fields.ts";
import { wordFinder } from "./words.ts";

export interface Verdict {
  status: "approved" | "held" | "trash";
  reason: Reason | null;
}

export interface Judged {
  fields: Fields;
  /** The rendered text. */
  body: Body;
  settings: Pick<Settings, "holdAll" | "holdFirst" | "holdLinks" | "holdWords" | "trashWords">;
  /** Whether this name and e-mail have an approved comment here. */
  known: boolean;
  /** Whether it passes for somebody else's. */
  impersonates: boolean;
}

/** The owner's rules in their order; the first that applies decides. No setting turns off that nobody speaks in another's name. */
export function judge({ fields, body, settings, known, impersonates }: Judged): Verdict {
  const mentions = wordFinder([fields.name, fields.email, fields.website, fields.body, textOf(body)]);
  if (settings.trashWords.some(mentions)) return { status: "trash", reason: "disallowed_word" };
  if (impersonates) return { status: "held", reason: "impersonation" };
  if (settings.holdAll) return { status: "held", reason: "all" };
  if (settings.holdLinks > 0 && countLinks(body) >= settings.holdLinks) return { status: "held", reason: "links" };
  if (settings.holdWords.some(mentions)) return { status: "held", reason: "word" };
  if (settings.holdFirst && !known) return { status: "held", reason: "first" };
  return { status: "approved", reason: null };
}

/** Links and pictures as drawn, so that no spelling of a link escapes the count. The author's own website is not among them. */
export function countLinks(nodes: readonly (BodyNode | number)[]): number {
  let links = 0;
  for (const node of nodes) {
    if (typeof node !== "object") continue;
    const tag = TAGS[node[0]];
    links += (tag === "a" || tag === "img" ? 1 : 0) + countLinks(node as readonly BodyNode[]);
  }
  return links;
}
