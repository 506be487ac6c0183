import { type Context, Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { requireOwnPage } from "../auth/csrf.ts";
import { readSession } from "../auth/session.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import { PanelEvent } from "../wire/live.ts";
import type { Endpoint } from "./endpoint.ts";
import { stream } from "./live.ts";
import { followQueue } from "../comments/live.ts";
import { panelCommentEndpoints, panelCommentRoutes } from "./panel-comments.ts";
import { panelMailEndpoints, panelMailRoutes } from "./panel-mail.ts";
import { panelOwnerEndpoints, panelOwnerRoutes } from "./panel-owner.ts";
import { panelSessionEndpoints, panelSessionRoutes } from "./panel-session.ts";
import { panelSiteEndpoints, panelSiteRoutes } from "./panel-sites.ts";
import { panelSetupEndpoints, panelSetupRoutes } from "./panel-setup.ts";
import { panelWayEndpoints, panelWayRoutes } from "./panel-ways.ts";
import { type PanelEnv, signInTools } from "./panel-sign-in.ts";
import type { Env } from "./request.ts";

const panelLiveEndpoints: Endpoint[] = [
  {
    method: "get",
    path: "/api/v1/panel/live",
    summary: "Tells, as server-sent events, that comments changed: read the queue anew. The first event comes at once.",
    auth: "owner",
    type: "text/event-stream",
    answers: { 200: { description: "A stream of messages; the data of each is JSON.", schema: PanelEvent } },
  },
];

/** A stream ends after this, so that a session that is over is noticed when it comes again. */
const STREAM_LASTS = 600_000;

export const panelEndpoints: readonly Endpoint[] = [
  ...panelSessionEndpoints,
  ...panelSetupEndpoints,
  ...panelOwnerEndpoints,
  ...panelCommentEndpoints,
  ...panelLiveEndpoints,
  ...panelSiteEndpoints,
  ...panelWayEndpoints,
  ...panelMailEndpoints,
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
  const queue = followQueue(services);
  inside.get("/live", (c) => {
    const asking = c as unknown as Context<Env>;
    return stream(services, asking, {
      followed: [{ channel: queue, cursor: -1 }],
      until: services.now() + STREAM_LASTS,
      headers: {},
      leave: () => {},
    });
  });
  inside.route("/", panelOwnerRoutes(services, tools));
  inside.route("/", panelCommentRoutes(services));
  inside.route("/", panelSiteRoutes(services));
  inside.route("/", panelWayRoutes(services));
  inside.route("/", panelMailRoutes(services));
  app.route("/", inside as unknown as Hono<Env>);
  return app;
}
