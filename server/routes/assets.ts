import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Context, Hono } from "hono";
import { Refusal } from "../refusal.ts";
import { etagOf, matches } from "./headers.ts";
import { bestEncoding } from "./prepared-answer.ts";
import type { Env } from "./request.ts";

export interface Asset {
  file: string;
  /** `sha384-…` (Subresource Integrity). */
  integrity: string;
  /** Bytes as they are and with brotli. */
  raw: number;
  brotli: number;
}

/** The built browser files, by their stable names (`embed.js`, `panel.js` …). */
export interface Assets {
  find(name: string): Asset | undefined;
  /** The bytes of a built file by its hashed name. */
  read(file: string): AssetBytes | undefined;
}
interface AssetBytes {
  type: string;
  etag: string;
  bodies: { identity: Buffer; br: Buffer; gzip: Buffer };
}

const TYPES: Record<string, string> = { js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8" };

/** Reads what the build wrote, once. Only what lay there then can ever be served, so no path of a request reaches the disk. */
export function readAssets(folder: string): Assets {
  const manifest = new Map(Object.entries(JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Record<string, Asset>));
  const files = new Map<string, AssetBytes>();
  for (const file of readdirSync(folder)) {
    const type = TYPES[file.split(".").pop() as string];
    if (!type) continue;
    const identity = readFileSync(join(folder, file));
    const bodies = { identity, br: readFileSync(join(folder, `${file}.br`)), gzip: readFileSync(join(folder, `${file}.gz`)) };
    files.set(file, { type, etag: etagOf(identity), bodies });
  }
  return { find: (name) => manifest.get(name), read: (file) => files.get(file) };
}

/** Scripts that owners' pages name, and the part that their pages may preload: addresses that stay, asked for again after a while. */
const STABLE = { "/embed.js": "embed.js", "/count.js": "count.js", "/assets/app.js": "app.js" };
const REVALIDATED = "public, max-age=300, stale-while-revalidate=86400";
const IMMUTABLE = "public, max-age=31536000, immutable";

export function assetRoutes(assets: Assets): Hono<Env> {
  const app = new Hono<Env>();
  for (const [path, name] of Object.entries(STABLE)) {
    app.get(path, (c) => {
      const asset = assets.read(assets.find(name)?.file ?? "");
      if (!asset) throw new Refusal("not_found");
      return send(c, asset, REVALIDATED);
    });
  }
  app.get("/assets/:file", (c) => {
    const file = c.req.param("file");
    const asset = assets.read(file);
    if (asset) return send(c, asset, IMMUTABLE);
    // A loader from before the last update, still in some cache, asks for its own part: today's serves it as well.
    const today = assets.find(file.replace(/-[\w-]{8}(?=\.\w+$)/, ""));
    if (!today || today.file === file) throw new Refusal("not_found");
    c.header("access-control-allow-origin", "*");
    c.header("cache-control", "no-store");
    return c.redirect(`/assets/${today.file}`, 302);
  });
  return app;
}

function send(c: Context, asset: AssetBytes, cacheControl: string): Response {
  const encoding = bestEncoding(c.req.header("accept-encoding"));
  const headers: Record<string, string> = {
    "content-type": asset.type,
    "cache-control": cacheControl,
    etag: asset.etag,
    vary: "Accept-Encoding",
    // Module scripts and integrity checks need CORS; these files are the same for everyone.
    "access-control-allow-origin": "*",
    ...(encoding !== "identity" && { "content-encoding": encoding }),
  };
  if (matches(c.req.header("if-none-match"), asset.etag)) return new Response(null, { status: 304, headers });
  return new Response(asset.bodies[encoding] as Uint8Array<ArrayBuffer>, { headers });
}
