import { expect, test } from "vitest";
import { Refusal } from "../../server/refusal.ts";
import { PAGE, testApp } from "./setup.ts";

test("why the store refuses is told to the operator, and not to the reader", async () => {
  const it = await testApp();
  const { store } = it.services;
  const full = Object.assign(new Refusal("busy", { retryAfter: 5 }), { cause: new Error("database or disk is full") });
  store.add = () => Promise.reject(full);
  const response = await it.post();
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await response.text()).not.toContain("disk");
  expect(it.lines.filter(({ level }) => level === "error").map(({ fields }) => fields["error"])).toEqual([
    "Error: database or disk is full",
  ]);
  await it.close();
});

test("the sites are read again after a read of them failed", async () => {
  const it = await testApp();
  const { store } = it.services;
  const { sites } = store;
  store.sites = () => Promise.reject(new Error("the disk hiccups"));
  const read = async () => (await it.get(`/api/v1/thread?url=${encodeURIComponent(PAGE)}`)).status;
  expect(await read()).toBe(500);
  store.sites = sites;
  expect(await read()).toBe(200);
  await it.close();
});
