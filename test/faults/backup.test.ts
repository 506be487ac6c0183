import { afterEach, beforeEach, expect, it } from "vitest";
import { backupAndRestore } from "./backup.ts";
import { type Blog, makeBlog } from "./blog.ts";

let blog: Blog;
beforeEach(async () => {
  blog = await makeBlog();
});
afterEach(() => blog.remove());

it("is copied while writers write, with all that was acknowledged before, and serves again from the copy (R-17, R-18)", async () => {
  expect(await backupAndRestore(blog, { copies: 1, stocked: 100 })).toMatchObject({ wrong: [] });
});
