import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Blog {
  /** The answer to a request for the blog; undefined for everything else. */
  answer(request: Request): Response | undefined;
}

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".js": "text/javascript; charset=utf-8",
};

/**
 * The strict policy of hostile.html: nothing but this origin, no inline script or style, Trusted Types with a list of
 * policies that does not name the widget's (it needs none).
 */
const STRICT =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types the-blogs-own";

/** The files of demo/blog at /demo/, as a plain web server would send them, but for the few places in braces. */
export function openBlog(folder = blogFolder()): Blog {
  const names = new Set(readdirSync(folder));
  return {
    answer(request) {
      const url = new URL(request.url);
      if (url.pathname === "/" || url.pathname === "/demo") return new Response(null, { status: 302, headers: { location: "/demo/" } });
      if (!url.pathname.startsWith("/demo/")) return undefined;
      const name = url.pathname.slice("/demo/".length) || "index.html";
      if (!names.has(name))
        return new Response("There is no such page in this blog.\n", { status: 404, headers: { "content-type": "text/plain" } });
      if (request.method !== "GET" && request.method !== "HEAD")
        return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
      return new Response(fill(readFileSync(join(folder, name), "utf8"), url), { headers: headersOf(name) });
    },
  };
}

function headersOf(name: string): Record<string, string> {
  return {
    "content-type": TYPES[extname(name)] ?? "application/octet-stream",
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    ...(name === "hostile.html" && { "content-security-policy": STRICT }),
  };
}

/** What someone who templates their pages fills in: {{origin}}, and {{page}}, the page's own address for use in a query. */
const fill = (text: string, url: URL) =>
  text.replaceAll("{{origin}}", url.origin).replace(/\{\{page(?::([\w.-]+))?\}\}/g, (_, file: string | undefined) => {
    const page = file === undefined ? url.href.replace(/#.*/s, "") : new URL(file, url).href;
    return encodeURIComponent(page);
  });

/** demo/blog, seen from the source or from dist/demo. */
function blogFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const beside = join(here, "blog");
  return existsSync(beside) ? beside : join(here, "../../demo/blog");
}
