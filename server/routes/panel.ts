import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { requireOwnPage } from "../auth/csrf.ts";
import { readSession } from "../auth/session.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Endpoint } from "./endpoint.ts";
import { panelCommentEndpoints, panelCommentRoutes } from "./panel-comments.ts";
import { panelOwnerEndpoints, panelOwnerRoutes } from "./panel-owner.ts";
import { panelSessionEndpoints, panelSessionRoutes } from "./panel-session.ts";
import { panelSiteEndpoints, panelSiteRoutes } from "./panel-sites.ts";
import { panelSetupEndpoints, panelSetupRoutes } from "./panel-setup.ts";
import { type PanelEnv, signInTools } from "./panel-sign-in.ts";
import type { Env } from "./request.ts";

export const panelEndpoints: readonly Endpoint[] = [
  ...panelSessionEndpoints,
  ...panelSetupEndpoints,
  ...panelOwnerEndpoints,
  ...panelCommentEndpoints,
  ...panelSiteEndpoints,
];

/** All below /api/v1/panel: first what opens the door, then the door, then what stands behind it. */
export function panelRoutes(services: Services): Hono<Env> {
  const app = new Hono<Env>();
  const tools = signInTools(services);

  app.use(async (c, next) => {
    requireOwnPage(c, services.sites.isOurs);
    await next();
    c.header("cache-control", "no-store");
    c.header("cross-origin-resource-policy", "same-origin");
  });
  app.route("/", panelSessionRoutes(services, tools));
  app.route("/", panelSetupRoutes(services, tools));

  const inside = new Hono<PanelEnv>();
  inside.use(
    createMiddleware<PanelEnv>(async (c, next) => {
      const signedIn = await readSession(services, c);
      if (!signedIn) throw new Refusal("unauthorized");
      c.set("signedIn", signedIn);
      await next();
    }),
  );
  inside.route("/", panelOwnerRoutes(services, tools));
  inside.route("/", panelCommentRoutes(services));
  inside.route("/", panelSiteRoutes(services));
  app.route("/", inside as unknown as Hono<Env>);
  return app;
}
