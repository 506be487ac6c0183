import { Hono } from "hono";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Env } from "./request.ts";

/** Milliseconds for which one look at the store holds good, so that nobody can make us write by asking. */
const GOOD_FOR = 1_000;

/**
 * /healthz: the process lives. /readyz: it can read its store and write to it. It tells of mail, too, but stays ready without:
 * letters wait in the outbox, and no comment waits for them.
 */
export function healthRoutes({ store, log, now, mail }: Services): Hono<Env> {
  const app = new Hono<Env>();
  const headers = { "cache-control": "no-store" };
  let looked = Number.NEGATIVE_INFINITY;
  let found: Promise<void> = Promise.resolve();
  const look = async () => {
    await store.ping();
    // What can be read may still lie on a full disk, or on one that fails: only a write tells.
    await store.setValue("ready_at", String(now()));
  };
  app.get("/healthz", (c) => c.json({ ok: true }, 200, headers));
  app.get("/readyz", async (c) => {
    const at = performance.now();
    if (at - looked > GOOD_FOR) {
      looked = at;
      found = look();
    }
    try {
      await found;
    } catch (error) {
      log.error({ error: String((error as Error).cause ?? error) }, "store does not answer");
      throw new Refusal("busy");
    }
    return c.json({ ok: true, mail: mail === null ? "off" : mail.isDown ? "down" : "on" }, 200, headers);
  });
  return app;
}
