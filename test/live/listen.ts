/** A browser's side of a stream of server-sent events, over a socket of its own. */
import { type IncomingHttpHeaders, request } from "node:http";
import type { LiveEvent } from "../../server/wire/live.ts";

export interface Message {
  id: string;
  data: LiveEvent;
}

export interface Listening {
  status: number;
  headers: IncomingHttpHeaders;
  /** The next message, waiting for it. Rejects when the stream is over. */
  next(): Promise<Message>;
  /** All that came, to the byte. */
  text(): string;
  /** Resolves when the server has ended it. */
  ended: Promise<void>;
  /** Takes nothing more from the socket, as a reader who is stuck. */
  stall(): void;
  close(): void;
}

/** Resolves once the head is here. `from` is the loopback address that it comes from. */
export function listen(url: string, headers: Record<string, string> = {}, from = "127.0.0.1"): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, agent: false, localAddress: from }, (response) => {
      const messages: Message[] = [];
      let waiting: { resolve: (message: Message) => void; reject: (error: Error) => void } | null = null;
      let text = "";
      let rest = "";
      let over = false;
      const ended = new Promise<void>((done) =>
        response.once("close", () => {
          over = true;
          waiting?.reject(new Error("the stream is over"));
          done();
        }),
      );
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        const blocks = (rest + chunk).split("\n\n");
        rest = blocks.pop() as string;
        messages.push(...blocks.flatMap(parse));
        if (!waiting || messages.length === 0) return;
        waiting.resolve(messages.shift() as Message);
        waiting = null;
      });
      // A server that goes away is what some tests are about.
      response.on("error", () => undefined);
      resolve({
        status: response.statusCode as number,
        headers: response.headers,
        next: () => {
          const message = messages.shift();
          if (message) return Promise.resolve(message);
          if (over) return Promise.reject(new Error("the stream is over"));
          return new Promise((taken, failed) => (waiting = { resolve: taken, reject: failed }));
        },
        text: () => text,
        ended,
        stall: () => void response.pause(),
        close: () => void asked.destroy(),
      });
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** One block of lines as HTML 9.2.6 reads it; none where it has no data. */
function parse(block: string): Message[] {
  const fields = new Map<string, string>();
  for (const line of block.split(/\r\n|\n|\r/)) {
    const at = line.indexOf(":");
    const name = at === -1 ? line : line.slice(0, at);
    const value = at === -1 ? "" : line.slice(at + 1).replace(/^ /, "");
    fields.set(name, name === "data" && fields.has("data") ? `${fields.get("data")}\n${value}` : value);
  }
  const data = fields.get("data");
  return data === undefined ? [] : [{ id: fields.get("id") ?? "", data: JSON.parse(data) as LiveEvent }];
}
