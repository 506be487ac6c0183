import { createHash } from "node:crypto";
import type { Config } from "../config.ts";

/** On every answer. Pages add their own Content-Security-Policy; data has none to run. */
export function securityHeaders(config: Pick<Config, "publicUrl">): Readonly<Record<string, string>> {
  return {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "cross-origin",
    ...(config.publicUrl.startsWith("https:") && { "strict-transport-security": "max-age=31536000" }),
  };
}

/** Methods and headers that a widget may use, for a preflight (Fetch 3.2.2). */
export const PREFLIGHT = {
  "access-control-allow-methods": "GET, POST, PATCH, DELETE",
  "access-control-allow-headers": "Authorization, Content-Type, Idempotency-Key",
  "access-control-max-age": "7200",
};

/** Response headers that a widget may read. */
export const EXPOSED = "ETag, Retry-After, X-Request-Id";

/** A strong ETag over bytes that do not change. */
export const etagOf = (bytes: string | Buffer) => `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;

/** RFC 9110 13.1.2: weak comparison. */
export function matches(ifNoneMatch: string | undefined | null, etag: string): boolean {
  if (!ifNoneMatch) return false;
  const bare = etag.replace(/^W\//, "");
  return ifNoneMatch.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === bare);
}
