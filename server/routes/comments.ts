import { type Context, Hono } from "hono";
import * as v from "valibot";
import { readReader } from "../auth/reader-session.ts";
import { editOwnComment, getComment, type OwnRequest, removeOwnComment } from "../comments/edit.ts";
import { postComment } from "../comments/post.ts";
import { FORM_TOKEN_MS, issueFormToken } from "../comments/tokens.ts";
import { languageFor } from "../locale/format.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import {
  Comment,
  EditComment,
  FormToken,
  FormTokenRequest,
  Id,
  NewComment,
  OwnComment,
  Posted,
  Preview,
  PreviewRequest,
} from "../wire/comment.ts";
import { codePoints, LIMITS } from "../wire/limits.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Addresses, bearerOf, check, type Env, originOf, readJson } from "./request.ts";

const COMMENT_PATH = "/api/v1/sites/:site/comments/:id";
const Params = v.object({ site: v.pipe(v.string(), v.regex(/^[1-9]\d{0,8}$/), v.transform(Number)), id: Id });
const One = v.pipe(v.object({ comment: Comment }), v.title("OneComment"));
const Removed = v.pipe(v.object({ comment: v.nullable(Comment) }), v.title("RemovedComment"));

const one = { path: "/api/v1/sites/{site}/comments/{id}" };
export const commentEndpoints: Endpoint[] = [
  {
    method: "post",
    path: "/api/v1/form-token",
    summary: "A token that a post needs, fetched when the box opens.",
    body: FormTokenRequest,
    answers: { 200: { description: "Signed with its time.", schema: FormToken } },
  },
  {
    method: "post",
    path: "/api/v1/comments",
    summary: "Post a comment. With an Idempotency-Key a repeat gets the same answer and stores nothing.",
    headers: { "Idempotency-Key": "1 to 128 printable ASCII characters." },
    body: NewComment,
    answers: {
      201: { description: "Public.", schema: Posted },
      202: { description: "Held for moderation; only its author sees it.", schema: Posted },
    },
  },
  {
    ...one,
    method: "get",
    summary: "A public comment; with its edit token, or the token of who wrote it signed in, also its source, and while it is held.",
    answers: { 200: { description: "The comment.", schema: v.union([OwnComment, One]) } },
  },
  {
    ...one,
    method: "patch",
    summary: "Its author's new text.",
    auth: "author",
    body: EditComment,
    answers: { 200: { description: "Edited; held again if a rule says so.", schema: OwnComment } },
  },
  {
    ...one,
    method: "delete",
    summary: "Its author takes it back.",
    auth: "author",
    answers: { 200: { description: "The stub that stays where there are replies, else null.", schema: Removed } },
  },
  {
    method: "post",
    path: "/api/v1/preview",
    summary: "Markdown as the thread would show it.",
    body: PreviewRequest,
    answers: { 200: { description: "A body tree.", schema: Preview } },
  },
];

export function commentRoutes(services: Services, addresses: Addresses): Hono<Env> {
  const app = new Hono<Env>();
  const { sites } = services;
  const limitVisits = (c: Context) => {
    const wait = services.flood.visit(addresses.subscriber(c));
    if (wait > 0) throw new Refusal("too_many", { retryAfter: wait });
  };

  app.post("/api/v1/form-token", async (c) => {
    const { url } = await readJson(c, FormTokenRequest);
    const { site } = await sites.locate(url);
    sites.admit(site, originOf(c));
    limitVisits(c);
    return c.json({
      token: issueFormToken(services, site.id),
      minAge: site.settings.minAge * 1000,
      expiresIn: FORM_TOKEN_MS,
    } satisfies FormToken);
  });

  app.post("/api/v1/comments", async (c) => {
    const input = await readJson(c, NewComment);
    const bearer = bearerOf(c);
    const reader = bearer === null ? null : await readReader(services, (await sites.locate(input.url)).site.id, bearer);
    const posted = await postComment(services, {
      input,
      origin: originOf(c),
      address: await addresses.hash(c),
      idempotencyKey: idempotencyKeyOf(c),
      lang: languageFor(c.req.header("accept-language")),
      reader,
    });
    return c.json(posted, posted.comment.held ? 202 : 201);
  });

  app.get(COMMENT_PATH, async (c) => c.json(await getComment(services, await ownRequest(services, c))));
  app.patch(COMMENT_PATH, async (c) => {
    const { body } = await readJson(c, EditComment);
    limitVisits(c);
    return c.json(await editOwnComment(services, { ...(await ownRequest(services, c)), body, address: await addresses.hash(c) }));
  });
  app.delete(COMMENT_PATH, async (c) => c.json({ comment: await removeOwnComment(services, await ownRequest(services, c)) }));

  app.post("/api/v1/preview", async (c) => {
    const { url, body } = await readJson(c, PreviewRequest);
    const { site } = await sites.locate(url);
    sites.admit(site, originOf(c));
    limitVisits(c);
    if (codePoints(body) > LIMITS.body) throw new Refusal("invalid", { fields: { body: "too_long" } });
    return c.json({ body: await services.rendering.render(body.replace(/\r\n?/g, "\n"), site.settings) });
  });

  return app;
}

/** An edit token has two parts; the token of who is signed in has one. */
async function ownRequest(services: Services, c: Context): Promise<OwnRequest> {
  const params = v.safeParse(Params, c.req.param());
  if (!params.success) throw new Refusal("not_found");
  const bearer = bearerOf(c);
  const at = { ...params.output, origin: originOf(c) };
  if (bearer?.includes(".") ?? true) return { ...at, token: bearer };
  return { ...at, token: null, reader: await readReader(services, at.site, bearer) };
}

function idempotencyKeyOf(c: Context): string | null {
  const key = c.req.header("idempotency-key");
  if (key === undefined) return null;
  return check(v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.idempotencyKey), v.regex(/^[\x21-\x7e]+$/)), key);
}
