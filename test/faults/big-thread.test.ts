import { expect, it } from "vitest";
import { readBigThread } from "./big-thread.ts";
import { makeBlog } from "./blog.ts";

it("shows a page with very many comments part by part, each comment once (R-26)", async () => {
  const blog = await makeBlog();
  try {
    expect(await readBigThread(blog, 1_500, { walk: true })).toMatchObject({ wrong: [] });
  } finally {
    blog.remove();
  }
});
