import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readConfig } from "../../server/config.ts";
import { type Running, serve } from "../../server/main.ts";

let running: Running;
let folder: string;
const lines: { level: string; message: string; status?: number }[] = [];
/** Called with each line of the log. */
let onLine: () => void = () => undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "youfigure-connections-"));
  const log = (level: string) => (fields: object, message: string) => {
    lines.push({ level, message, ...fields });
    onLine();
  };
  const config = readConfig({ PORT: "0", PUBLIC_URL: "https://comments.example", DATABASE_URL: `file:${join(folder, "test.db")}` });
  running = await serve(config, { log: { info: log("info"), warn: log("warn"), error: log("error") } });
});
afterAll(async () => {
  await running.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => void (lines.length = 0));

const HEAD = "POST /api/v1/comments HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
const open = () => connect(Number(new URL(running.url).port), "127.0.0.1");
async function answerTo(text: string): Promise<string> {
  const socket = open();
  let answer = "";
  socket.on("data", (chunk) => void (answer += chunk.toString("latin1")));
  socket.write(text);
  await once(socket, "close");
  return answer;
}

test("who hangs up while sending is no bug in the log", async () => {
  const socket = open();
  socket.write(`${HEAD}Content-Length: 500\r\n\r\n{"url"`);
  const logged = new Promise<void>((resolve) => {
    onLine = () => void (lines.some(({ message }) => message === "request") && resolve());
  });
  await once(socket, "connect");
  socket.end();
  await logged;
  expect(lines.filter(({ level }) => level !== "info")).toEqual([]);
});

test("a body is counted as it comes, whatever is said of its length", async () => {
  const chunk = `2710\r\n${"a".repeat(10_000)}\r\n`;
  const socket = open();
  let answer = "";
  socket.on("data", (data) => void (answer += data.toString("latin1")));
  socket.on("error", () => undefined);
  socket.write(`${HEAD}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n`);
  for (let i = 0; i < 40; i++) socket.write(chunk);
  await once(socket, "close");
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(await answerTo(`${HEAD}Connection: close\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}`)).toMatch(/^HTTP\/1\.1 400 /);
  expect(await answerTo(`${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
});

test("the name in Host has no effect, and one that is none is refused", async () => {
  const panel = (host: string) => answerTo(`GET /panel HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  expect(await panel("evil.example")).not.toContain("evil");
  expect(await panel("a@b:99999")).toMatch(/^HTTP\/1\.1 400 /);
});
