import { afterEach, describe, expect, it } from "vitest";
import type { Posted, Thread } from "../../server/wire/comment.ts";
import { type Panel, panelApp } from "../panel/owner.ts";
import { PAGE } from "../server/setup.ts";

const DAY = 86_400_000;
let app: Panel;
afterEach(() => app.close());

const isIn = async () => (await app.ask("GET", "/sites")).status === 200;
const idOf = async (response: Response) => {
  expect(response.status).toBe(201);
  return ((await response.json()) as Posted).comment.id;
};
const shown = async () =>
  ((await (await app.get(`/api/v1/thread?url=${encodeURIComponent(PAGE)}`)).json()) as Thread).comments.map(({ id }) => id);

describe("a clock that jumps (R-07)", () => {
  it("a day back or forth signs nobody out", async () => {
    app = await panelApp();
    for (const jump of [-DAY, 2 * DAY, -DAY]) {
      app.pass(jump);
      expect(await isIn()).toBe(true);
    }
  });

  it("back from a year ahead leaves no session that lives for a year", async () => {
    app = await panelApp();
    app.pass(-365 * DAY);
    expect(await isIn()).toBe(false);
  });

  it("back keeps the order in which comments came, and each is shown", async () => {
    app = await panelApp();
    const ids: string[] = [];
    for (const jump of [0, -DAY, 1, DAY, -DAY]) {
      app.pass(jump);
      ids.push(await idOf(await app.post({ body: `Comment ${ids.length}` })));
    }
    expect(await shown()).toEqual(ids);
    expect(ids.toSorted()).toEqual(ids);
  });

  it("back keeps nobody from writing, and forth gives nobody more than a full bucket", async () => {
    app = await panelApp({ settings: { floor: 15, burst: 2, perHour: 60 } });
    const status = async (body: string) => (await app.post({ body })).status;
    expect(await status("One")).toBe(201);
    expect(await status("At once")).toBe(429);
    app.pass(-DAY);
    expect(await status("A day earlier")).toBe(201);
    app.pass(2 * DAY);
    expect([await status("Two days later"), await status("Again")]).toEqual([201, 429]);
    app.pass(20_000);
    expect(await status("And a while after")).toBe(201);
  });

  it("turns the salt of addresses that the future left behind", async () => {
    app = await panelApp();
    app.pass(365 * DAY);
    await idOf(await app.post({ body: "From the future" }));
    const ahead = await app.services.store.value("address_salt");
    expect(ahead).not.toBeNull();
    const today = await panelApp();
    await today.services.store.setValue("address_salt", ahead!);
    await idOf(await today.post({ body: "From today" }));
    expect(await today.services.store.value("address_salt")).not.toBe(ahead);
    await today.close();
  });

  it("by the hour that summer takes or gives changes nothing: times are UTC", async () => {
    app = await panelApp();
    const { comment } = (await (await app.post()).json()) as Posted;
    expect(comment.createdAt).toMatch(/Z$/);
    app.pass(3_600_000);
    expect(await shown()).toEqual([comment.id]);
  });
});
