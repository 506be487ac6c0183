import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Posted } from "../../server/wire/comment.ts";
import { PAGE, type TestApp, testApp } from "./setup.ts";

let it: TestApp;
beforeAll(async () => void (it = await testApp()));
afterAll(() => it.close());

const log = () => ({ id: it.services.newId(), at: it.services.now(), by: "test", action: "status" as const });
const write = async (fields: object) =>
  ((await (await it.post({ email: `${Math.random()}@reader.example`, ...fields })).json()) as Posted).comment;

/** Everything that anyone can read about a page and one of its comments. */
async function publicOutputs(url: string, id: string): Promise<Map<string, string>> {
  const page = encodeURIComponent(url);
  const paths = [
    ...["", "&sort=newest", `&around=${id}`, `&parent=${id}`, `&after=${id}`].flatMap((more) => [
      `/api/v1/thread?url=${page}${more}`,
      `/thread?url=${page}${more}`,
      `/thread?url=${page}${more}&fragment`,
    ]),
    `/thread?url=${page}&reply=${id}`,
    `/api/v1/counts?url=${page}`,
    `/api/v1/sites/${it.site.id}/comments/${id}`,
  ];
  const outputs = new Map<string, string>();
  for (const path of paths) outputs.set(path, await (await it.get(path)).text());
  return outputs;
}

describe("what is not approved is in no public output", () => {
  for (const status of ["held", "spam", "trash", "removed"] as const) {
    for (const answered of [false, true]) {
      test(`${status}, ${answered ? "with a visible reply: a stub" : "without replies: nothing"}`, async () => {
        const url = `${PAGE}/${status}-${answered}`;
        const hidden = await write({ url, body: "zzsecretbodyzz", name: "zzsecretnamezz", website: "https://zzsecretsite.example" });
        await write({ url, body: "Another, to keep the page" });
        if (answered) await write({ url, body: "A reply", parent: hidden.id });
        const ref = { site: it.site.id, id: hidden.id };
        if (status === "removed") await it.services.store.purge([ref], log());
        else await it.services.store.setStatus([ref], status, "moderator", log());
        for (const [path, text] of await publicOutputs(url, hidden.id)) {
          expect(text, path).not.toMatch(/zzsecret/);
          if (path.startsWith("/api/v1/counts")) expect(JSON.parse(text), path).toEqual({ counts: { [url]: answered ? 2 : 1 } });
        }
        const thread = (await (await it.get(`/api/v1/thread?url=${encodeURIComponent(url)}`)).json()) as {
          comments: { id: string; removed?: true }[];
        };
        expect(thread.comments.some(({ id, removed }) => id === hidden.id && removed)).toBe(answered);
        if (status === "removed") return;
        await it.services.store.setStatus([ref], status === "held" ? "approved" : "former", null, log());
        expect(await (await it.get(`/api/v1/thread?url=${encodeURIComponent(url)}`)).text()).toContain("zzsecretbodyzz");
      });
    }
  }
});
