import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Posted, Thread } from "../../server/wire/comment.ts";
import type { Settings } from "../../server/wire/settings.ts";
import { PAGE, type TestApp, testApp } from "./setup.ts";

let servers: [TestApp, TestApp];
const start = async (settings: Partial<Settings> = {}) => {
  const first = await testApp({ engine: "postgres", settings });
  servers = [first, await testApp({ beside: first })];
};
const stop = async () => {
  await servers[1].close();
  await servers[0].close();
};

const read = async (server: TestApp) => (await (await server.get(`/api/v1/thread?url=${encodeURIComponent(PAGE)}`)).json()) as Thread;

/** Reads until it is as expected: word of a change comes from the other server in its own time. */
async function until<T>(look: () => Promise<T>, fits: (found: T) => boolean): Promise<T> {
  for (;;) {
    const found = await look();
    if (fits(found)) return found;
    // What is read from memory alone would never let word arrive.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("two servers on one database", () => {
  beforeEach(() => start());
  afterEach(stop);

  test("show each other's comments at once, though each keeps its answers ready", async () => {
    for (const server of servers) expect((await read(server)).comments).toEqual([]);
    for (let i = 1; i <= 6; i++) {
      await servers[i % 2]!.post({ body: `Number ${i}`, email: `reader${i}@reader.example` });
      for (const server of servers) {
        const { comments } = await until(
          () => read(server),
          ({ comments }) => comments.length === i,
        );
        expect(comments).toHaveLength(i);
      }
    }
  });

  test("take a form token that the other issued, once", async () => {
    const token = await servers[0].token();
    expect((await servers[1].post({ token })).status).toBe(201);
    expect((await servers[0].post({ token, body: "Again." })).status).toBe(403);
  });

  test("give the same answer to the same request, whichever gets it", async () => {
    const fields = { token: await servers[0].token() };
    const answers = await Promise.all([0, 1, 0, 1].map((i) => servers[i]!.post(fields, { "idempotency-key": "one" })));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    const ids = await Promise.all(answers.map(async (answer) => ((await answer.json()) as Posted).comment.id));
    expect(new Set(ids).size).toBe(1);
  });

  test("let who wrote at one edit at the other", async () => {
    const { comment, editToken } = (await (await servers[0].post()).json()) as Posted;
    const path = `/api/v1/sites/${servers[0].site.id}/comments/${comment.id}`;
    const edited = await servers[1].send("PATCH", path, { body: "Better so." }, { authorization: `Bearer ${editToken}` });
    expect(edited.status).toBe(200);
  });

  test("know each other's sites", async () => {
    const site = { name: "Two", origins: ["https://two.example"], aliases: {}, settings: servers[0].site.settings, createdAt: 0 };
    const { services } = servers[0];
    await servers[1].services.sites.all();
    await services.store.addSite(site, { id: services.newId(), at: 0, by: "test", action: "site" });
    const all = await until(
      () => servers[1].services.sites.all(),
      (sites) => sites.length === 2,
    );
    expect(all.map(({ name }) => name)).toEqual(["Blog", "Two"]);
  });

  test("take a passkey's challenge that the other made, once, for what it was made for", async () => {
    const [one, other] = servers.map(({ services }) => services.challenges) as [
      TestApp["services"]["challenges"],
      TestApp["services"]["challenges"],
    ];
    await one.keep("a", "login");
    expect(await other.take("a", "add olga")).toBe(false);
    expect((await Promise.all([one, other, one, other].map((challenges) => challenges.take("a", "login")))).filter(Boolean)).toHaveLength(
      1,
    );
    await one.keep("b", "login");
    for (const { pass } of servers) pass(301_000);
    expect(await other.take("b", "login")).toBe(false);
  });

  test("count guesses at sign-in together, and forgive them together", async () => {
    const attempt = (i: number) => servers[i % 2]!.services.throttle.attempt("an address", "olga");
    for (let i = 0; i < 10; i++) await attempt(i);
    for (const i of [0, 1]) await expect(attempt(i)).rejects.toMatchObject({ code: "too_many", details: { retryAfter: 60 } });
    await servers[0].services.throttle.succeeded("an address", "olga");
    for (let i = 0; i < 10; i++) await attempt(i);
    await expect(attempt(1)).rejects.toMatchObject({ code: "too_many" });
    expect(await servers[0].services.store.value("address_salt")).toBeNull();
  });

  test("do not start with another key, and say so", async () => {
    const error = await testApp({ beside: servers[0], config: { secretKey: "another key, which signs nothing here either" } }).then(
      () => null,
      (error: unknown) => error as Error,
    );
    expect(error).toMatchObject({ name: "Unusable", message: expect.stringMatching(/^SECRET_KEY is not the one/) as string });
  });
});

describe("limits on speed over two servers", () => {
  afterEach(stop);
  const post = (i: number, more: object = {}) => servers[i % 2]!.post({ body: `Number ${i}`, email: `reader${i}@reader.example`, ...more });

  test("count comments of one address together", async () => {
    await start({ burst: 3, perHour: 60 });
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await post(i)).status);
    expect(statuses).toEqual([201, 201, 201, 429, 429, 429]);
    expect(Number((await post(6)).headers.get("retry-after"))).toBeGreaterThan(50);
    for (const { pass } of servers) pass(61_000);
    expect((await post(7)).status).toBe(201);
  });

  test("count the pause between two comments of one e-mail together", async () => {
    await start({ floor: 15 });
    const ada = { email: "ada@reader.example" };
    expect((await post(0, ada)).status).toBe(201);
    const early = await post(1, ada);
    expect([early.status, early.headers.get("retry-after")]).toEqual([429, "15"]);
    expect((await post(3)).status).toBe(201);
    for (const { pass } of servers) pass(15_000);
    expect((await post(1, ada)).status).toBe(201);
  });

  test("give the place back to whose comment was not kept", async () => {
    await start({ floor: 15 });
    const ada = { email: "ada@reader.example", token: await servers[0].token() };
    const answers = await Promise.all([0, 1].map((i) => servers[i]!.post({ ...ada, body: "The same." }, { "idempotency-key": "one" })));
    expect(answers.map(({ status }) => status).toSorted()[0]).toBe(201);
    for (const { pass } of servers) pass(15_000);
    expect((await post(1, { email: ada.email })).status).toBe(201);
  });
});
