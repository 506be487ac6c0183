/** What the built server is measured beside, each in a process of its own: started by serveControl() of processes.ts. */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";

export interface Control {
  kind: "hono" | "node" | "hono-post";
  /** Path -> body, base64. */
  bodies: Record<string, string>;
  headers: Record<string, string>;
}

process.once("disconnect", () => process.exit());
process.once("message", (control: Control) => {
  const server = createServer(listenerOf(control)).listen(0, "127.0.0.1", () => {
    process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
});

function listenerOf({ kind, bodies, headers }: Control): RequestListener {
  const prepared = new Map(Object.entries(bodies).map(([path, body]) => [path, Buffer.from(body, "base64")] as const));
  if (kind === "node") {
    return (request, response) => {
      const body = prepared.get(request.url!)!;
      response.writeHead(200, { ...headers, "content-length": body.length }).end(body);
    };
  }
  const app = new Hono();
  for (const [path, body] of prepared) app.get(path, (c) => c.body(body as Uint8Array<ArrayBuffer>, 200, headers));
  app.post("/api/v1/comments", async (c) => c.json({ read: Object.keys((await c.req.json()) as object).length }, 201));
  const listener = getRequestListener(app.fetch);
  return (request, response) => void listener(request, response);
}
