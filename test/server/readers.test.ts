import { afterAll, beforeAll, expect, test } from "vitest";
import { openReaderSession } from "../../server/auth/reader-session.ts";
import type { Account } from "../../server/store/readers.ts";
import { ORIGIN, PAGE, type TestApp, testApp } from "./setup.ts";

let it: TestApp;
beforeAll(async () => {
  it = await testApp();
});
afterAll(() => it.close());

const account = (name: string): Account => {
  const { services, site } = it;
  return { site: site.id, id: services.newId(), provider: "work", name, email: "", emailVerified: false, createdAt: services.now() };
};

test("a comment carries the name of the account, whatever the browser says", async () => {
  const { id } = await it.services.store.keepAccount(account("Anna Figure"), "a");
  const authorization = `Bearer ${await openReaderSession(it.services, it.site.id, id)}`;
  const { comment } = (await (await it.post({ body: "By name.", name: "Mallory" }, { authorization })).json()) as {
    comment: { name: string };
  };
  expect(comment.name).toBe("Anna Figure");
});

test("a session ends 30 days after its last use, and at once where it is signed out", async () => {
  const kept = await it.services.store.keepAccount(account("Ben"), "c");
  const token = await openReaderSession(it.services, it.site.id, kept.id);
  const authorization = `Bearer ${token}`;
  const post = async (body: string) => (await it.post({ body }, { authorization })).status;
  const day = 86_400_000;
  it.pass(29 * day);
  expect(await post("After 29 days.")).toBe(201);
  it.pass(29 * day);
  expect(await post("And after 29 more.")).toBe(201);
  expect((await it.send("POST", "/api/v1/auth/sign-out", { url: PAGE }, { authorization, origin: ORIGIN })).status).toBe(204);
  expect(await post("Signed out.")).toBe(401);
  const other = await openReaderSession(it.services, it.site.id, kept.id);
  it.pass(30 * day);
  expect((await it.post({ body: "Too late." }, { authorization: `Bearer ${other}` })).status).toBe(401);
});

test("who wrote it signed in edits and takes it back from any browser, for as long as any author may; nobody else does", async () => {
  const sessionOf = async (name: string) => {
    const { id } = await it.services.store.keepAccount(account(name), name);
    const open = async () => ({ authorization: `Bearer ${await openReaderSession(it.services, it.site.id, id)}` });
    return { one: await open(), another: await open() };
  };
  const [cleo, dan] = [await sessionOf("Cleo"), await sessionOf("Dan")];
  const write = async (body: string, headers = {}) =>
    ((await (await it.post({ body, email: "" + body.length + "@reader.example" }, headers)).json()) as { comment: { id: string } }).comment
      .id;
  const path = (id: string) => `/api/v1/sites/${it.site.id}/comments/${id}`;
  const edit = async (id: string, body: string, headers: Record<string, string>) =>
    (await it.send("PATCH", path(id), { body }, headers)).status;
  const mine = await write("What Cleo wrote.", cleo.one);
  expect(await it.services.store.comment(it.site.id, mine)).toMatchObject({ name: "Cleo" });
  expect(await edit(mine, "Better.", cleo.another)).toBe(200);
  expect(await (await it.get(path(mine), cleo.another)).json()).toMatchObject({ source: "Better." });
  expect(await (await it.get(path(mine), dan.one)).json()).not.toHaveProperty("source");
  expect(await edit(mine, "Worse.", dan.one)).toBe(401);
  expect((await it.send("DELETE", path(mine), undefined, dan.one)).status).toBe(401);
  expect(await edit(await write("A guest's words."), "Mine now.", cleo.one)).toBe(401);
  expect(await edit(mine, "Nobody's.", { authorization: `Bearer ${"x".repeat(43)}` })).toBe(401);
  const short = await write("To be taken back.", cleo.one);
  expect(await (await it.send("DELETE", path(short), undefined, cleo.another)).json()).toEqual({ comment: null });
  it.pass(900_001);
  expect(await edit(mine, "Too late.", cleo.another)).toBe(403);
});
