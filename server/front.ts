import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { preparedAnswers } from "./routes/prepared-answer.ts";
import type { Services } from "./services.ts";
import { THREAD_PATH, threadId } from "./routes/thread.ts";

/** Where a request target leads, so that an address is parsed once and not by each reader. */
interface Target {
  id: string;
  site: number;
}

/** With what follows the path: `/api/v1/threads` is another. */
const THREAD_QUERY = `${THREAD_PATH}?`;

/** So many targets are remembered; then all are forgotten and learnt again. */
const TARGETS = 20_000;
/** A longer one is not worth remembering: what is remembered stays below 20 MB. */
const LONGEST = 1_000;

/**
 * Stands in front of Hono and answers what is prepared: a thread's first answer, with every header that the route
 * behind it would send (a test holds that both answer alike). Everything else, and every miss, is the route's.
 * Returns whether it answered.
 */
export function front(services: Services): (request: IncomingMessage, response: ServerResponse) => boolean {
  const targets = new Map<string, Target>();
  const admitted = new Map<string, boolean>();
  const answerOf = preparedAnswers(services.config);
  const ids = requestIds();
  services.store.onChange((change) => {
    if (change !== "all") return;
    targets.clear();
    admitted.clear();
  });

  /** Learns in the background where a target leads; the route answers meanwhile. */
  const learn = async (target: string, url: string) => {
    const request = new URL(target, "http://localhost").searchParams;
    if ([...request.keys()].some((name) => name !== "url" && name !== "sort") || request.getAll("url").length > 1) return;
    const place = await services.sites.locate(url);
    const sort = request.get("sort") ?? place.site.settings.sort;
    if (sort !== "oldest" && sort !== "newest") return;
    if (targets.size >= TARGETS) targets.clear();
    targets.set(target, { id: threadId(place, sort), site: place.site.id });
  };
  const admit = async (site: number, origin: string) => {
    const found = await services.sites.byId(site);
    if (!found) return;
    services.sites.admit(found, origin, true);
    if (admitted.size > 1_000) admitted.clear();
    admitted.set(`${site} ${origin}`, true);
  };
  const forgetRefusal = (error: unknown) => services.log.info({ code: (error as Error).message }, "not prepared");

  return (request, response) => {
    const target = request.url as string;
    if (request.method !== "GET" || !target.startsWith(THREAD_QUERY)) return false;
    const known = targets.get(target);
    if (known === undefined) {
      const url = target.length > LONGEST ? null : new URL(target, "http://localhost").searchParams.get("url");
      if (url !== null) learn(target, url).catch(forgetRefusal);
      return false;
    }
    const thread = services.prepared.get(known.id);
    if (thread === undefined) return false;
    const { origin, "accept-encoding": acceptEncoding, "if-none-match": ifNoneMatch } = request.headers;
    if (origin !== undefined && !admitted.has(`${known.site} ${origin}`)) {
      admit(known.site, origin).catch(forgetRefusal);
      return false;
    }
    const from = services.metrics ? performance.now() : 0;
    const answer = answerOf(thread, { acceptEncoding, origin, ifNoneMatch });
    const id = ids();
    const headers = answer.headers.slice();
    headers.push("x-request-id", id);
    response.writeHead(answer.status, headers);
    response.end(answer.body);
    const asked = { method: "GET", route: THREAD_PATH, status: answer.status };
    services.metrics?.answered(asked, performance.now() - from);
    services.log.info({ id, ...asked }, "request");
    return true;
  };
}

/** Ids for requests: a random start for this process and a counter, cheap enough for every read. */
export function requestIds(): () => string {
  const prefix = `${randomBytes(6).toString("base64url")}-`;
  let n = 0;
  return () => prefix + (++n).toString(36);
}
