import { defineConfig } from "vitest/config";

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    exclude: ["test/bench/**"],
    pool: "forks",
    maxWorkers: 2,
    // A browser starts within this on two busy cores; no test waits on time.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    retry: 0,
    reporters: ["default"],
  },
});
