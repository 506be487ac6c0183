import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { addressMatcher, subscriberOf, unmapped } from "./comments/address.ts";
import { type Config, isLoopback } from "./config.ts";
import { EXPOSED, securityHeaders } from "./routes/headers.ts";
import type { Services } from "./services.ts";
import { MESSAGES } from "./wire/messages.ts";
import type { RefusalWire } from "./wire/refusal.ts";

/**
 * For node:http, in milliseconds. Who takes longer to send a request is cut off, as is a connection on which nothing
 * moves (a reader who takes no more; live streams have a heartbeat within it).
 */
export const DEADLINES = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 1_000, idle: 60_000 };

/** Writes under way at once, over all sites: about a quarter of a second of work. */
const MOST = 256;
/** Seconds after which a refused writer may come again. */
const AGAIN = 2;

export interface Shares {
  /** Whether one more of `sharer` may begin. */
  admits(sharer: string): boolean;
  begin(sharer: string): void;
  end(sharer: string): void;
}

/**
 * Shares `most` places so that a newcomer always finds one: each has an equal part, and one part stays free. Who has
 * none under way is let in even when all are taken, up to twice as many in all.
 */
export function fairShares(most: number): Shares {
  const under = new Map<string, number>();
  let total = 0;
  return {
    admits(sharer) {
      const own = under.get(sharer) ?? 0;
      if (own === 0) return total < 2 * most;
      return total < most && own < Math.max(1, Math.floor(most / (under.size + 1)));
    },
    begin(sharer) {
      under.set(sharer, (under.get(sharer) ?? 0) + 1);
      total++;
    },
    end(sharer) {
      const left = under.get(sharer)! - 1;
      if (left === 0) under.delete(sharer);
      else under.set(sharer, left);
      total--;
    },
  };
}

/**
 * Refuses writes before anything of them is read or parsed when too many are under way; reads pass. A site is known by
 * the Origin header, since nothing else is there yet; all whom no site knows share one part. Returns whether it refused.
 */
export function sheds(services: Services, most = MOST): (request: IncomingMessage, response: ServerResponse) => boolean {
  const shares = fairShares(most);
  const security = Object.entries(securityHeaders(services.config)).flat();
  const known = knownOrigins(services);
  const refuse = ({ method, headers: { origin = "" } }: IncomingMessage, response: ServerResponse) => {
    const cors = known(origin) ? ["access-control-allow-origin", origin, "access-control-expose-headers", EXPOSED] : [];
    response.writeHead(503, [...security, ...REFUSED_HEADERS, ...cors]).end(REFUSED);
    services.metrics?.answered({ method: method as string, route: "(shed)", status: 503 }, 0);
  };
  return (request, response) => {
    const { method } = request;
    if (method === "GET" || method === "HEAD" || method === "OPTIONS") return false;
    const { origin = "" } = request.headers;
    const sharer = known(origin) ? origin : "";
    if (!shares.admits(sharer)) {
      refuse(request, response);
      return true;
    }
    hold(shares, sharer, { request, response });
    return false;
  };
}

/** Which origins a site of ours has, as far as it was asked before: the answer is there at once and may be a request late. */
function knownOrigins({ sites, store, log }: Services): (origin: string) => boolean {
  const known = new Map<string, boolean>();
  store.onChange((change) => {
    if (change === "all") known.clear();
  });
  const learn = async (origin: string) => {
    const found = await sites.known(origin);
    if (known.size >= ORIGINS) known.clear();
    known.set(origin, found);
  };
  return (origin) => {
    const found = known.get(origin);
    if (found === undefined && origin !== "")
      learn(origin).catch((error: unknown) => log.error({ error: String(error) }, "sites not read"));
    return found === true;
  };
}
/** So many are remembered, then all are asked for again: whoever makes them up fills no memory. */
const ORIGINS = 10_000;

/** Takes a place from the moment the whole request is here, so that a slow sender takes none, until it is answered. */
function hold(shares: Shares, sharer: string, { request, response }: { request: IncomingMessage; response: ServerResponse }): void {
  const begin = () => {
    if (response.closed) return;
    shares.begin(sharer);
    response.once("close", () => shares.end(sharer));
  };
  const bodyless = request.headers["transfer-encoding"] === undefined && !Number(request.headers["content-length"] ?? 0);
  if (bodyless) begin();
  else request.once("end", begin);
}

const REFUSED = JSON.stringify({ error: { code: "busy", message: MESSAGES.busy } } satisfies RefusalWire);
const REFUSED_HEADERS = [
  "content-type",
  "application/json; charset=utf-8",
  "content-length",
  String(Buffer.byteLength(REFUSED)),
  "cache-control",
  "no-store",
  "vary",
  "Origin",
  "retry-after",
  String(AGAIN),
];

/** Open connections of one IPv4 address or IPv6 /64. A browser opens six. */
const PER_ADDRESS = 200;

/** How many connections an address may have: no limit for our own proxies, nor where only this machine can connect. */
export function connectionLimit({ host, trustedProxies }: Pick<Config, "host" | "trustedProxies">): (address: string) => number {
  const isTrusted = addressMatcher(trustedProxies);
  return (address) => (isLoopback(host) || isTrusted(address) ? Number.POSITIVE_INFINITY : PER_ADDRESS);
}

/** Closes connections beyond the limit as they are opened. */
export function limitConnections(server: Server, limitOf: (address: string) => number): void {
  const open = new Map<string, number>();
  server.on("connection", (socket: Socket) => {
    if (socket.remoteAddress === undefined) return;
    const address = unmapped(socket.remoteAddress);
    const sharer = subscriberOf(address);
    const count = (open.get(sharer) ?? 0) + 1;
    if (count > limitOf(address)) return void socket.destroy();
    open.set(sharer, count);
    socket.once("close", () => {
      const left = open.get(sharer)! - 1;
      if (left === 0) open.delete(sharer);
      else open.set(sharer, left);
    });
  });
}
