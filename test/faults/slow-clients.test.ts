import { afterEach, beforeEach, expect, it } from "vitest";
import { type Blog, makeBlog } from "./blog.ts";
import { fewDescriptors, slowReaders } from "./slow-clients.ts";

let blog: Blog;
beforeEach(async () => {
  blog = await makeBlog();
});
afterEach(() => blog.remove());

it("keeps one copy of a large thread for all who take nothing of it, and stores comments meanwhile (R-11)", async () => {
  expect(await slowReaders(blog, 100)).toMatchObject({ wrong: [] });
});

it("turns connections away when it has no descriptors left, and goes on when they have gone (R-24)", async () => {
  expect(await fewDescriptors(blog)).toMatchObject({ wrong: [] });
});
