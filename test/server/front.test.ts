import { createServer, type IncomingHttpHeaders, request } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { front } from "../../server/front.ts";
import { ORIGIN, PAGE, type TestApp, testApp } from "./setup.ts";

let it: TestApp;
let port: number;
/** How many requests the listener in front answered itself. */
let inFront = 0;
let close: () => Promise<void>;

beforeAll(async () => {
  it = await testApp();
  await it.post();
  const answers = front(it.services);
  const behind = getRequestListener(it.app.fetch);
  const server = createServer((incoming, outgoing) => {
    if (incoming.headers["x-behind"] === undefined && answers(incoming, outgoing)) inFront++;
    else void behind(incoming, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
  close = () => new Promise((resolve) => server.close(() => resolve()));
});
afterAll(async () => {
  await close();
  await it.close();
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}
const get = (path: string, headers: Record<string, string> = {}) =>
  new Promise<Answer>((resolve, reject) => {
    request({ port, host: "127.0.0.1", path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode as number, headers: response.headers, body: Buffer.concat(chunks).toString("base64") }),
      );
    })
      .on("error", reject)
      .end();
  });

/** Asks until the listener in front has learnt where this leads. */
async function learnt(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  for (let tries = 0; tries < 100; tries++) {
    const before = inFront;
    const answer = await get(path, headers);
    if (inFront > before) return answer;
  }
  throw new Error("never answered in front");
}

const comparable = ({ status, headers, body }: Answer) => {
  const { "x-request-id": id, date: _, connection: __, "keep-alive": ___, "transfer-encoding": ____, ...rest } = headers;
  return { status, body, id: typeof id, rest: Object.fromEntries(Object.entries(rest).sort()) };
};

const THREAD = `/api/v1/thread?url=${encodeURIComponent(`${PAGE}?utm_source=x`)}`;

test("a prepared read and the route behind it answer alike, to the header", async () => {
  const { headers } = await get(THREAD, { "x-behind": "1" });
  const cases: Record<string, string>[] = [
    {},
    { origin: ORIGIN },
    { "accept-encoding": "br, gzip" },
    { "accept-encoding": "gzip", origin: ORIGIN },
    { "if-none-match": headers.etag as string, origin: ORIGIN },
    { "if-none-match": '"another"', "accept-encoding": "*" },
  ];
  for (const asked of cases) {
    expect(comparable(await learnt(THREAD, asked)), JSON.stringify(asked)).toEqual(
      comparable(await get(THREAD, { ...asked, "x-behind": "1" })),
    );
  }
});

test("what must be refused is never answered in front", async () => {
  await learnt(THREAD);
  const before = inFront;
  expect((await get(THREAD, { origin: "https://evil.example" })).status).toBe(403);
  expect((await get(`${THREAD}&sort=best`)).status).toBe(422);
  expect((await get(`${THREAD}&url=x`)).status).toBe(422);
  for (let again = 0; again < 3; again++) {
    expect((await get(THREAD.replace("/thread?", "/threads?"))).status).toBe(404);
    expect((await get(THREAD.replace("/thread?", "/thread/?"))).status).toBe(404);
  }
  expect((await get("/api/v1/thread?url=https%3A%2F%2Fother.example%2F")).status).toBe(403);
  expect(inFront).toBe(before);
});

test("a new comment is in the next answer, a changed site in the next decision", async () => {
  const first = await learnt(THREAD, { origin: ORIGIN });
  await it.post({ body: "New" });
  const second = await get(THREAD, { origin: ORIGIN });
  expect(second.headers.etag).not.toBe(first.headers.etag);
  await learnt(THREAD, { origin: ORIGIN });
  const move = async (origin: string) => {
    const log = { id: it.services.newId(), at: it.services.now(), by: "test", action: "site" as const };
    await it.services.store.updateSite(it.site.id, { origins: [origin] }, log);
  };
  await move("https://moved.example");
  expect((await get(THREAD, { origin: ORIGIN })).status).toBe(403);
  await move(ORIGIN);
  await learnt(THREAD, { origin: ORIGIN });
});
