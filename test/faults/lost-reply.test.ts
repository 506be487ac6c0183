import { afterEach, beforeEach, expect, it } from "vitest";
import { type Blog, makeBlog } from "./blog.ts";
import { loseReplies } from "./lost-reply.ts";

let blog: Blog;
beforeEach(async () => {
  blog = await makeBlog();
});
afterEach(() => blog.remove());

it("stores a comment once whose answer was lost and which is sent again (R-21)", async () => {
  expect(await loseReplies(blog, 5)).toMatchObject({ wrong: [] });
});
