import { afterEach, beforeEach, expect, it } from "vitest";
import { type Blog, commentOf, makeBlog, post } from "./blog.ts";
import { startServer } from "./process.ts";
import { recount } from "./recount.ts";
import { stopUnderLoad } from "./stop.ts";

let blog: Blog;
beforeEach(async () => {
  blog = await makeBlog();
});
afterEach(() => blog.remove());

it("answers what was under way when it is told to stop, takes nothing new, asks who listens to come again, and ends well (R-08)", async () => {
  expect(await stopUnderLoad(blog, { begun: 8, listeners: 20 })).toMatchObject({ wrong: [] });
});

it("keeps all that it acknowledged under load when it is told to stop", async () => {
  const server = await startServer(blog);
  const acknowledged: string[] = [];
  let n = 0;
  const write = async () => {
    for (;;) {
      const mine = n++;
      const id = await post(server.url, commentOf(blog, mine, null), `key-${mine}`).catch((error: unknown) => {
        // Refused or cut off where the server was gone before the request: it was never acknowledged.
        if (error instanceof TypeError) return null;
        throw error;
      });
      if (id === null) return;
      acknowledged.push(id);
      if (acknowledged.length === 40) server.kill("SIGTERM");
    }
  };
  await Promise.all(Array.from({ length: 8 }, write));
  expect((await server.ended).code).toBe(0);
  const { ids, wrong } = await recount(blog.database, blog.site);
  expect(acknowledged.length).toBeGreaterThanOrEqual(40);
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  expect(wrong).toEqual([]);
});
