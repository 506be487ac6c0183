import { Hono } from "hono";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Env } from "./request.ts";

/** /healthz: the process lives. /readyz: it can read its store. */
export function healthRoutes({ store, log }: Services): Hono<Env> {
  const app = new Hono<Env>();
  const headers = { "cache-control": "no-store" };
  app.get("/healthz", (c) => c.json({ ok: true }, 200, headers));
  app.get("/readyz", async (c) => {
    try {
      await store.ping();
    } catch (error) {
      log.error({ error: String(error) }, "store does not answer");
      throw new Refusal("busy");
    }
    return c.json({ ok: true }, 200, headers);
  });
  return app;
}
