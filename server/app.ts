import { Hono } from "hono";
import { requestIds } from "./front.ts";
import { panelPage } from "./render/panel-page.ts";
import { askRoutes } from "./routes/ask.ts";
import { assetRoutes, type Assets } from "./routes/assets.ts";
import { avatarRoutes } from "./routes/avatar.ts";
import { commentRoutes } from "./routes/comments.ts";
import { doubtRoutes } from "./routes/doubt.ts";
import { answerError, frame } from "./routes/frame.ts";
import { healthRoutes } from "./routes/health.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { nothingHere } from "./routes/nothing-here.ts";
import { letterRoutes } from "./routes/letters.ts";
import { liveRoutes } from "./routes/live.ts";
import { ownApiRoutes } from "./routes/own-api.ts";
import { ownRoutes } from "./routes/own.ts";
import { openApiRoutes } from "./routes/openapi.ts";
import { panelRoutes } from "./routes/panel.ts";
import { addresses, type Env } from "./routes/request.ts";
import { signInRoutes } from "./routes/sign-in.ts";
import { emailSignInRoutes } from "./routes/sign-in-by-email.ts";
import { passkeySignInRoutes } from "./routes/sign-in-by-passkey.ts";
import { siteUserRoutes } from "./routes/sign-in-site-user.ts";
import { threadPageRoutes } from "./routes/thread-page.ts";
import { threadRoutes } from "./routes/thread.ts";
import type { Services } from "./services.ts";

/** The whole server on one screen: what is asked where. */
export function createApp(services: Services, assets: Assets): Hono<Env> {
  const app = new Hono<Env>();
  const from = addresses(services);

  app.use(frame(services, requestIds()));
  app.onError(answerError(services));
  app.notFound(nothingHere(services, app));

  app.route("/", threadRoutes(services));
  app.route("/", liveRoutes(services, from));
  app.route("/", commentRoutes(services, from));
  app.route("/", signInRoutes(services, from));
  app.route("/", askRoutes(services, from));
  app.route("/", emailSignInRoutes(services, from));
  app.route("/", passkeySignInRoutes(services, from));
  app.route("/", siteUserRoutes(services, from));
  app.route("/", ownApiRoutes(services));
  app.route("/yours", ownRoutes(services, assets, from));
  app.route("/", threadPageRoutes(services, assets, from));
  app.route("/", letterRoutes(services, assets));
  app.route("/", doubtRoutes(services, assets));
  app.route("/", avatarRoutes(services));
  app.route("/", healthRoutes(services));
  app.route("/", metricsRoutes(services));
  app.route("/", openApiRoutes());
  app.route("/", assetRoutes(assets));
  app.route("/panel", panelPage(services, assets));
  app.get("/panel/", (c) => c.redirect("/panel", 308));
  app.route("/api/v1/panel", panelRoutes(services));
  return app;
}
