import { type Context, Hono } from "hono";
import * as v from "valibot";
import { changeFollow, confirmFollower, readFollower, stopFollowing } from "../comments/follow.ts";
import { pageUrl } from "../comments/sites.ts";
import { languageFor } from "../locale/format.ts";
import { type LettersPage, renderLettersPage, renderStopPage } from "../render/letters-page.tsx";
import type { Services } from "../services.ts";
import { OFTEN } from "../store/mail.ts";
import type { Assets } from "./assets.ts";
import type { Endpoint } from "./endpoint.ts";
import { check, type Env, readForm, readQuery } from "./request.ts";

const PATH = "/letters";
const token = v.pipe(v.string(), v.maxLength(120));
const page = v.pipe(v.string(), v.regex(/^[1-9]\d{0,8}$/), v.transform(Number));
const TokenQuery = v.object({ token });
const StopQuery = v.object({ token, page: v.optional(page) });
const LettersForm = v.variant("act", [
  v.object({ act: v.literal("confirm"), token }),
  v.object({ act: v.literal("save"), token, page, often: v.picklist(OFTEN) }),
  v.object({ act: v.literal("stop"), token, page: v.optional(page) }),
]);

const html = { type: "text/html" } as const;
export const letterEndpoints: Endpoint[] = [
  {
    ...html,
    method: "get",
    path: PATH,
    summary: "What an address gets from a site, by the link in each letter.",
    query: TokenQuery,
    answers: { 200: { description: "A page." } },
  },
  {
    ...html,
    method: "post",
    path: PATH,
    summary: "The page's form, application/x-www-form-urlencoded: `act` is `confirm`, `save` (with `page`, `often`) or `stop`.",
    answers: { 200: { description: "Done; the page again." } },
  },
  {
    ...html,
    method: "get",
    path: `${PATH}/stop`,
    summary: "Asks whether to stop the letters; changes nothing.",
    query: StopQuery,
    answers: { 200: { description: "A page with a button." } },
  },
  {
    ...html,
    method: "post",
    path: `${PATH}/stop`,
    summary: "Stops the letters of one page, or all, in one click (RFC 8058).",
    query: StopQuery,
    answers: { 200: { description: "Stopped." } },
  },
];

/** The pages behind the links in letters. The token in the address is all they need; no cookie is read or set. */
export function letterRoutes(services: Services, assets: Assets): Hono<Env> {
  const app = new Hono<Env>();
  const around = (c: Context) => ({ lang: languageFor(c.req.header("accept-language")), style: assets.find("thread.css")?.file });
  const send = (c: Context, text: string) => c.html(text, 200, LETTER_HEADERS);

  const show = async (c: Context, token: string, said?: LettersPage["said"]) => {
    const found = await readFollower(services, token);
    const site = await services.sites.byId(Number(token.split(".")[0]));
    const { lang, style } = around(c);
    const reader = found && {
      email: found.follower.email,
      follows: found.follows.map((follow) => ({ ...follow, url: site ? pageUrl(site, follow.key) : "" })),
    };
    const view = { lang: found ? languageFor(found.follower.lang) : lang, style, token, site: site?.name ?? "", reader, said };
    return send(c, renderLettersPage(view));
  };

  app.get(PATH, (c) => show(c, readQuery(c, TokenQuery).token));
  app.post(PATH, async (c) => {
    const form = check(LettersForm, await readForm(c));
    if (form.act === "confirm") await confirmFollower(services, form.token);
    else if (form.act === "save") await changeFollow(services, form.token, form);
    else await stopFollowing(services, form.token, form.page ?? null);
    return show(c, form.token, ({ confirm: "confirmed", save: "saved", stop: "stopped" } as const)[form.act]);
  });

  app.get(`${PATH}/stop`, async (c) => {
    const { token, page } = readQuery(c, StopQuery);
    const found = await readFollower(services, token);
    if (!found) return show(c, token);
    const site = (await services.sites.byId(found.follower.site))?.name ?? "";
    const address = `${PATH}/stop?token=${encodeURIComponent(token)}${page === undefined ? "" : `&page=${page}`}`;
    return send(c, renderStopPage({ ...around(c), lang: languageFor(found.follower.lang), token, site, address }));
  });
  // What a mail program posts is of no interest (RFC 8058 3.1): the address says it all.
  app.post(`${PATH}/stop`, async (c) => {
    const { token, page } = readQuery(c, StopQuery);
    await stopFollowing(services, token, page ?? null);
    return show(c, token, "stopped");
  });
  return app;
}

/** The address of the page is a secret: it goes to nobody, and into no cache. */
export const LETTER_HEADERS = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "x-robots-tag": "noindex, nofollow",
};
