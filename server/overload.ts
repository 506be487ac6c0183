import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { headCount } from "./head-count.ts";
import { EXPOSED, securityHeaders } from "./routes/headers.ts";
import type { Services } from "./services.ts";
import { MESSAGES } from "./wire/messages.ts";
import type { RefusalWire } from "./wire/refusal.ts";

/** Writes that are let in, over all sites: about a quarter of a second of work. */
const MOST = 256;
/**
 * Of these so many are worked on at once, enough to share commits. What one turn of the event loop does must stay
 * short: libuv accepts one new connection a turn, and a reader who comes now would wait behind all of it.
 */
const AT_ONCE = 32;
/** Of the same reason so many begin within one turn. */
const A_TURN = 3;
/** Milliseconds after which who still waits is refused: something keeps the store from writing. */
const PATIENCE = 5_000;
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
  const under = headCount();
  return {
    admits(sharer) {
      const own = under.of(sharer);
      if (own === 0) return under.total() < 2 * most;
      return under.total() < most && own < Math.max(1, Math.floor(most / (under.kinds() + 1)));
    },
    begin: under.add,
    end: under.remove,
  };
}

interface Waiting {
  sharer: string;
  since: number;
  request: IncomingMessage;
  response: ServerResponse;
}

/**
 * Stands before what answers writes (`behind`); reads pass. Few writes at once are let through, site by site in turn;
 * who comes when too many wait is refused before anything of the request is parsed. A site is known by the Origin
 * header, since nothing else is there yet; all whom no site knows share one part.
 */
export function turnstile(
  services: Services,
  behind: RequestListener,
  { most = MOST, atOnce = AT_ONCE, aTurn = A_TURN } = {},
): RequestListener {
  const shares = fairShares(most);
  const known = knownOrigins(services);
  const refuse = refusals(services, known);
  const queues = new Map<string, Waiting[]>();
  let running = 0;
  /** Within this turn. */
  let begun = 0;

  const start = ({ sharer, request, response }: Waiting) => {
    running++;
    if (begun++ === 0) setImmediate(nextTurn);
    response.once("close", () => {
      running--;
      shares.end(sharer);
      next();
    });
    behind(request, response);
  };
  const nextTurn = () => {
    begun = 0;
    next();
  };
  const isRoom = () => running < atOnce && begun < aTurn;
  const whoseTurn = () => (isRoom() ? takeTurn(queues) : undefined);
  const next = () => {
    for (let waiting = whoseTurn(); waiting; waiting = whoseTurn()) {
      const late = performance.now() - waiting.since > PATIENCE;
      if (!late && !waiting.response.closed) {
        start(waiting);
        continue;
      }
      shares.end(waiting.sharer);
      if (late) refuse(waiting.request, waiting.response);
    }
  };
  const enter = (waiting: Waiting) => {
    if (isRoom()) return start(waiting);
    const queue = queues.get(waiting.sharer);
    if (queue) queue.push(waiting);
    else queues.set(waiting.sharer, [waiting]);
  };

  return (request, response) => {
    const { method, headers } = request;
    if (method === "GET" || method === "HEAD" || method === "OPTIONS") return behind(request, response);
    const { origin = "" } = headers;
    const sharer = known(origin) ? origin : "";
    if (!shares.admits(sharer)) return refuse(request, response);
    shares.begin(sharer);
    // By then all that has come is parsed. Who sends slowly, or a lot, gives the place back until all of it is here.
    setImmediate(() => {
      if (request.complete) return enter({ sharer, since: performance.now(), request, response });
      shares.end(sharer);
      holdOnceSent(shares, sharer, { request, response, behind });
    });
  };
}

function holdOnceSent(
  shares: Shares,
  sharer: string,
  { request, response, behind }: { request: IncomingMessage; response: ServerResponse; behind: RequestListener },
): void {
  request.once("end", () => {
    if (response.closed) return;
    shares.begin(sharer);
    response.once("close", () => shares.end(sharer));
  });
  behind(request, response);
}

/** The first of the site whose turn it is; the site goes to the end of the row. */
function takeTurn(queues: Map<string, Waiting[]>): Waiting | undefined {
  for (const [sharer, queue] of queues) {
    const first = queue.shift();
    queues.delete(sharer);
    if (queue.length > 0) queues.set(sharer, queue);
    return first;
  }
  return undefined;
}

/** Answers 503 with all headers that the widget needs to understand it. */
function refusals({ config, metrics }: Services, known: (origin: string) => boolean) {
  const security = Object.entries(securityHeaders(config)).flat();
  return ({ method, headers: { origin = "" } }: IncomingMessage, response: ServerResponse) => {
    const cors = known(origin) ? ["access-control-allow-origin", origin, "access-control-expose-headers", EXPOSED] : [];
    response.writeHead(503, [...security, ...REFUSED_HEADERS, ...cors]).end(REFUSED);
    metrics?.answered({ method: method as string, route: "(refused)", status: 503 }, 0);
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
