import { defineConfig } from "vite";

const entry = (path: string) => new URL(`../${path}`, import.meta.url).pathname;

/**
 * The server and the demo for Node: dist/server and dist/demo. Everything under `dependencies` stays outside, so that
 * dist/ runs with `npm ci --omit=dev` alone. Shared chunks lie in dist/server, as deep as its entries, so that a path
 * relative to import.meta.url is the same in each.
 */
export default defineConfig({
  publicDir: false,
  logLevel: "warn",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    ssr: true,
    target: "node20",
    outDir: "dist",
    emptyOutDir: false,
    minify: false,
    sourcemap: true,
    copyPublicDir: false,
    rolldownOptions: {
      input: {
        "server/cli": entry("server/cli.ts"),
        "server/main": entry("server/main.ts"),
        "server/rendering-thread": entry("server/comments/rendering-thread.ts"),
        "demo/server": entry("demo/server.ts"),
      },
      output: { entryFileNames: "[name].js", chunkFileNames: "server/[name]-[hash].js" },
    },
  },
});
