import { afterAll, beforeAll, expect, it } from "vitest";
import { type Blog, makeBlog } from "./blog.ts";
import { killLoop } from "./kill-loop.ts";

let blog: Blog;
beforeAll(async () => {
  blog = await makeBlog();
});
afterAll(() => blog.remove());

it("loses nothing that it acknowledged and doubles nothing, however often it is killed", async () => {
  const report = await killLoop(blog, { cycles: 5, seed: 1 });
  expect(report).toMatchObject({ kills: 5, lost: 0, doubled: 0, wrong: [] });
  expect(report.acknowledged).toBeGreaterThan(0);
  expect(report.unanswered).toBeGreaterThan(0);
});
