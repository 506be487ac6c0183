import { expect, test } from "vitest";
import type { Posted } from "../../server/wire/comment.ts";
import { ORIGIN, PAGE, testApp } from "./setup.ts";

test("requests that race under one Idempotency-Key give back no more than they took", async () => {
  const it = await testApp({ settings: { burst: 4, perHour: 1 } });
  let stored = 0;
  for (let round = 0; round < 8; round++) {
    const racing = [1, 2, 3].map((n) =>
      it.post({ body: `Text ${round} ${n}`, email: `${round}-${n}@reader.example` }, { "idempotency-key": `key-${round}` }),
    );
    stored += (await Promise.all(racing)).filter(({ status }) => status === 201).length;
  }
  expect(stored).toBe(4);
  await it.close();
});

test("a request that is sent again while the first is under way gets its answer, though the words are said by then", async () => {
  const it = await testApp();
  const { store } = it.services;
  const fields = { token: await it.token() };
  const key = { "idempotency-key": "once" };
  const { page } = store;
  let goOn = () => {};
  const waits = new Promise<void>((resolve) => {
    // The first to ask for the page has looked for an answer under its key already.
    store.page = async (...asked) => {
      store.page = page;
      const until = new Promise<void>((go) => void (goOn = go));
      resolve();
      await until;
      return page(...asked);
    };
  });
  const late = it.post(fields, key);
  await waits;
  const stored = await it.post(fields, key);
  goOn();
  expect(stored.status).toBe(201);
  const repeated = await late;
  expect(repeated.status).toBe(201);
  expect(((await repeated.json()) as Posted).comment.id).toBe(((await stored.json()) as Posted).comment.id);
  await it.close();
});

test("what stores nothing is limited by subscriber too: a whole IPv6 /64 is one", async () => {
  const it = await testApp();
  const preview = async (remoteAddress: string) => {
    const headers = { origin: ORIGIN, "content-type": "application/json" };
    const request = { method: "POST", headers, body: JSON.stringify({ url: PAGE, body: "x" }) };
    return (await it.app.request("/api/v1/preview", request, { incoming: { socket: { remoteAddress } } })).status;
  };
  const statuses = new Set<number>();
  for (let i = 1; i <= 100; i++) statuses.add(await preview(`2001:db8::${i.toString(16)}`));
  expect([...statuses]).toEqual([200, 429]);
  expect(await preview("2001:db8:0:1::1")).toBe(200);
  await it.close();
});
