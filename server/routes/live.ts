import type { ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import * as v from "valibot";
import { followPage, requireLive } from "../comments/live.ts";
import { retryLine } from "../live/beats.ts";
import type { Channel, Listener } from "../live/hub.ts";
import { seats, socketsForStreams } from "../live/seats.ts";
import type { Services } from "../services.ts";
import { LIMITS } from "../wire/limits.ts";
import { LiveEvent } from "../wire/live.ts";
import type { Endpoint } from "./endpoint.ts";
import { EXPOSED, securityHeaders } from "./headers.ts";
import { type Addresses, type Env, originOf, readQuery } from "./request.ts";

export const LIVE_PATH = "/api/v1/live";
const EVENT_STREAM = "text/event-stream";

const LiveQuery = v.object({
  url: v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.url)),
  after: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number))),
});

export const liveEndpoints: Endpoint[] = [
  {
    method: "get",
    path: LIVE_PATH,
    summary:
      "What changes on a page, as server-sent events (HTML 9.2). The id of an event is the page's version, the cursor. `after` is the version that the asker has; without it the stream begins now.",
    query: LiveQuery,
    headers: { "Last-Event-ID": "Goes on after this version, instead of `after`." },
    type: EVENT_STREAM,
    answers: { 200: { description: "A stream of messages; the data of each is JSON.", schema: LiveEvent } },
  },
];

export function liveRoutes(services: Services, from: Addresses): Hono<Env> {
  const app = new Hono<Env>();
  const { liveStreams, liveStreamsPerAddress } = services.config;
  const free = seats({ all: Math.min(liveStreams, socketsForStreams()), perAddress: liveStreamsPerAddress });

  app.get(LIVE_PATH, async (c) => {
    const { url, after } = readQuery(c, LiveQuery);
    const place = await services.sites.locate(url);
    const origin = originOf(c);
    services.sites.admit(place.site, origin, true);
    requireLive(place);
    const cursor = lastEventId(c) ?? after ?? (await services.store.page(place.site.id, place.key))?.version ?? 0;
    return stream(services, c, {
      channel: followPage(services, place),
      cursor,
      until: Number.POSITIVE_INFINITY,
      headers: { vary: "Origin", ...(origin && { "access-control-allow-origin": origin, "access-control-expose-headers": EXPOSED }) },
      leave: free.take(from.subscriber(c)),
    });
  });

  return app;
}

function lastEventId(c: Context): number | null {
  const id = c.req.header("last-event-id") ?? "";
  return /^\d{1,15}$/.test(id) ? Number(id) : null;
}

export interface Stream {
  channel: Channel;
  /** The version that the asker has. */
  cursor: number;
  /** Milliseconds since 1970. */
  until: number;
  headers: Record<string, string>;
  /** Called once it is over. */
  leave: () => void;
}

/** Answers with a stream, on the raw response: through a Web stream each listener would take three times the memory. */
export async function stream(services: Services, c: Context<Env>, { channel, cursor, until, headers, leave }: Stream): Promise<Response> {
  const { outgoing } = c.env as { outgoing?: ServerResponse };
  if (!outgoing || outgoing.destroyed || c.req.method === "HEAD") {
    leave();
    return c.body(null, 200, { ...headers, "content-type": EVENT_STREAM });
  }
  const listener = new ResponseListener(outgoing, cursor, until, {
    ...securityHeaders(services.config),
    "content-type": EVENT_STREAM,
    "cache-control": "no-store, no-transform",
    "x-accel-buffering": "no",
    "x-request-id": c.get("requestId"),
    ...headers,
  });
  let out: (() => void) | null = null;
  outgoing.once("close", () => {
    leave();
    out?.();
  });
  try {
    out = await services.live.join(channel, listener);
    if (outgoing.destroyed) out();
    else listener.send(retryLine());
  } catch (error) {
    if (!outgoing.headersSent) throw error;
    listener.end(retryLine());
  }
  // A copy, since what frames every answer writes headers into it.
  return RESPONSE_ALREADY_SENT.clone();
}

/** So many bytes may wait for a reader that takes none; then it has to come again. */
const SLOWEST = 64 * 1024;

/** A class, and nothing in it but this: there are ten thousand of them. */
class ResponseListener implements Listener {
  cursor: number;
  readonly until: number;
  readonly #response: ServerResponse;
  #head: Record<string, string> | null;

  constructor(response: ServerResponse, cursor: number, until: number, head: Record<string, string>) {
    this.#response = response;
    this.cursor = cursor;
    this.until = until;
    this.#head = head;
  }

  /** The head goes with the first bytes, so that until then the request can still be refused. */
  send(bytes: Buffer): void {
    const response = this.#response;
    if (response.destroyed || response.writableEnded) return;
    if (this.#head) response.writeHead(200, this.#head);
    this.#head = null;
    if (response.writableLength > SLOWEST) response.destroy();
    else response.write(bytes);
  }

  /** Asked a second time, it does not wait for the reader to take the last words. */
  end(lastWords: Buffer): void {
    if (this.#response.writableEnded) this.#response.destroy();
    else this.#response.end(lastWords);
  }
}
