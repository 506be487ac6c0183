import { afterAll, beforeAll, expect, test } from "vitest";
import { openReaderSession } from "../../server/auth/reader-session.ts";
import type { Account, SignIn } from "../../server/store/readers.ts";
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

test("one subject is one account, under the name that it has today; another subject of the same name is another", async () => {
  const { store } = it.services;
  const first = await store.keepAccount(account("Anna"), "a");
  const renamed = await store.keepAccount(account("Anna Figure"), "a");
  expect(renamed.id).toBe(first.id);
  const token = await openReaderSession(it.services, it.site.id, first.id);
  const { comment } = (await (await it.post({ body: "By name.", name: "Mallory" }, { authorization: `Bearer ${token}` })).json()) as {
    comment: { name: string };
  };
  expect(comment.name).toBe("Anna Figure");
  expect((await store.keepAccount(account("Anna Figure"), "b")).id).not.toBe(first.id);
});

test("of two who move a sign-in on, one finds it moved", async () => {
  const { store } = it.services;
  const signIn: SignIn = { site: it.site.id, hash: "h", step: "started", held: "{}", expiresAt: it.services.now() + 60_000 };
  await store.addSignIn(signIn);
  const moved = await Promise.all([1, 2, 3].map(() => store.moveSignIn({ ...signIn, step: "sent" }, "started")));
  expect(moved.filter(Boolean)).toHaveLength(1);
  expect((await store.signIn(it.site.id, "h"))?.step).toBe("sent");
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
