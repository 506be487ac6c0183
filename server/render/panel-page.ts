import { Hono } from "hono";
import type { Assets } from "../routes/assets.ts";
import type { Env } from "../routes/request.ts";
import type { Services } from "../services.ts";

/** Nothing from elsewhere, nothing inline, no frame around it, and no text that becomes markup. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": POLICY,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
  "x-robots-tag": "noindex, nofollow",
  "cache-control": "no-store",
};

/** The panel's one page: a shell for its script. It holds nothing that needs a sign-in. */
export function panelPage(_services: Services, assets: Assets): Hono<Env> {
  const app = new Hono<Env>();
  const html = shell(assets);
  app.get("/", (c) => c.body(html, 200, HEADERS));
  return app;
}

/** File names and hashes come from our own build and hold no character that markup knows. */
function shell(assets: Assets): string {
  const [script, style, embed] = ["panel.js", "panel.css", "embed.js"].map((name) => assets.find(name));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="light dark">
<title>Youfigure</title>
<link rel="icon" href="/avatar/796f75666967.svg">
${style ? `<link rel="stylesheet" href="/assets/${style.file}">` : ""}
${script ? `<script type="module" src="/assets/${script.file}"></script>` : ""}
</head>
<body>
<noscript>The panel needs JavaScript.</noscript>
<div id="panel"${embed ? ` data-embed="/assets/${embed.file}" data-integrity="${embed.integrity}"` : ""}></div>
</body>
</html>
`;
}
