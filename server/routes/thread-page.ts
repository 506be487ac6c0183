import { type Context, Hono } from "hono";
import * as v from "valibot";
import { getComment } from "../comments/edit.ts";
import { postComment } from "../comments/post.ts";
import { readThread, type ThreadRequest } from "../comments/read.ts";
import type { Place } from "../comments/sites.ts";
import { issueEditToken, issueFormToken } from "../comments/tokens.ts";
import { languageFor } from "../locale/format.ts";
import { Refusal } from "../refusal.ts";
import { renderFragment } from "../render/fragment.tsx";
import { type Filled, renderThreadPage } from "../render/thread-page.tsx";
import type { Services } from "../services.ts";
import { type Comment, Id, NewComment, type Posted, SORTS } from "../wire/comment.ts";
import { LIMITS } from "../wire/limits.ts";
import type { Assets } from "./assets.ts";
import type { Endpoint } from "./endpoint.ts";
import { retryAfter } from "./frame.ts";
import { type Addresses, check, type Env, readForm, readQuery } from "./request.ts";

const PAGE_PATH = "/thread";

const PageQuery = v.object({
  url: v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.url)),
  sort: v.optional(v.picklist(SORTS)),
  after: v.optional(Id),
  parent: v.optional(Id),
  around: v.optional(Id),
  /** Whom the box answers. */
  reply: v.optional(Id),
  lang: v.optional(v.pipe(v.string(), v.maxLength(35))),
  title: v.optional(v.pipe(v.string(), v.maxLength(1_000))),
  /** A comment of one's own that waits, and the proof that it is. */
  mine: v.optional(Id),
  proof: v.optional(v.pipe(v.string(), v.maxLength(200))),
  fragment: v.optional(v.string()),
});
type PageQuery = v.InferOutput<typeof PageQuery>;

export const threadPageEndpoints: Endpoint[] = [
  {
    method: "get",
    path: PAGE_PATH,
    summary: "The discussion as a page that needs no JavaScript. With `fragment`, the list alone with JSON-LD, for static builds.",
    query: PageQuery,
    type: "text/html",
    answers: { 200: { description: "A page." } },
  },
  {
    method: "post",
    path: PAGE_PATH,
    summary: "The page's form, application/x-www-form-urlencoded, from this server's own pages alone.",
    type: "text/html",
    answers: {
      303: { description: "Posted: to the comment." },
      422: { description: "The page again, with what is wrong and all that was typed." },
    },
  },
];

export function threadPageRoutes(services: Services, assets: Assets, addresses: Addresses): Hono<Env> {
  const app = new Hono<Env>();
  const style = () => assets.find("thread.css")?.file;

  const show = async (c: Context<Env>, query: PageQuery, filled?: Filled) => {
    const place = await services.sites.locate(query.url);
    const thread = await readThread(services, slice(place, query));
    const view = {
      thread,
      query,
      now: services.now(),
      lang: languageFor(query.lang ?? c.req.header("accept-language")),
      own: await ownComment(services, place, query),
      token: issueFormToken(services, place.site.id),
      style: style(),
      filled,
    };
    return c.html(renderThreadPage(view), (filled?.refusal.status ?? 200) as 200, {
      ...pageHeaders(),
      ...(filled && retryAfter(filled.refusal)),
    });
  };

  app.get(PAGE_PATH, async (c) => {
    const query = readQuery(c, PageQuery);
    if (query.fragment === undefined) return show(c, query);
    const place = await services.sites.locate(query.url);
    const thread = await readThread(services, slice(place, query));
    return c.html(renderFragment(thread, languageFor(query.lang), services.now(), services.config.publicUrl), 200, {
      "cache-control": "no-cache",
    });
  });

  app.post(PAGE_PATH, async (c) => {
    const form = await readForm(c);
    const given = { url: form["url"] ?? "", lang: form["lang"] || undefined, title: form["title"] || undefined };
    const query = check(PageQuery, { ...given, reply: form["parent"] || undefined });
    try {
      const posted = await postComment(services, {
        input: check(NewComment, { ...form, parent: form["parent"] || null, notify: form["notify"] === "on" }),
        origin: ownOrigin(services, c),
        address: await addresses.hash(c),
        idempotencyKey: form["token"] ? `form ${form["token"]}` : null,
        lang: languageFor(query.lang ?? c.req.header("accept-language")),
      });
      const { site } = await services.sites.locate(query.url);
      return c.redirect(addressOf(services, query, site.id, posted), 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code === "origin_not_allowed") throw error;
      return show(c, query, { form, refusal: error });
    }
  });

  return app;
}

const slice = (place: Place, { sort, after, parent, around }: PageQuery): ThreadRequest => ({ ...place, sort, after, parent, around });

/** Our own form is the only one: Origin or, where a browser withholds it, Sec-Fetch-Site must say so (Fetch Metadata 2.4). */
function ownOrigin({ sites, config }: Services, c: Context): string {
  const origin = c.req.header("origin");
  const sameOrigin = c.req.header("sec-fetch-site") === "same-origin";
  if (origin !== undefined && origin !== "null" ? sites.isOurs(origin) : sameOrigin) return config.publicUrl;
  throw new Refusal("origin_not_allowed");
}

/** Where the writer looks next. While it waits a proof goes along that is good for looking alone: its time to edit is over. */
function addressOf(services: Services, { url, lang }: PageQuery, site: number, { comment }: Posted): string {
  const query = new URLSearchParams({ url, ...(lang && { lang }) });
  if (comment.held) {
    query.set("mine", comment.id);
    query.set("proof", issueEditToken(services, { site, id: comment.id }, Date.parse(comment.createdAt)));
  } else query.set("around", comment.id);
  return `${PAGE_PATH}?${query}#comment-${comment.id}`;
}

async function ownComment(services: Services, { site }: Place, { mine, proof }: PageQuery): Promise<Comment | null> {
  if (!mine || !proof) return null;
  try {
    const own = await getComment(services, { site: site.id, id: mine, token: proof, origin: null });
    return "source" in own && own.comment.held ? own.comment : null;
  } catch (error) {
    // Thrown away meanwhile: the page is still there to be read.
    if (error instanceof Refusal && error.code === "not_found") return null;
    throw error;
  }
}

/** A page that runs nothing: its own style, pictures and form, and no more. The referrer goes to our own form alone, which asks for it. */
const pageHeaders = () => ({
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src 'self' https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "same-origin",
  "cache-control": "no-store",
});
