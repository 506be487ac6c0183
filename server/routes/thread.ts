import { Hono } from "hono";
import * as v from "valibot";
import { countComments, readThread } from "../comments/read.ts";
import { noteSeen } from "../comments/sites-admin.ts";
import type { Place } from "../comments/sites.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import { Counts, Id, type Sort, SORTS, Thread } from "../wire/comment.ts";
import { LIMITS } from "../wire/limits.ts";
import type { Endpoint } from "./endpoint.ts";
import { preparedAnswers } from "./prepared-answer.ts";
import { check, type Env, originOf, readQuery } from "./request.ts";

export const THREAD_PATH = "/api/v1/thread";

const Url = v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.url));
const ThreadQuery = v.object({
  url: Url,
  sort: v.optional(v.picklist(SORTS)),
  after: v.optional(Id),
  parent: v.optional(Id),
  around: v.optional(Id),
});
const CountsQuery = v.object({ url: v.pipe(v.array(Url), v.minLength(1), v.maxLength(LIMITS.counts)) });

export const threadEndpoints: Endpoint[] = [
  {
    method: "get",
    path: THREAD_PATH,
    summary:
      "The discussion of a page: at most 50 top-level comments and 200 in all, fewer where they hold very much markup. `after` goes on, `parent` goes on within one thread, `around` gives what a permalink needs.",
    query: ThreadQuery,
    answers: { 200: { description: "One slice of the thread.", schema: Thread }, 304: { description: "Not changed (If-None-Match)." } },
  },
  {
    method: "get",
    path: "/api/v1/counts",
    summary: "How many approved comments pages have. Give `url` once for each page, 50 at most.",
    query: CountsQuery,
    answers: { 200: { description: "Counts by address.", schema: Counts } },
  },
];

/** The name under which a thread's first answer is prepared. */
export const threadId = ({ site, key }: Place, sort: Sort) => `${site.id} ${sort} ${key}`;

export function threadRoutes(services: Services): Hono<Env> {
  const app = new Hono<Env>();
  const answerOf = preparedAnswers(services.config);

  app.get(THREAD_PATH, async (c) => {
    const { url, ...query } = readQuery(c, ThreadQuery);
    const place = await services.sites.locate(url);
    services.sites.admit(place.site, originOf(c), true);
    // A page on our own address sends no Origin.
    const isHere = c.req.header("sec-fetch-site") === "same-origin";
    noteSeen(services, place, originOf(c) ?? (isHere ? services.config.publicUrl : null));
    const read = () => readThread(services, { ...place, ...query });
    if (query.after ?? query.parent ?? query.around) return c.json(await read(), 200, { "cache-control": "no-cache" });
    const id = threadId(place, query.sort ?? place.site.settings.sort);
    const thread = services.prepared.get(id) ?? (await services.prepared.make(id, { site: place.site.id, key: place.key }, read));
    const { status, headers, body } = answerOf(thread, {
      acceptEncoding: c.req.header("accept-encoding"),
      origin: c.req.header("origin"),
      ifNoneMatch: c.req.header("if-none-match"),
    });
    const pairs = headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1] as string] as [string, string]] : []));
    return new Response(body as Uint8Array<ArrayBuffer> | null, { status, headers: pairs });
  });

  app.get("/api/v1/counts", async (c) => {
    const { url: urls } = check(CountsQuery, c.req.queries());
    const places = new Map<string, Place | null>();
    for (const url of urls) places.set(url, await placeOf(services, url, originOf(c)));
    return c.json({ counts: await countComments(services, places) }, 200, { "cache-control": "no-cache" });
  });

  return app;
}

/** An address on a listing that is no page of ours counts as none; one of a site that the asker may not read is refused. */
async function placeOf({ sites }: Services, url: string, origin: string | null): Promise<Place | null> {
  try {
    const place = await sites.locate(url);
    sites.admit(place.site, origin, true);
    return place;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
