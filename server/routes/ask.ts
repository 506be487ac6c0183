import { type Context, Hono } from "hono";
import { getCookie } from "hono/cookie";
import { clientMetadata } from "../auth/bluesky.ts";
import { sendOn, underWay } from "../auth/sign-in.ts";
import { Refusal } from "../refusal.ts";
import { ASKING, askPage, type Asking, goingPage } from "../render/ask-page.ts";
import type { Services } from "../services.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Addresses, type Env, readForm } from "./request.ts";
import { COOKIE, orSay, show, stateCookie } from "./sign-in.ts";

const PATH = "/auth/ask/{provider}";
const page = { 200: { description: "A page." } };
export const askEndpoints: Endpoint[] = [
  { method: "get", path: PATH, summary: "Asks a reader who signs in for their server or handle.", type: "text/html", answers: page },
  {
    method: "post",
    path: PATH,
    summary: "The page's form, application/x-www-form-urlencoded: `said` names the server. Sends the window there.",
    type: "text/html",
    answers: page,
  },
  {
    method: "get",
    path: "/oauth/client-metadata.json",
    summary: "What this server is to the servers of atproto, where readers sign in with Bluesky.",
    answers: { 200: { description: "An OAuth client's metadata." } },
  },
];

const MAX_SAID = 300;
const YEAR = 31_536_000;

/** Pages of the window for providers that are many servers. What proves whose sign-in it is stands in the cookie. */
export function askRoutes(services: Services, addresses: Addresses): Hono<Env> {
  const app = new Hono<Env>();
  const asking = async (c: Context) => {
    const id = ASKING.find((one) => one === c.req.param("provider"));
    if (!id) throw new Refusal("not_found");
    const { request, provider, held } = await underWay(services, { provider: id, cookie: getCookie(c, COOKIE) ?? "" });
    return { id, request, label: provider.label, lang: held.lang };
  };

  app.get("/auth/ask/:provider", (c) =>
    orSay(c, services, async () => {
      const { id, label, lang } = await asking(c);
      return show(c, askPage({ lang, provider: id, label, said: getCookie(c, lastSaid(id)) ?? "", failed: false }));
    }),
  );
  app.post("/auth/ask/:provider", (c) =>
    orSay(c, services, async () => {
      const { id, label, lang, request } = await asking(c);
      const wait = services.flood.visit(addresses.subscriber(c));
      if (wait > 0) throw new Refusal("too_many", { retryAfter: wait });
      const said = ((await readForm(c))["said"] ?? "").trim().slice(0, MAX_SAID);
      try {
        if (said === "") throw new Refusal("not_found");
        const { address, state } = await sendOn(services, request, said);
        c.header("set-cookie", stateCookie(state));
        c.header("set-cookie", rememberSaid(id, said), { append: true });
        return show(c, goingPage(lang, address));
      } catch (error) {
        if (!isNobody(error)) throw error;
        return show(c, askPage({ lang, provider: id, label, said, failed: true }), 400);
      }
    }),
  );
  app.get("/oauth/client-metadata.json", (c) => {
    if (!services.config.bluesky) throw new Refusal("not_found");
    return c.json(clientMetadata(services.config));
  });
  return app;
}

/** The reader may have meant another. */
const isNobody = (error: unknown) =>
  error instanceof Error && (error.name === "OutboundError" || (error instanceof Refusal && error.code === "not_found"));

/** In this browser, on our own origin and for this page alone. */
const lastSaid = (id: Asking) => `youfigure-${id}`;
const rememberSaid = (id: Asking, said: string) =>
  `${lastSaid(id)}=${encodeURIComponent(said)}; Path=/auth/ask/${id}; Max-Age=${YEAR}; HttpOnly; Secure; SameSite=Lax`;
