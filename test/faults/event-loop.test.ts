import { expect, it } from "vitest";
import { makeBlog } from "./blog.ts";
import { holdLoop } from "./event-loop.ts";

it("tells for how long its event loop was held, whatever is sent or asked for (S-36, S-38)", async () => {
  const blog = await makeBlog();
  try {
    const { wrong, held } = await holdLoop(blog, { comments: 10, each: 20 });
    expect(wrong).toEqual([]);
    expect([...held.values()].filter((time) => !Number.isFinite(time))).toEqual([]);
  } finally {
    blog.remove();
  }
});
