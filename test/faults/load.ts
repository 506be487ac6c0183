/** Many clients at once over kept connections, cheaper than fetch: the load must not be what the machine is busy with. */
import { Agent, request } from "node:http";
import { commentOf, ORIGIN } from "./blog.ts";

export interface Answer {
  status: number;
  /** Milliseconds from the first byte sent to the last received. */
  took: number;
  retryAfter: string | undefined;
}

/** With 0 connections each request opens one of its own. */
export function clients(url: string, connections: number) {
  const agent = connections > 0 && new Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections, scheduling: "fifo" });
  const { hostname, port } = new URL(url);
  const send = (method: string, path: string, { headers = {}, body = "" }: { headers?: Record<string, string>; body?: string } = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const began = performance.now();
      const sent = request({ agent, hostname, port, method, path, headers }, (response) => {
        response.resume().on("end", () => {
          const { statusCode, headers: got } = response;
          resolve({ status: statusCode as number, took: performance.now() - began, retryAfter: got["retry-after"] });
        });
      });
      sent.on("error", (error) => {
        // The server may end a kept connection at the moment it is used again; who has a key sends again, as browsers do.
        if (sent.reusedSocket) send(method, path, { headers, body }).then(resolve, reject);
        else reject(error);
      });
      sent.end(body);
    });
  let n = 0;
  return {
    get: (path: string) => send("GET", path),
    /** Opens all connections: a server takes on one in each turn of its event loop. */
    connect: () => Promise.all(Array.from({ length: connections }, () => send("GET", "/healthz"))),
    /** A comment that nobody wrote before. */
    write(site: number, origin = ORIGIN) {
      const mine = n++;
      const comment = { ...commentOf({ site }, mine, null), url: `${origin}/page-${mine % 50}` };
      const headers = { "content-type": "application/json", origin, "idempotency-key": `${origin}#${mine}` };
      return send("POST", "/api/v1/comments", { headers, body: JSON.stringify(comment) });
    },
    close: () => agent && agent.destroy(),
  };
}

/** Each of `count` clients goes on doing it until `done()`. Returns all answers. */
export async function keepDoing(count: number, done: () => boolean, deed: () => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  const one = async () => {
    while (!done()) answers.push(await deed());
  };
  await Promise.all(Array.from({ length: count }, one));
  return answers;
}
