import { type Context, Hono } from "hono";
import * as v from "valibot";
import { readDoubt, settleDoubt } from "../comments/doubt.ts";
import { languageFor } from "../locale/format.ts";
import { renderDoubtPage } from "../render/doubt-page.tsx";
import type { Services } from "../services.ts";
import type { Assets } from "./assets.ts";
import type { Endpoint } from "./endpoint.ts";
import { LETTER_HEADERS } from "./letters.ts";
import { check, type Env, readForm, readQuery } from "./request.ts";

const PATH = "/letters/comment";
const token = v.pipe(v.string(), v.maxLength(120));
const TokenQuery = v.object({ token });
const DoubtForm = v.object({ token, act: v.picklist(["yes", "no"]) });

const html = { type: "text/html", path: PATH } as const;
export const doubtEndpoints: Endpoint[] = [
  {
    ...html,
    method: "get",
    summary: "Asks whoever a comment passes for whether it was theirs, by the link in the letter to them; changes nothing.",
    query: TokenQuery,
    answers: { 200: { description: "A page with two buttons." } },
  },
  {
    ...html,
    method: "post",
    summary: "The page's form, application/x-www-form-urlencoded: `act` is `yes`, which lets the comment through, or `no`: it is spam.",
    answers: { 200: { description: "Done." } },
  },
];

export function doubtRoutes(services: Services, assets: Assets): Hono<Env> {
  const app = new Hono<Env>();
  const around = (c: Context) => ({ lang: languageFor(c.req.header("accept-language")), style: assets.find("thread.css")?.file });

  app.get(PATH, async (c) => {
    const { token } = readQuery(c, TokenQuery);
    return c.html(renderDoubtPage({ ...around(c), token, doubt: await readDoubt(services, token) }), 200, LETTER_HEADERS);
  });
  app.post(PATH, async (c) => {
    const { token, act } = check(DoubtForm, await readForm(c));
    const doubt = await readDoubt(services, token);
    const became = doubt && (await settleDoubt(services, doubt, act === "yes"));
    return c.html(renderDoubtPage({ ...around(c), token, doubt, became }), 200, LETTER_HEADERS);
  });
  return app;
}
