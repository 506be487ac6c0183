import { afterAll, beforeAll, expect, test } from "vitest";
import type { Posted, Thread } from "../../server/wire/comment.ts";
import { PAGE, type TestApp, testApp } from "./setup.ts";

let it: TestApp;
beforeAll(async () => void (it = await testApp({ settings: { holdLinks: 1, trashWords: ["pills"] } })));
afterAll(() => it.close());

const LINK = "See https://elsewhere.example";
const titleOf = async (url: string) =>
  ((await (await it.get(`/api/v1/thread?url=${encodeURIComponent(url)}`)).json()) as Thread).page.title;
const write = async (fields: object) =>
  ((await (await it.post({ email: `${Math.random()}@reader.example`, ...fields })).json()) as Posted).comment;
const approve = (id: string) =>
  it.services.store.setStatus([{ site: it.site.id, id }], "approved", null, {
    id: it.services.newId(),
    at: it.services.now(),
    by: "test",
    action: "status",
  });

test("a title that came with spam, trash or a waiting comment is shown to no reader", async () => {
  for (const [name, fields] of Object.entries({ spam: { phone: "1" }, trash: { body: "pills" }, held: { body: LINK } })) {
    const url = `${PAGE}/hidden-${name}`;
    await write({ url, title: "zztitlezz", ...fields });
    for (const path of ["/api/v1/thread?url=", "/thread?url=", "/thread?fragment&url="]) {
      expect(await (await it.get(path + encodeURIComponent(url))).text(), `${name} ${path}`).not.toContain("zztitlezz");
    }
  }
});

test("the first public comment gives the page its title, whatever came with others before", async () => {
  const url = `${PAGE}/later`;
  await write({ url, title: "Theirs", body: LINK });
  await write({ url, title: "The post" });
  expect(await titleOf(url)).toBe("The post");
  const untitled = `${PAGE}/untitled`;
  await write({ url: untitled, title: "Theirs", body: LINK });
  await write({ url: untitled });
  expect(await titleOf(untitled)).toBeUndefined();
});

test("an approved comment brings the title it came with, unless another that waits came with another", async () => {
  const url = `${PAGE}/approved`;
  const { id } = await write({ url, title: "The post", body: LINK });
  await write({ url, title: "The post", body: `${LINK}/too` });
  await approve(id);
  expect(await titleOf(url)).toBe("The post");
  const disputed = `${PAGE}/disputed`;
  await write({ url: disputed, title: "Theirs", body: LINK });
  await approve((await write({ url: disputed, title: "The post", body: `${LINK}/too` })).id);
  expect(await titleOf(disputed)).toBeUndefined();
});
