import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Blog, commentOf, makeBlog, post, requestOf } from "./blog.ts";
import { startServer } from "./process.ts";
import { recount } from "./recount.ts";

let blog: Blog;
beforeEach(async () => {
  blog = await makeBlog();
});
afterEach(() => blog.remove());

/** Sends a request's head; resolves when the server has it in hand and asks for the body (RFC 9110 10.1.1). */
async function begin(url: string, body: string): Promise<Socket> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding("utf8");
  const { headers } = requestOf({}, "begun");
  const head = Object.entries({ host, ...(headers as object), "content-length": Buffer.byteLength(body), expect: "100-continue" });
  socket.write(`POST /api/v1/comments HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${String(value)}\r\n`).join("")}\r\n`);
  const [said] = (await once(socket, "data")) as [string];
  expect(said).toMatch(/^HTTP\/1\.1 100 /);
  return socket;
}

/** Resolves when nobody listens there any more. */
async function refuses(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  for (;;) {
    const socket = connect(Number(port), hostname);
    const refused = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(false)).once("error", () => resolve(true));
    });
    socket.destroy();
    if (refused) return;
  }
}

it("answers what was under way when it is told to stop, takes nothing new, and ends well", async () => {
  const server = await startServer(blog);
  const body = JSON.stringify(commentOf(blog, 0, null));
  const socket = await begin(server.url, body);
  server.kill("SIGTERM");
  await refuses(server.url);
  socket.write(body);
  const [answer] = (await once(socket, "data")) as [string];
  expect(answer).toMatch(/^HTTP\/1\.1 201 /);
  expect(await server.ended).toEqual({ code: 0, signal: null, stderr: "" });
  const { times, wrong } = await recount(blog.database, blog.site);
  expect([...times.keys()]).toEqual([0]);
  expect(wrong).toEqual([]);
});

it("keeps all that it acknowledged under load when it is told to stop", async () => {
  const server = await startServer(blog);
  const acknowledged: string[] = [];
  let n = 0;
  const write = async () => {
    for (;;) {
      const mine = n++;
      const id = await post(server.url, commentOf(blog, mine, null), `key-${mine}`).catch((error: unknown) => {
        // Refused or cut off where the server was gone before the request: it was never acknowledged.
        if (error instanceof TypeError) return null;
        throw error;
      });
      if (id === null) return;
      acknowledged.push(id);
      if (acknowledged.length === 40) server.kill("SIGTERM");
    }
  };
  await Promise.all(Array.from({ length: 8 }, write));
  expect((await server.ended).code).toBe(0);
  const { ids, wrong } = await recount(blog.database, blog.site);
  expect(acknowledged.length).toBeGreaterThanOrEqual(40);
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  expect(wrong).toEqual([]);
});
