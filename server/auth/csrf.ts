import type { Context } from "hono";
import { Refusal } from "../refusal.ts";

/** A page elsewhere can't set it without a preflight, which we refuse. */
export const PANEL_HEADER = "x-youfigure";

/** Refuses a form that is not our own page's: Origin or, where a browser withholds it, Sec-Fetch-Site must say so (Fetch Metadata 2.4). */
export function requireOwnForm(c: Context, isOurs: (origin: string) => boolean): void {
  const origin = c.req.header("origin");
  const ours = origin !== undefined && origin !== "null" ? isOurs(origin) : c.req.header("sec-fetch-site") === "same-origin";
  if (!ours) throw new Refusal("origin_not_allowed");
}

/**
 * Refuses what another site's page could send in the owner's name: every request but a GET must be JSON, carry our
 * header, and come from our own page, by Sec-Fetch-Site (Fetch Metadata 2.3) or, where a browser sends none, Origin.
 */
export function requireOwnPage(c: Context, isOurs: (origin: string) => boolean): void {
  if (c.req.method === "GET" || c.req.method === "HEAD") return;
  const site = c.req.header("sec-fetch-site");
  const origin = c.req.header("origin");
  const ours = site === undefined ? origin !== undefined && isOurs(origin) : site === "same-origin" || site === "none";
  if (!ours || (origin !== undefined && !isOurs(origin))) throw new Refusal("forbidden");
  if (c.req.header(PANEL_HEADER) === undefined) throw new Refusal("forbidden");
  if (!/^application\/json\s*(?:;|$)/i.test(c.req.header("content-type") ?? "")) throw new Refusal("wrong_type");
}
