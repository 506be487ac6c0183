import { expect, test } from "vitest";
import type { Posted } from "../../server/wire/comment.ts";
import { PAGE, type TestApp, testApp } from "./setup.ts";

const log = ({ services }: TestApp) => ({ id: services.newId(), at: services.now(), by: "test", action: "status" as const });

async function submitPlainly(it: TestApp, body: string): Promise<string> {
  const form = new URLSearchParams({ url: PAGE, body, name: "Anna", email: "anna@reader.example", token: await it.token() });
  const headers = { origin: "https://comments.example", "content-type": "application/x-www-form-urlencoded" };
  const response = await it.app.request("/thread", { method: "POST", headers, body: form.toString() });
  expect(response.status).toBe(303);
  return (response.headers.get("location") as string).split("#")[0] as string;
}

test("a text that went to the trash for a word looks to its author as if it waited, wherever they look", async () => {
  const it = await testApp({ settings: { trashWords: ["pills"] } });
  const page = await it.get(await submitPlainly(it, "pills, zzminezz"));
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("zzminezz");
  const { comment, editToken } = (await (await it.post({ body: "pills again" })).json()) as Posted;
  const headers = { authorization: `Bearer ${editToken}` };
  const path = `/api/v1/sites/${it.site.id}/comments/${comment.id}`;
  expect(await (await it.get(path, headers)).json()).toMatchObject({ comment: { held: true }, source: "pills again" });
  expect((await it.send("PATCH", path, { body: "pills, edited" }, headers)).status).toBe(200);
  expect((await it.get(path)).status).toBe(404);
  expect((await it.post({ body: "pills again" })).status, "said already, as if it waited").toBe(409);
  expect((await it.send("DELETE", path, undefined, headers)).status).toBe(200);
  expect((await it.get(path, headers)).status, "taken back").toBe(404);
  expect((await it.post({ body: "pills again" })).status).toBe(202);
  await it.close();
});

test("the plain page still opens for someone whose waiting comment was thrown away", async () => {
  const it = await testApp({ settings: { holdAll: true } });
  const path = await submitPlainly(it, "zzthrownzz");
  const id = new URL(path, PAGE).searchParams.get("mine") as string;
  await it.services.store.setStatus([{ site: it.site.id, id }], "trash", "moderator", log(it));
  const page = await it.get(path);
  expect(page.status).toBe(200);
  expect(await page.text()).not.toContain("zzthrownzz");
  await it.close();
});

test("a repeat of a post that was deleted for good is told so, and gets no empty comment", async () => {
  const it = await testApp();
  const input = { body: "First", token: await it.token() };
  const headers = { "idempotency-key": "once" };
  const { comment } = (await (await it.post(input, headers)).json()) as Posted;
  await it.post({ body: "A reply", parent: comment.id, email: "ben@reader.example" });
  await it.services.store.purge([{ site: it.site.id, id: comment.id }], log(it));
  expect((await it.post(input, headers)).status).toBe(404);
  await it.close();
});
