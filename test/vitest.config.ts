import { defineConfig } from "vitest/config";

/** What speaks HTTP to a whole server is run once more with its comments in PostgreSQL, but for what never comes near them. */
const ON_BOTH_ENGINES = [
  "test/server/{editing,every-route,front,hostile-input,posting,readers,reading,thread-page,titles,visibility}.test.ts",
  "test/e2e/{first-hour,sign-in,own-way-in}.test.ts",
  "test/mail/*.test.ts",
  "test/auth/{passkey,site-user}.test.ts",
  "test/panel/{moderating,sites,sign-in,ways,ways-in-use,who-may}.test.ts",
];

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    exclude: ["test/bench/**"],
    pool: "forks",
    maxWorkers: 2,
    // A browser starts within this on two busy cores; no test waits on time.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    retry: 0,
    reporters: ["default"],
    projects: [
      { extends: true, test: { name: "sqlite", include: ["test/**/*.test.{ts,tsx}"] } },
      { extends: true, test: { name: "postgres", include: ON_BOTH_ENGINES, env: { TEST_ENGINE: "postgres" } } },
    ],
  },
});
