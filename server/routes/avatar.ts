import { Hono } from "hono";
import { minidenticon } from "minidenticons";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Env } from "./request.ts";

/**
 * Pictures of people, generated ones and copies: the key says it all, so they never change. A copy is of the type that its
 * bytes are, whatever its address ends with. Scripts and anything from outside are off by CSP.
 */
export function avatarRoutes({ store }: Pick<Services, "store">): Hono<Env> {
  const app = new Hono<Env>();
  app.get("/avatar/:file", async (c) => {
    const [, made, site, digest] = /^(?:([0-9a-f]{12})|([1-9]\d{0,8})-([0-9a-f]{32}))\.svg$/.exec(c.req.param("file")) ?? [];
    if (made !== undefined) return c.body(minidenticon(made, 55, 45), 200, { "content-type": "image/svg+xml", ...HEADERS });
    const copy = digest === undefined ? null : await store.picture(Number(site), digest);
    if (!copy) throw new Refusal("not_found");
    return c.body(new Uint8Array(copy.bytes), 200, { "content-type": copy.type, ...HEADERS });
  });
  return app;
}

const HEADERS = {
  "cache-control": "public, max-age=31536000, immutable",
  "content-security-policy": "default-src 'none'; sandbox",
  "x-content-type-options": "nosniff",
};
