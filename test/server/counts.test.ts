import { afterAll, beforeAll, expect, test } from "vitest";
import { pageCounts } from "../../server/comments/page-counts.ts";
import { PAGE, type TestApp, testApp } from "./setup.ts";

let it: TestApp;
beforeAll(async () => {
  it = await testApp();
});
afterAll(() => it.close());

const OTHER = `${PAGE}/other`;
const KEY = PAGE.replace("https://", "");
const counts = async () => {
  const answer = await it.get(`/api/v1/counts?${[PAGE, OTHER].map((url) => `url=${encodeURIComponent(url)}`).join("&")}`);
  return ((await answer.json()) as { counts: Record<string, number> }).counts;
};

test("a listing's counts follow each comment that comes and goes, however often they were asked before", async () => {
  expect(await counts()).toEqual({ [PAGE]: 0, [OTHER]: 0 });
  expect((await it.post({ body: "One." })).status).toBe(201);
  expect(await counts()).toEqual({ [PAGE]: 1, [OTHER]: 0 });
  expect(await counts()).toEqual({ [PAGE]: 1, [OTHER]: 0 });
  const { comment, editToken } = (await (await it.post({ body: "Two.", url: OTHER })).json()) as {
    comment: { id: string };
    editToken: string;
  };
  expect(await counts()).toEqual({ [PAGE]: 1, [OTHER]: 1 });
  const path = `/api/v1/sites/${it.site.id}/comments/${comment.id}`;
  expect((await it.send("DELETE", path, undefined, { authorization: `Bearer ${editToken}` })).status).toBe(200);
  expect(await counts()).toEqual({ [PAGE]: 1, [OTHER]: 0 });
});

test("what was read before a change is not remembered after it", async () => {
  const { store } = it.services;
  let read: () => void = () => undefined;
  let letGo: () => void = () => undefined;
  const isRead = new Promise<void>((done) => (read = done));
  const gate = new Promise<void>((done) => (letGo = done));
  const slow: Pick<typeof store, "counts" | "onChange"> = {
    onChange: store.onChange,
    async counts(site, keys) {
      const found = await store.counts(site, keys);
      read();
      await gate;
      return found;
    },
  };
  const remembered = pageCounts(slow);
  const asked = remembered.of(it.site.id, new Set([KEY]));
  await isRead;
  await it.post({ body: "Meanwhile." });
  letGo();
  const before = (await asked).get(KEY)!;
  expect((await remembered.of(it.site.id, new Set([KEY]))).get(KEY)).toBe(before + 1);
});
