import { Hono } from "hono";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Assets } from "./assets.ts";
import type { Endpoint } from "./endpoint.ts";
import { answerError } from "./frame.ts";
import { ownLinkEndpoints, ownLinkRoutes } from "./own-links.ts";
import { ownPageEndpoints, ownPageRoutes } from "./own-page.ts";
import { ownTools } from "./own-tools.ts";
import type { Addresses, Env } from "./request.ts";

export const ownEndpoints: readonly Endpoint[] = [...ownPageEndpoints, ...ownLinkEndpoints];

/** All below /yours: readers' own things, on our own origin. */
export function ownRoutes(services: Services, assets: Assets, addresses: Addresses): Hono<Env> {
  const app = new Hono<Env>();
  const tools = ownTools(services, assets, addresses);
  const otherwise = answerError(services);
  app.onError(async (error, c) => {
    if (!(error instanceof Refusal) || error.status >= 500) return otherwise(error, c);
    const site = await tools.siteOf(c).catch(() => null);
    return tools.refused(c, site, error);
  });
  app.route("/", ownLinkRoutes(services, tools));
  app.route("/", ownPageRoutes(services, tools));
  return app;
}
