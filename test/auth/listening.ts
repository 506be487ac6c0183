import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server of its own on a free port of this machine. */
export interface Listening {
  url: string;
  /** host:port, for OUTBOUND_ALLOW. */
  place: string;
  /** What came in, as “POST /token”. */
  asked: string[];
  close(): Promise<void>;
}

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  /** What was sent, and the same read as a form. */
  body: string;
  form: URLSearchParams;
  json(status: number, value: unknown, type?: string): void;
  /** The browser goes on to an address with these parameters. */
  sendOn(address: string, params: Record<string, string>, hash?: string): void;
}

export async function listen(answer: (exchange: Exchange) => unknown): Promise<Listening> {
  const server = createServer((request, response) => void take(request, response));
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? "/", at.url);
    at.asked.push(`${request.method} ${url.pathname}`);
    let body = "";
    for await (const chunk of request) body += String(chunk);
    await answer({
      request,
      response,
      url,
      body,
      form: new URLSearchParams(body),
      json: (status, value, type = "application/json; charset=utf-8") =>
        void response.writeHead(status, { "content-type": type }).end(JSON.stringify(value)),
      sendOn(address, params, hash = "") {
        const to = new URL(address);
        for (const [name, value] of Object.entries(params)) to.searchParams.set(name, value);
        response.writeHead(302, { location: to.href + hash }).end();
      },
    });
  };
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const at: Listening = {
    url: `http://${place}`,
    place,
    asked: [],
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return at;
}

/** What a provider has to know of us to let readers come back. */
export const CLIENT = { client: "comments", secret: "a secret+that/only=the tests know" };

/** As the browser goes there and back to us; the path with its query, "" where it was not sent back. */
export async function backFrom(address: string): Promise<string> {
  const cookies = new Map<string, string>();
  for (let at = address, hops = 0; hops < 10; hops++) {
    const response = await fetch(at, { redirect: "manual", headers: { cookie: [...cookies].map((pair) => pair.join("=")).join("; ") } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get("location");
    if (location === null) return "";
    const to = new URL(location, at);
    if (to.host === "comments.example") return to.pathname + to.search;
    at = to.href;
  }
  return "";
}
