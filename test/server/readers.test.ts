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
