import { expect, it } from "vitest";
import { makeBlog } from "./blog.ts";
import { soak } from "./soak.ts";

it("holds no more descriptors after much of everything than before, and has stored what it acknowledged (R-23)", async () => {
  const blog = await makeBlog();
  try {
    expect(await soak(blog, { rounds: 5 })).toMatchObject({ wrong: [] });
  } finally {
    blog.remove();
  }
});
