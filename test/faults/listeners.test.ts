import { afterEach, beforeEach, expect, it } from "vitest";
import { type Blog, makeBlog } from "./blog.ts";
import { halfVanish, restartUnder } from "./listeners.ts";

let blog: Blog;
beforeEach(async () => {
  blog = await makeBlog();
});
afterEach(() => blog.remove());

it("has the descriptors of listeners who vanish free again, and goes on telling the others (R-12)", async () => {
  expect(await halfVanish(blog, { listeners: 200, watch: 0 })).toMatchObject({ wrong: [] });
});

it("asks its listeners to come again when it stops, and tells each of every comment once, also of those in between (R-13)", async () => {
  expect(await restartUnder(blog, { listeners: 100, patient: false })).toMatchObject({ wrong: [] });
});
