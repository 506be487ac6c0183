import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readConfig } from "../../server/config.ts";
import { type Running, serve } from "../../server/main.ts";
import { DEADLINES } from "../../server/connections.ts";

const quiet = { info: () => {}, warn: () => {}, error: () => {} };
let folder: string;
let running: Running;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "youfigure-"));
  const config = readConfig({ DATABASE_URL: `file:${join(folder, "test.db")}`, PORT: "0" });
  // The same deadlines, shorter: these are what the server sets, and what node then does.
  running = await serve(config, {
    log: quiet,
    deadlines: { headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 50, idle: 5_000 },
  });
});
afterEach(async () => {
  await running.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the server says before it closes the connection. */
const saidTo = (half: string) =>
  new Promise<string>((resolve) => {
    const { hostname, port } = new URL(running.url);
    let said = "";
    const socket = connect(Number(port), hostname).setEncoding("utf8");
    socket.on("data", (text: string) => (said += text)).on("close", () => resolve(said));
    socket.on("error", () => {});
    socket.write(half);
  });

test("a head that does not end and a body that does not come are cut off while others are answered (S-40)", async () => {
  const halves = Array.from({ length: 40 }, (_, i) =>
    saidTo(i % 2 === 0 ? "GET / HTTP/1.1\r\nx-a: " : "POST /api/v1/comments HTTP/1.1\r\nhost: x\r\ncontent-length: 900\r\n\r\n{"),
  );
  expect((await fetch(`${running.url}/healthz`)).status).toBe(200);
  for (const said of await Promise.all(halves)) expect(said).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect((await fetch(`${running.url}/healthz`)).status).toBe(200);
});

test("the deadlines that a server has without being told are those of S-40", () => {
  expect(DEADLINES).toEqual({ headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 1_000, idle: 60_000 });
});
