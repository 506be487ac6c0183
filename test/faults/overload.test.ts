import { afterEach, beforeEach, expect, it } from "vitest";
import { type Blog, makeBlog } from "./blog.ts";
import { overload } from "./overload.ts";

let blog: Blog;
beforeEach(async () => {
  blog = await makeBlog();
});
afterEach(() => blog.remove());

it("turns a crowd's writers away early, stores a quiet site's comments meanwhile, and goes on answering readers (R-10)", async () => {
  const seen = await overload(blog, { crowd: 250, enough: (quiet) => quiet.length >= 5 });
  expect(seen).toMatchObject({ wrong: [], other: [] });
  expect(seen.accepted).toBeGreaterThan(0);
  expect(seen.reads.length).toBeGreaterThan(0);
});
