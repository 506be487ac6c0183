import { Hono } from "hono";
import { minidenticon } from "minidenticons";
import { Refusal } from "../refusal.ts";
import type { Env } from "./request.ts";

/** Generated pictures: the key says it all, so they never change. Scripts and anything from outside are off by CSP. */
export function avatarRoutes(): Hono<Env> {
  const app = new Hono<Env>();
  app.get("/avatar/:file", (c) => {
    const key = /^([0-9a-f]{12})\.svg$/.exec(c.req.param("file"))?.[1];
    if (key === undefined) throw new Refusal("not_found");
    return c.body(minidenticon(key, 55, 45), 200, {
      "content-type": "image/svg+xml",
      "cache-control": "public, max-age=31536000, immutable",
      "content-security-policy": "default-src 'none'; sandbox",
    });
  });
  return app;
}
