import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Blog, commentOf, makeBlog, ORIGIN, pageOf, post } from "./blog.ts";
import { runCommand, startServer, type Started } from "./process.ts";
import { recount } from "./recount.ts";

let blog: Blog;
let servers: Started[];
beforeEach(async () => {
  blog = await makeBlog();
  servers = [];
});
afterEach(async () => {
  for (const server of servers) server.kill("SIGTERM");
  await Promise.all(servers.map(({ ended }) => ended));
  blog.remove();
});

async function serve(): Promise<Started> {
  const server = await startServer(blog);
  servers.push(server);
  return server;
}

async function read({ url }: Started, page: string): Promise<string[]> {
  const answer = await fetch(`${url}/api/v1/thread?url=${encodeURIComponent(page)}`);
  const { comments } = (await answer.json()) as { comments: { id: string }[] };
  return comments.map(({ id }) => id);
}

/** Reads until the thread holds so many: the answer that was prepared before must go. */
async function readUntil(server: Started, page: string, count: number): Promise<string[]> {
  for (;;) {
    const ids = await read(server, page);
    if (ids.length >= count) return ids;
  }
}

it("drops its prepared answers when an import writes beside it", async () => {
  const server = await serve();
  const page = pageOf(0);
  const first = await post(server.url, commentOf(blog, 0, null), "first");
  expect(await read(server, page)).toEqual([first]);
  expect(await read(server, page)).toEqual([first]);
  const file = `${blog.database}.xml`;
  writeFileSync(file, exportOf(page));
  const imported = await runCommand(["import", file, "--site", String(blog.site)], blog);
  expect(imported).toMatchObject({ code: 0, stderr: "" });
  expect(await readUntil(server, page, 2)).toContain(first);
});

it("writes beside another server on the same database, and neither loses or hides what the other stored", async () => {
  const [one, other] = [await serve(), await serve()];
  const ids = await Promise.all(
    Array.from({ length: 60 }, (_, n) => post((n % 2 === 0 ? one : other).url, commentOf(blog, n * 3, null), `key-${n}`)),
  );
  for (const server of [one, other]) {
    const shown = await readUntil(server, pageOf(0), 50);
    expect(shown.filter((id) => !ids.includes(id))).toEqual([]);
  }
  for (const server of servers) server.kill("SIGTERM");
  expect((await Promise.all(servers.map(({ ended }) => ended))).map(({ code }) => code)).toEqual([0, 0]);
  const { ids: kept, wrong } = await recount(blog.database, blog.site);
  expect([...kept].toSorted()).toEqual(ids.toSorted());
  expect(wrong).toEqual([]);
});

/** A WordPress export of one post with one comment. */
const exportOf = (page: string) => `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Blog</title><link>${ORIGIN}</link><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>${ORIGIN}</wp:base_site_url><wp:base_blog_url>${ORIGIN}</wp:base_blog_url>
<item><title>A post</title><link>${page}</link><wp:post_id>1</wp:post_id><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>
<wp:comment><wp:comment_id>7</wp:comment_id><wp:comment_author>Ada</wp:comment_author>
<wp:comment_author_email>ada@reader.example</wp:comment_author_email><wp:comment_date_gmt>2020-01-01 00:00:00</wp:comment_date_gmt>
<wp:comment_content>From elsewhere.</wp:comment_content><wp:comment_approved>1</wp:comment_approved>
<wp:comment_type>comment</wp:comment_type><wp:comment_parent>0</wp:comment_parent></wp:comment></item></channel></rss>
`;
