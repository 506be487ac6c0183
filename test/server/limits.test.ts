import { expect, test } from "vitest";
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
