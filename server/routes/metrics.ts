import { createHash, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Endpoint } from "./endpoint.ts";
import { bearerOf, type Env } from "./request.ts";

export const metricsEndpoint: Endpoint = {
  method: "get",
  path: "/metrics",
  summary: "What a monitor may know, where METRICS_TOKEN is set and sent as a bearer token.",
  auth: "monitor",
  type: "text/plain",
  answers: { 200: { description: "Prometheus text format." } },
};

/** For the operator's monitor alone: how busy a site is, is nobody else's business. Without a token there is nothing here. */
export function metricsRoutes({ metrics, config }: Services): Hono<Env> {
  const app = new Hono<Env>();
  app.get(metricsEndpoint.path, async (c) => {
    if (!metrics || config.metricsToken === "") throw new Refusal("not_found");
    if (!same(bearerOf(c) ?? "", config.metricsToken)) throw new Refusal("unauthorized");
    const { type, text } = await metrics.write();
    return c.body(text, 200, { "content-type": type, "cache-control": "no-store" });
  });
  return app;
}

const digest = (text: string) => createHash("sha256").update(text).digest();
const same = (given: string, expected: string) => timingSafeEqual(digest(given), digest(expected));
