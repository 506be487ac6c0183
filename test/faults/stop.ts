/** R-08: the server is told to stop while requests are under way and many listen. */
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { type Blog, commentOf, pageOf, requestOf } from "./blog.ts";
import { openEars, roomFor } from "./ears.ts";
import { bars, ms, type Outcome } from "./fault.ts";
import { startServer } from "./process.ts";
import { recount } from "./recount.ts";

export interface Stop extends Outcome {
  /** Milliseconds from the signal to the end. */
  took: number;
}

/** So many requests are begun, so many listen; then it is told to stop. What was begun is answered, who listens is asked to come again. */
export async function stopUnderLoad(blog: Blog, { begun, listeners }: { begun: number; listeners: number }): Promise<Stop> {
  const { wrong, must } = bars();
  const server = await startServer({ ...blog, env: { ...blog.env, ...roomFor(listeners) } });
  const ears = await openEars(server.url, pageOf(0), listeners);
  const bodies = Array.from({ length: begun }, (_, n) => JSON.stringify(commentOf(blog, n, null)));
  const sockets = await Promise.all(bodies.map((body, n) => begin(server.url, body, `begun-${n}`)));
  server.kill("SIGTERM");
  const began = performance.now();
  await refuses(server.url);
  const left = await Promise.all(ears.map(({ over }) => over));
  const answers = await Promise.all(sockets.map((socket, n) => finish(socket, bodies[n]!)));
  const { code, stderr } = await server.ended;
  const took = performance.now() - began;
  must(code === 0 && stderr === "", `it ended with ${code}: ${stderr}`);
  const stored = answers.filter((answer) => answer.startsWith("HTTP/1.1 201 ")).length;
  const later = answers.filter((answer) => answer.startsWith("HTTP/1.1 503 ")).length;
  must(stored + later === begun, `${begun - stored - later} of ${begun} requests that were under way got no answer`);
  must(later === 0 || begun > 32, `${later} were put off`);
  must(left.every(Boolean), "a stream was cut off, not ended");
  must(
    ears.every(({ retry }) => retry > 0),
    "who listened was not asked to come again",
  );
  must(!existsSync(`${blog.database}-wal`), "the log was not copied back into the file");
  const { ids, wrong: miscounted } = await recount(blog.database, blog.site);
  must(ids.size === stored, `${ids.size} comments are there, ${stored} were acknowledged`);
  wrong.push(...miscounted);
  return {
    wrong,
    took,
    seen: `${begun} requests under way, ${listeners} listeners: ${stored} stored and answered, ${later} put off, none dropped; every stream ended with a word when to come again; the log copied back; ended after ${ms(took)}`,
  };
}

/** Sends a request's head; resolves when the server has it in hand and asks for the body (RFC 9110 10.1.1). */
export async function begin(url: string, body: string, key = "begun"): Promise<Socket> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding("utf8");
  const { headers } = requestOf({}, key);
  const head = Object.entries({ host, ...(headers as object), "content-length": Buffer.byteLength(body), expect: "100-continue" });
  socket.write(`POST /api/v1/comments HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${String(value)}\r\n`).join("")}\r\n`);
  const [said] = (await once(socket, "data")) as [string];
  if (!said.startsWith("HTTP/1.1 100 ")) throw new Error(`The server did not ask for the body: ${said}`);
  return socket;
}

/** Sends the body; resolves to the beginning of the answer, or to nothing where the line broke before one came. */
export function finish(socket: Socket, body: string): Promise<string> {
  return new Promise((resolve) => {
    socket
      .once("data", resolve)
      .once("error", () => resolve(""))
      .once("close", () => resolve(""));
    socket.write(body);
  });
}

/** Resolves when nobody listens there any more. */
export async function refuses(url: string): Promise<void> {
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
