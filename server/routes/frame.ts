import type { Context, ErrorHandler, MiddlewareHandler } from "hono";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import { MESSAGES } from "../wire/messages.ts";
import type { RefusalWire } from "../wire/refusal.ts";
import { EXPOSED, PREFLIGHT, securityHeaders } from "./headers.ts";
import type { Env } from "./request.ts";

/** Around every route but the prepared read: an id, security headers, CORS, the preflight, one log line. */
export function frame(services: Services, nextId: () => string): MiddlewareHandler<Env> {
  const security = Object.entries(securityHeaders(services.config));
  return async (c, next) => {
    const id = nextId();
    const from = performance.now();
    c.set("requestId", id);
    if (c.req.method === "OPTIONS") c.res = new Response(null, { status: 204 });
    else await next();
    const { headers } = c.res;
    for (const [name, value] of security) if (!headers.has(name)) headers.set(name, value);
    if (c.req.path.startsWith("/api/") && !headers.has("cache-control")) headers.set("cache-control", "no-store");
    if (!headers.has("x-request-id")) headers.set("x-request-id", id);
    await allowOrigin(services, c);
    const took = performance.now() - from;
    const request = { method: c.req.method, route: routeOf(c), status: c.res.status };
    services.metrics?.answered(request, took);
    services.log.info({ id, ...request, ms: Math.round(took * 10) / 10 }, "request");
  };
}

/** The exact origin or none; never `*`, `null` or a pattern (Fetch 3.2). The panel is for its own origin alone. */
async function allowOrigin({ sites }: Services, c: Context<Env>): Promise<void> {
  const { headers } = c.res;
  const path = c.req.path;
  if (headers.has("access-control-allow-origin") || !path.startsWith("/api/") || path.startsWith("/api/v1/panel")) return;
  if (!headers.get("vary")?.includes("Origin")) headers.append("vary", "Origin");
  const origin = c.req.header("origin");
  if (origin === undefined || !(await sites.known(origin))) return;
  headers.set("access-control-allow-origin", origin);
  headers.set("access-control-expose-headers", EXPOSED);
  if (c.req.method === "OPTIONS") for (const [name, value] of Object.entries(PREFLIGHT)) headers.set(name, value);
}

/** The pattern and not the path: ids and addresses stay out of the log. */
const routeOf = (c: Context) => c.req.routePath;

/** Milliseconds between two lines on why the store refuses: a full disk must not fill the log as well. */
const TROUBLE_EVERY = 60_000;

/** The one place that answers errors. What was sent is never repeated, and a bug says nothing but its id. */
export function answerError(services: Pick<Services, "log">): ErrorHandler<Env> {
  let told = Number.NEGATIVE_INFINITY;
  return (error, c) => {
    const refusal = error instanceof Refusal ? error : new Refusal("internal");
    if (refusal !== error) services.log.error({ id: c.get("requestId"), error: error.stack }, "bug");
    // Such as a full disk, which the sender can do nothing about, but the operator can.
    else if (refusal.cause !== undefined && performance.now() - told > TROUBLE_EVERY) {
      told = performance.now();
      services.log.error({ id: c.get("requestId"), error: String(refusal.cause) }, "refused");
    }
    const { fields } = refusal.details;
    const body: RefusalWire = { error: { code: refusal.code, message: MESSAGES[refusal.code], ...(fields && { fields }) } };
    return c.json(body, refusal.status as 400, {
      "cache-control": "no-store",
      ...retryAfter(refusal),
    });
  };
}

/** RFC 9110 10.2.3, for those refusals that pass. */
export function retryAfter({ code, details }: Refusal): Record<string, string> {
  const seconds = details.retryAfter ?? (code === "busy" ? 2 : undefined);
  return seconds === undefined ? {} : { "retry-after": String(seconds) };
}
