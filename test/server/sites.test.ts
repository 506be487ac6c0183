import { expect, test } from "vitest";
import type { Thread } from "../../server/wire/comment.ts";
import { PAGE, testApp } from "./setup.ts";

test("a page under another name of its host reads and posts from there, under that scheme alone", async () => {
  const it = await testApp();
  const log = { id: it.services.newId(), at: it.services.now(), by: "test", action: "site" } as const;
  await it.services.store.updateSite(it.site.id, { aliases: { "www.blog.example": "blog.example" } }, log);
  const url = "https://www.blog.example/post";
  const origin = "https://www.blog.example";
  expect((await it.post({ url }, { origin })).status).toBe(201);
  const response = await it.get(`/api/v1/thread?url=${encodeURIComponent(url)}`, { origin });
  expect(response.headers.get("access-control-allow-origin")).toBe(origin);
  expect(((await response.json()) as Thread).page).toMatchObject({ url: PAGE, count: 1 });
  for (const stranger of [
    "http://www.blog.example",
    "https://www.blog.example:8443",
    "https://w.www.blog.example",
    "https://WWW.blog.example",
  ]) {
    expect((await it.post({ url, body: stranger }, { origin: stranger })).status, stranger).toBe(403);
  }
  await it.close();
});
