import type { ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import * as v from "valibot";
import { followPage, requireLive } from "../comments/live.ts";
import { retryLine } from "../live/beats.ts";
import type { Channel, Listener } from "../live/hub.ts";
import { seats, socketsForStreams } from "../live/seats.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import { LIMITS, LIVE_PAGES } from "../wire/limits.ts";
import { LiveEvent } from "../wire/live.ts";
import type { Endpoint } from "./endpoint.ts";
import { EXPOSED, securityHeaders } from "./headers.ts";
import { type Addresses, check, type Env, originOf } from "./request.ts";

export const LIVE_PATH = "/api/v1/live";
const EVENT_STREAM = "text/event-stream";

const Url = v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.url));
const Version = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number));
const LiveQuery = v.object({
  url: v.pipe(v.array(Url), v.minLength(1), v.maxLength(LIVE_PAGES)),
  after: v.optional(v.array(Version), []),
});

export const liveEndpoints: Endpoint[] = [
  {
    method: "get",
    path: LIVE_PATH,
    summary:
      "What changes on a page, or on several of one browser, as server-sent events (HTML 9.2). The id of an event is the page's version, the cursor. `after` is the version that the asker has, one for each `url` in the same order; without it the stream begins now. Of several pages those that may not be followed are left out.",
    query: LiveQuery,
    headers: { "Last-Event-ID": "Goes on after this version, instead of `after`, where one page is followed." },
    type: EVENT_STREAM,
    answers: { 200: { description: "A stream of messages; the data of each is JSON.", schema: LiveEvent } },
  },
];

export function liveRoutes(services: Services, from: Addresses): Hono<Env> {
  const app = new Hono<Env>();
  const { liveStreams, liveStreamsPerAddress } = services.config;
  const free = seats({ all: Math.min(liveStreams, socketsForStreams()), perAddress: liveStreamsPerAddress });

  app.get(LIVE_PATH, async (c) => {
    const { url: urls, after } = check(LiveQuery, c.req.queries());
    if (after.length > 0 && after.length !== urls.length) throw new Refusal("invalid");
    const origin = originOf(c);
    const known = urls.length === 1 ? (lastEventId(c) ?? after[0]) : undefined;
    const followed = await allowed(urls.map((url, n) => follow(services, { url, origin, after: known ?? after[n] })));
    return stream(services, c, {
      followed,
      until: Number.POSITIVE_INFINITY,
      headers: { vary: "Origin", ...(origin && { "access-control-allow-origin": origin, "access-control-expose-headers": EXPOSED }) },
      leave: free.take(from.subscriber(c)),
    });
  });

  return app;
}

async function follow(
  services: Services,
  { url, origin, after }: { url: string; origin: string | null; after: number | undefined },
): Promise<Followed> {
  const place = await services.sites.locate(url);
  services.sites.admit(place.site, origin, true);
  requireLive(place);
  const cursor = after ?? (await services.store.page(place.site.id, place.key))?.version ?? 0;
  return { channel: followPage(services, place), cursor };
}

/** Those that are not refused. Where all are, the refusal of the first. */
async function allowed(all: Promise<Followed>[]): Promise<Followed[]> {
  const settled = await Promise.allSettled(all);
  const refused = settled.filter((one) => one.status === "rejected");
  const bug = refused.find(({ reason }) => !(reason instanceof Refusal));
  if (bug ?? refused.length === settled.length) throw (bug ?? refused[0]!).reason;
  return settled.filter((one) => one.status === "fulfilled").map(({ value }) => value);
}

function lastEventId(c: Context): number | null {
  const id = c.req.header("last-event-id") ?? "";
  return /^\d{1,15}$/.test(id) ? Number(id) : null;
}

export interface Followed {
  channel: Channel;
  /** The version that the asker has. */
  cursor: number;
}

export interface Stream {
  followed: Followed[];
  /** Milliseconds since 1970. */
  until: number;
  headers: Record<string, string>;
  /** Called once it is over. */
  leave: () => void;
}

/** Answers with a stream, on the raw response: through a Web stream each listener would take three times the memory. */
export async function stream(services: Services, c: Context<Env>, { followed, until, headers, leave }: Stream): Promise<Response> {
  const { outgoing } = c.env as { outgoing?: ServerResponse };
  if (!outgoing || outgoing.destroyed || c.req.method === "HEAD") {
    leave();
    return c.body(null, 200, { ...headers, "content-type": EVENT_STREAM });
  }
  const line = new Line(outgoing, {
    ...securityHeaders(services.config),
    "content-type": EVENT_STREAM,
    "cache-control": "no-store, no-transform",
    "x-accel-buffering": "no",
    "x-request-id": c.get("requestId"),
    ...headers,
  });
  const outs: (() => void)[] = [];
  const goOut = () => {
    for (const out of outs) out();
  };
  outgoing.once("close", () => {
    leave();
    goOut();
  });
  try {
    for (const { channel, cursor } of followed) outs.push(await services.live.join(channel, new LineListener(line, cursor, until)));
    if (outgoing.destroyed) goOut();
    else line.send(retryLine());
  } catch (error) {
    goOut();
    if (!outgoing.headersSent) throw error;
    line.end(retryLine());
  }
  // A copy, since what frames every answer writes headers into it.
  return RESPONSE_ALREADY_SENT.clone();
}

/** So many bytes may wait for a reader that takes none; then it has to come again. */
const SLOWEST = 64 * 1024;

/** Classes, and nothing in them but this: there are ten thousand of each. */
class Line {
  readonly #response: ServerResponse;
  #head: Record<string, string> | null;

  constructor(response: ServerResponse, head: Record<string, string>) {
    this.#response = response;
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

class LineListener implements Listener {
  cursor: number;
  readonly until: number;
  readonly #line: Line;

  constructor(line: Line, cursor: number, until: number) {
    this.#line = line;
    this.cursor = cursor;
    this.until = until;
  }

  send(bytes: Buffer): void {
    this.#line.send(bytes);
  }

  end(lastWords: Buffer): void {
    this.#line.end(lastWords);
  }
}
