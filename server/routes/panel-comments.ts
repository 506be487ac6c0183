import { Hono } from "hono";
import * as v from "valibot";
import { editAsModerator, emptySpamOrTrash, purge, readHistory, replyAsOwner, setStatus } from "../comments/moderate.ts";
import { readForModerator, readQueue } from "../comments/queue.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import { Id } from "../wire/comment.ts";
import {
  EmptyRequest,
  History,
  ModeratorEdit,
  ModeratorView,
  OwnerReply,
  Purged,
  PurgeRequest,
  Queue,
  QueueItem,
  QueueParams,
  ReplyAnswer,
  StatusAnswer,
  StatusRequest,
} from "../wire/panel-comments.ts";
import type { Endpoint } from "./endpoint.ts";
import type { PanelEnv } from "./panel-sign-in.ts";
import { readJson, readQuery } from "./request.ts";

const base = "/api/v1/panel";
const one = { auth: "owner", path: `${base}/sites/{site}/comments/{id}` } as const;

export const panelCommentEndpoints: Endpoint[] = [
  {
    method: "get",
    path: `${base}/queue`,
    summary: "Comments to moderate, and how many there are of each status.",
    auth: "owner",
    query: QueueParams,
    answers: { 200: { description: "At most 50; go on with `after`.", schema: Queue } },
  },
  {
    method: "post",
    path: `${base}/comments/status`,
    summary: "Approve, hold, or move to spam or trash; restore; take back.",
    auth: "owner",
    body: StatusRequest,
    answers: { 200: { description: "What really changed.", schema: StatusAnswer } },
  },
  {
    method: "post",
    path: `${base}/comments/purge`,
    summary: "Delete for good.",
    auth: "owner",
    body: PurgeRequest,
    answers: { 200: { description: "How many.", schema: Purged } },
  },
  {
    method: "post",
    path: `${base}/comments/empty`,
    summary: "Delete for good all that lies in spam or trash.",
    auth: "owner",
    body: EmptyRequest,
    answers: { 200: { description: "How many.", schema: Purged } },
  },
  {
    ...one,
    method: "get",
    summary: "A comment with its source.",
    answers: { 200: { description: "For editing.", schema: ModeratorView } },
  },
  {
    ...one,
    method: "patch",
    summary: "Edit a comment.",
    body: ModeratorEdit,
    answers: { 200: { description: "As it is now.", schema: QueueItem } },
  },
  {
    ...one,
    path: `${one.path}/history`,
    method: "get",
    summary: "Earlier texts, and who did what.",
    answers: { 200: { description: "Newest first.", schema: History } },
  },
  {
    ...one,
    path: `${one.path}/reply`,
    method: "post",
    summary: "Answer as the owner; approves what it answers.",
    body: OwnerReply,
    answers: { 200: { description: "The answer and what it answers.", schema: ReplyAnswer } },
  },
];

const Params = v.object({ site: v.pipe(v.string(), v.regex(/^[1-9]\d{0,8}$/), v.transform(Number)), id: Id });
const PATH = "/sites/:site/comments/:id";

/** What a moderator does with comments. */
export function panelCommentRoutes(services: Services): Hono<PanelEnv> {
  const app = new Hono<PanelEnv>();

  app.get("/queue", async (c) => c.json(await readQueue(services, readQuery(c, QueueParams))));
  app.post("/comments/status", async (c) => {
    const request = await readJson(c, StatusRequest);
    return c.json({ changes: await setStatus(services, c.get("signedIn").owner, request) });
  });
  app.post("/comments/purge", async (c) => {
    const { ids } = await readJson(c, PurgeRequest);
    return c.json({ purged: await purge(services, c.get("signedIn").owner, ids) });
  });
  app.post("/comments/empty", async (c) => {
    const request = await readJson(c, EmptyRequest);
    return c.json({ purged: await emptySpamOrTrash(services, c.get("signedIn").owner, request) });
  });

  app.get(PATH, async (c) => c.json(await readForModerator(services, readRef(c.req.param()))));
  app.patch(PATH, async (c) => {
    const change = await readJson(c, ModeratorEdit);
    return c.json(await editAsModerator(services, c.get("signedIn").owner, { ...readRef(c.req.param()), change }));
  });
  app.get(`${PATH}/history`, async (c) => c.json(await readHistory(services, readRef(c.req.param()))));
  app.post(`${PATH}/reply`, async (c) => {
    const reply = await readJson(c, OwnerReply);
    return c.json(await replyAsOwner(services, c.get("signedIn").owner, { ...readRef(c.req.param()), ...reply }));
  });

  return app;
}

function readRef(params: Record<string, string>): v.InferOutput<typeof Params> {
  const parsed = v.safeParse(Params, params);
  if (!parsed.success) throw new Refusal("not_found");
  return parsed.output;
}
