import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Comment, Posted, Thread } from "../../server/wire/comment.ts";
import { ORIGIN, PAGE, type TestApp, testApp } from "./setup.ts";

let it: TestApp;
beforeEach(async () => void (it = await testApp()));
afterEach(() => it.close());

const URL_ = `/api/v1/thread?url=${encodeURIComponent(PAGE)}`;
const read = async (more = "") => (await (await it.get(URL_ + more)).json()) as Thread;
let n = 0;
const write = async (fields: Record<string, unknown> = {}) =>
  ((await (await it.post({ body: `Comment ${++n}`, email: `${n}@reader.example`, ...fields })).json()) as Posted).comment;
async function writeAll(count: number, parentOf: (before: readonly Comment[]) => string | undefined = () => undefined): Promise<Comment[]> {
  const all: Comment[] = [];
  for (let i = 0; i < count; i++) all.push(await write({ parent: parentOf(all) ?? null }));
  return all;
}

describe("a thread", () => {
  test("of a page that no one commented on is empty and makes no row", async () => {
    expect(await read()).toMatchObject({ page: { count: 0, open: true, version: 0 }, comments: [], next: null });
    expect(await it.services.store.page(it.site.id, "blog.example/post")).toBeNull();
  });

  test("gives 50 top-level comments and goes on by key, oldest and newest first", async () => {
    const all = await writeAll(60);
    for (const sort of ["oldest", "newest"]) {
      const expected = sort === "oldest" ? all : [...all].reverse();
      const first = await read(`&sort=${sort}`);
      const second = await read(`&sort=${sort}&after=${first.next}`);
      expect(first.comments.map(({ id }) => id)).toEqual(expected.slice(0, 50).map(({ id }) => id));
      expect(second.comments.map(({ id }) => id)).toEqual(expected.slice(50).map(({ id }) => id));
      expect(second.next).toBeNull();
    }
  });

  test("holds at most 200 comments; the rest of one long thread comes by its own key", async () => {
    const all = await writeAll(320, (before) => before[0]?.id);
    const first = await read();
    expect(first.comments.length).toBe(200);
    expect(first.comments[0]?.replies).toBe(319);
    const seen = first.comments.map(({ id }) => id);
    for (let next: string | null = seen.at(-1) as string; next;) {
      const more = await read(`&parent=${all[0]?.id}&after=${next}`);
      expect(more.comments.length).toBeLessThanOrEqual(100);
      seen.push(...more.comments.map(({ id }) => id));
      next = more.next;
    }
    expect(seen).toEqual(all.map(({ id }) => id));
  });

  test("around a linked comment brings its ancestors and says whom the deep ones answer", async () => {
    const chain = await writeAll(30, (before) => before.at(-1)?.id);
    const { comments } = await read(`&around=${chain[25]?.id}`);
    const ids = comments.map(({ id }) => id);
    expect(ids).toContain(chain[0]?.id);
    expect(ids).toContain(chain[25]?.id);
    expect(ids).toContain(chain[29]?.id);
    for (const { parent, to } of comments) if (parent && !ids.includes(parent)) expect(to).toBe("Anna");
    expect((await it.get(`${URL_}&around=01890000-0000-7000-8000-000000000000`)).status).toBe(404);
  });

  test("refuses parameters that are wrong, repeated or written as lists", async () => {
    for (const wrong of ["&sort=best", "&after=1", "&sort=oldest&sort=newest", `&url=${encodeURIComponent(PAGE)}`, "&url[]=x&after=%00"]) {
      expect((await it.get(URL_ + wrong)).status, wrong).toBe(422);
    }
    expect((await it.get("/api/v1/thread")).status).toBe(422);
  });
});

describe("the prepared answer", () => {
  test("is compressed as asked, the same in each coding, with a tag that saves it", async () => {
    await writeAll(3);
    const plain = await it.get(URL_);
    const text = await plain.text();
    const br = await it.get(URL_, { "accept-encoding": "gzip, br" });
    expect(br.headers.get("content-encoding")).toBe("br");
    expect(brotliDecompressSync(Buffer.from(await br.arrayBuffer())).toString()).toBe(text);
    const gzip = await it.get(URL_, { "accept-encoding": "gzip, br;q=0" });
    expect(gunzipSync(Buffer.from(await gzip.arrayBuffer())).toString()).toBe(text);
    const again = await it.get(URL_, { "if-none-match": plain.headers.get("etag") as string });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect(plain.headers.get("vary")).toContain("Origin");
  });

  test("is never older than the last comment", async () => {
    await write();
    const before = await it.get(URL_);
    await write();
    const after = await it.get(URL_, { "if-none-match": before.headers.get("etag") as string });
    expect(after.status).toBe(200);
    expect(((await after.json()) as Thread).comments.length).toBe(2);
  });

  test("is for the site's own origins: each gets its own CORS header, others nothing", async () => {
    expect((await it.get(URL_, { origin: ORIGIN })).headers.get("access-control-allow-origin")).toBe(ORIGIN);
    expect((await it.get(URL_)).headers.get("access-control-allow-origin")).toBeNull();
    for (const origin of [
      "https://evil.example",
      "https://blog.example.evil",
      "null",
      "http://blog.example",
      "https://user@blog.example",
    ]) {
      const response = await it.get(URL_, { origin });
      expect([origin, response.status, response.headers.get("access-control-allow-origin")]).toEqual([origin, 403, null]);
      expect(response.headers.get("vary")).toContain("Origin");
    }
  });
});

test("counts come for many pages at once; what is no page of ours counts 0", async () => {
  await writeAll(2);
  await write({ url: `${ORIGIN}/two` });
  const urls = [PAGE, `${PAGE}/`, `${ORIGIN}/two`, `${ORIGIN}/none`, "https://other.example/", "nonsense"];
  const response = await it.get(`/api/v1/counts?${urls.map((url) => `url=${encodeURIComponent(url)}`).join("&")}`);
  expect(await response.json()).toEqual({
    counts: { [PAGE]: 2, [`${PAGE}/`]: 2, [`${ORIGIN}/two`]: 1, [`${ORIGIN}/none`]: 0, "https://other.example/": 0, nonsense: 0 },
  });
  const many = Array.from({ length: 51 }, (_, i) => `url=${i}`).join("&");
  expect((await it.get(`/api/v1/counts?${many}`)).status).toBe(422);
});

test("a preview is what the thread would show, and stores nothing", async () => {
  const body = "Look at `this`\nand <script>alert(1)</script>";
  const preview = (await (await it.send("POST", "/api/v1/preview", { url: PAGE, body })).json()) as { body: unknown };
  expect(await it.services.store.page(it.site.id, "blog.example/post")).toBeNull();
  const comment = await write({ body });
  expect(preview.body).toEqual(comment.body);
});

test("a preflight from a site's origin is answered, another's is not", async () => {
  const preflight = (origin: string) =>
    it.app.request("/api/v1/comments", { method: "OPTIONS", headers: { origin, "access-control-request-method": "POST" } });
  const ours = await preflight(ORIGIN);
  expect([ours.status, ours.headers.get("access-control-allow-origin")]).toEqual([204, ORIGIN]);
  expect(ours.headers.get("access-control-allow-headers")).toContain("Idempotency-Key");
  expect((await preflight("https://evil.example")).headers.get("access-control-allow-origin")).toBeNull();
});

test("localhost may read and post only where the site allows previews", async () => {
  const origin = "http://localhost:4000";
  expect((await it.get(URL_, { origin })).status).toBe(403);
  await it.close();
  it = await testApp({ settings: { localhost: true } });
  expect((await it.get(URL_, { origin })).status).toBe(200);
  expect((await it.post({}, { origin })).status).toBe(201);
  expect((await it.get(URL_, { origin: "http://localhost.evil.example" })).status).toBe(403);
});
