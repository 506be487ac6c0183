import { afterEach, beforeEach, expect, test } from "vitest";
import type { OwnComment, Posted, Thread } from "../../server/wire/comment.ts";
import { PAGE, type TestApp, testApp } from "./setup.ts";

let it: TestApp;
beforeEach(async () => void (it = await testApp()));
afterEach(() => it.close());

const path = (id: string, site = it.site.id) => `/api/v1/sites/${site}/comments/${id}`;
const write = async (fields = {}) => (await (await it.post(fields)).json()) as Posted;
const bearer = ({ editToken }: Posted) => ({ authorization: `Bearer ${editToken}` });
const thread = async () => (await (await it.get(`/api/v1/thread?url=${encodeURIComponent(PAGE)}`)).json()) as Thread;

test("the source comes back to the byte", async () => {
  const body = "  *a* \\_ <b>&amp;</b>\n\n\tcode\n";
  const mine = await write({ body: body.replaceAll("\n", "\r\n") });
  const own = (await (await it.get(path(mine.comment.id), bearer(mine))).json()) as OwnComment;
  expect(own.source).toBe(body);
});

test("an edit shows, marked, and keeps what was", async () => {
  const mine = await write();
  const response = await it.send("PATCH", path(mine.comment.id), { body: "Better *so*." }, bearer(mine));
  expect(response.status).toBe(200);
  const { comments } = await thread();
  expect(comments[0]?.editedAt).toBeDefined();
  expect(comments[0]?.body).toEqual([[0, "Better ", [2, "so"], "."]]);
  expect(comments[0]?.version).toBeGreaterThan(mine.comment.version);
  const [earlier] = await it.services.store.revisions(it.site.id, mine.comment.id);
  expect(earlier?.source).toBe("What a good thought.");
});

test("an edit goes through the rules again", async () => {
  const mine = await write();
  await it.send("PATCH", path(mine.comment.id), { body: "https://a.example https://b.example" }, bearer(mine));
  expect((await thread()).comments).toEqual([]);
  const own = (await (await it.get(path(mine.comment.id), bearer(mine))).json()) as OwnComment;
  expect(own.comment.held).toBe(true);
});

test("an edit of what waits goes through the rules again, too", async () => {
  await it.close();
  it = await testApp({ settings: { holdAll: true, trashWords: ["pills"] } });
  const mine = await write();
  expect((await it.send("PATCH", path(mine.comment.id), { body: "Buy pills" }, bearer(mine))).status).toBe(200);
  expect(await it.services.store.comment(it.site.id, mine.comment.id)).toMatchObject({
    status: "trash",
    former: "held",
    reason: "disallowed_word",
  });
  const own = (await (await it.get(path(mine.comment.id), bearer(mine))).json()) as OwnComment;
  expect(own).toMatchObject({ source: "Buy pills", comment: { held: true } });
});

test("an edit never leaves moderation", async () => {
  await it.close();
  it = await testApp({ settings: { holdAll: true } });
  const mine = await write();
  await it.send("PATCH", path(mine.comment.id), { body: "Harmless." }, bearer(mine));
  expect((await thread()).comments).toEqual([]);
});

test("edits and comments draw from one bucket, but an edit waits for no floor", async () => {
  await it.close();
  it = await testApp({ settings: { burst: 3, perHour: 60, floor: 15 } });
  const mine = await write();
  const edit = (body: string) => it.send("PATCH", path(mine.comment.id), { body }, bearer(mine));
  expect([(await edit("one")).status, (await edit("")).status, (await edit("two")).status]).toEqual([200, 422, 200]);
  const third = await edit("three");
  expect([third.status, third.headers.get("retry-after")]).toEqual([429, "60"]);
  expect((await it.post({ email: "ben@reader.example" })).status).toBe(429);
  it.pass(60_000);
  expect((await edit("three")).status).toBe(200);
});

test("only with this comment's own token, within its time, and not one bit off", async () => {
  const [mine, other] = [await write(), await write({ body: "Other", email: "b@reader.example" })];
  const edit = (headers: Record<string, string>) => it.send("PATCH", path(mine.comment.id), { body: "Mine now" }, headers);
  expect((await edit({})).status).toBe(401);
  expect((await edit(bearer(other))).status).toBe(401);
  const flipped = mine.editToken.slice(0, -2) + (mine.editToken.at(-2) === "A" ? "B" : "A") + mine.editToken.at(-1);
  expect((await edit({ authorization: `Bearer ${flipped}` })).status).toBe(401);
  const later = `z${mine.editToken}`;
  expect((await edit({ authorization: `Bearer ${later}` })).status).toBe(401);
  it.pass(900_001);
  expect((await edit(bearer(mine))).status).toBe(403);
  expect((await it.get(path(mine.comment.id), bearer(mine))).status).toBe(200);
  expect((await thread()).comments[0]?.body).toEqual([[0, "What a good thought."]]);
});

test("another site's path does not reach it", async () => {
  const mine = await write();
  expect((await it.get(path(mine.comment.id, 99), bearer(mine))).status).toBe(404);
  expect((await it.get(path("not-an-id"), bearer(mine))).status).toBe(404);
});

test("taken back without replies it is gone; with replies a stub stays", async () => {
  const first = await write();
  const reply = await write({ parent: first.comment.id, body: "Reply", email: "b@reader.example" });
  const gone = await it.send("DELETE", path(first.comment.id), undefined, bearer(first));
  expect(await gone.json()).toMatchObject({ comment: { removed: true, name: "", body: [] } });
  const { comments, page } = await thread();
  expect(page.count).toBe(1);
  expect(comments.map(({ removed, name }) => [removed, name])).toEqual([
    [true, ""],
    [undefined, "Anna"],
  ]);
  expect(JSON.stringify(comments)).not.toContain("What a good thought");
  expect(await (await it.send("DELETE", path(reply.comment.id), undefined, bearer(reply))).json()).toEqual({ comment: null });
  expect((await thread()).comments).toEqual([]);
  expect((await it.get(path(first.comment.id), bearer(first))).status).toBe(404);
  expect((await it.send("PATCH", path(first.comment.id), { body: "x" }, bearer(first))).status).toBe(404);
});
