import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PAGE, type TestApp, testApp } from "./setup.ts";

const TOKEN = "a-monitor-knows-this";

describe("/metrics", () => {
  let it: TestApp;
  beforeAll(async () => void (it = await testApp({ config: { metricsToken: TOKEN } })));
  afterAll(() => it.close());
  const read = (token?: string) => it.get("/metrics", token === undefined ? {} : { authorization: `Bearer ${token}` });

  test("is for who has the token alone", async () => {
    expect((await read()).status).toBe(401);
    expect((await read("")).status).toBe(401);
    expect((await read(`${TOKEN}x`)).status).toBe(401);
    expect((await read(TOKEN)).status).toBe(200);
  });

  test("counts requests by the pattern of their route, and says what the store did, in figures without names", async () => {
    await it.post({ body: "zzmarkerzz", email: "marker@reader.example" });
    await it.get(`/api/v1/thread?url=${encodeURIComponent(PAGE)}`);
    await it.get("/nothing-of-ours-zzmarkerzz");
    const response = await read(TOKEN);
    expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    expect(text).toMatch(/youfigure_request_seconds_count\{(?=.*route="\/api\/v1\/comments")(?=.*method="POST")(?=.*status="201").*\} 1\n/);
    expect(text).toMatch(/youfigure_request_seconds_count\{(?=.*route="\/api\/v1\/thread")(?=.*status="200").*\} 1\n/);
    expect(text).toMatch(/^youfigure_store_writes 1$/m);
    expect(text).toMatch(/^youfigure_prepared_threads 1$/m);
    expect(text).toMatch(/^youfigure_live_streams 0$/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(text).not.toMatch(/zzmarkerzz|marker@|blog\.example/);
  });
});

test("without a token there is no /metrics", async () => {
  const it = await testApp();
  expect((await it.get("/metrics", { authorization: "Bearer " })).status).toBe(404);
  await it.close();
});
