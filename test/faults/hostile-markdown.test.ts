import { expect, it } from "vitest";
import { makeBlog } from "./blog.ts";
import { postHostileTexts } from "./hostile-markdown.ts";

it("draws or refuses every text on which parsers are slow, answers readers meanwhile, and reads none that is too long (S-36, S-37)", async () => {
  const blog = await makeBlog();
  try {
    expect(await postHostileTexts(blog)).toMatchObject({ wrong: [] });
  } finally {
    blog.remove();
  }
});
