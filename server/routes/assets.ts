import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Hono } from "hono";
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

/** Scripts that owners' pages name: stable addresses, asked for again each time; everything else is immutable under its hash. */
const STABLE = ["embed.js", "count.js"];

export function assetRoutes(assets: Assets): Hono<Env> {
  const app = new Hono<Env>();
  const send = (file: string | undefined, cacheControl: string, asking: { encoding: string | undefined; etag: string | undefined }) => {
    const asset = file === undefined ? undefined : assets.read(file);
    if (!asset) throw new Refusal("not_found");
    const encoding = bestEncoding(asking.encoding);
    const headers: Record<string, string> = {
      "content-type": asset.type,
      "cache-control": cacheControl,
      etag: asset.etag,
      vary: "Accept-Encoding",
      // Module scripts and integrity checks need CORS; these files are the same for everyone.
      "access-control-allow-origin": "*",
      ...(encoding !== "identity" && { "content-encoding": encoding }),
    };
    if (matches(asking.etag, asset.etag)) return new Response(null, { status: 304, headers });
    return new Response(asset.bodies[encoding] as Uint8Array<ArrayBuffer>, { headers });
  };
  for (const name of STABLE) {
    app.get(`/${name}`, (c) =>
      send(assets.find(name)?.file, "public, max-age=300, stale-while-revalidate=86400", {
        encoding: c.req.header("accept-encoding"),
        etag: c.req.header("if-none-match"),
      }),
    );
  }
  app.get("/assets/:file", (c) =>
    send(c.req.param("file"), "public, max-age=31536000, immutable", {
      encoding: c.req.header("accept-encoding"),
      etag: c.req.header("if-none-match"),
    }),
  );
  return app;
}
