import { afterEach, beforeEach, expect, it } from "vitest";
import { type Blog, makeBlog } from "./blog.ts";
import { holdLock } from "./locks.ts";

let blog: Blog;
beforeEach(async () => {
  blog = await makeBlog();
});
afterEach(() => blog.remove());

it("lets a writer wait for another program's lock and then stores, while readers read on (R-06)", async () => {
  expect(await holdLock(blog, { held: (reads) => reads >= 20, expected: 201 })).toMatchObject({ wrong: [] });
});
