import { type Context, Hono } from "hono";
import { getCookie } from "hono/cookie";
import { keepPasskey, offeredIn, offerPasskey } from "../auth/reader-passkey.ts";
import { endReaderSession, readReader } from "../auth/reader-session.ts";
import { confirmSignIn, finishSignIn, receiveAnswer, type Sent, sendOn, startSignIn, wayBack, type Wrong } from "../auth/sign-in.ts";
import { readFields } from "../comments/fields.ts";
import { isLoopback } from "../config.ts";
import { Refusal } from "../refusal.ts";
import { languageFor } from "../locale/format.ts";
import { confirmPage, donePage, failedPage, type SignInPage } from "../render/sign-in-page.ts";
import type { Services } from "../services.ts";
import type { Account } from "../store/readers.ts";
import {
  FinishedSignIn,
  FinishSignIn,
  type Reader,
  SignOut,
  StartedSignIn,
  StartSignIn,
  type StartedSignIn as Started,
} from "../wire/sign-in.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Addresses, bearerOf, type Env, originOf, readJson, readText } from "./request.ts";

/** Only we, only over https, only the whole host: the browser that was sent on is the one that comes back (RFC 9700 4.7). */
export const COOKIE = "__Host-youfigure-sign-in";

/** For as long as a sign-in can take, a letter's quarter of an hour and all. */
export const stateCookie = (state: string) => `${COOKIE}=${state}; Path=/; Max-Age=1800; HttpOnly; Secure; SameSite=Lax`;

const page = (answer: string) => ({ description: answer });
export const signInEndpoints: Endpoint[] = [
  {
    method: "post",
    path: "/api/v1/auth/start",
    summary: "A reader begins to sign in.",
    body: StartSignIn,
    answers: { 200: { description: "Where the window goes.", schema: StartedSignIn } },
  },
  {
    method: "post",
    path: "/api/v1/auth/finish",
    summary: "How far a sign-in is; when it is done, once, the token for commenting on this site.",
    body: FinishSignIn,
    answers: { 200: { description: "How far.", schema: FinishedSignIn } },
  },
  {
    method: "post",
    path: "/api/v1/auth/sign-out",
    summary: "Ends the session whose token is sent.",
    body: SignOut,
    auth: "author",
    answers: { 204: page("Ended.") },
  },
  { method: "get", path: "/auth/go/{request}", summary: "Sends the window to the provider.", answers: { 302: page("To the provider.") } },
  {
    method: "get",
    path: "/auth/callback/{provider}",
    summary: "The provider's answer. It only asks whether to go on.",
    type: "text/html",
    answers: { 200: page("A page with a button.") },
  },
  {
    method: "post",
    path: "/auth/confirm",
    summary: "The button of that page.",
    type: "text/html",
    answers: { 200: page("Signed in."), 303: page("Back to the page.") },
  },
];

export function signInRoutes(services: Services, addresses: Addresses): Hono<Env> {
  const app = new Hono<Env>();
  const { sites, config } = services;
  const limitVisits = (c: Context) => {
    const wait = services.flood.visit(addresses.subscriber(c));
    if (wait > 0) throw new Refusal("too_many", { retryAfter: wait });
  };

  app.post("/api/v1/auth/start", async (c) => {
    const { url, provider, verifier, returnTo, lang } = await readJson(c, StartSignIn);
    const { site } = await sites.locate(url);
    const origin = originOf(c);
    sites.admit(site, origin);
    limitVisits(c);
    // Back to the page that asks, never to another origin (S-29).
    const back = returnTo === "" ? "" : backTo(returnTo, origin);
    const start = { site: site.id, provider, origin: origin ?? "", returnTo: back, verifier };
    const begun = await startSignIn(services, { ...start, lang: languageFor(lang || c.req.header("accept-language")) });
    return c.json({ ...begun, go: `${config.publicUrl}/auth/go/${begun.request}` } satisfies Started);
  });

  app.post("/api/v1/auth/finish", async (c) => {
    const asked = await readJson(c, FinishSignIn);
    const outcome = await finishSignIn(services, { ...asked, origin: originOf(c) });
    if (outcome.step !== "done") return c.json(outcome);
    const account = await readReader(services, Number(asked.request.split(".")[0]), outcome.token);
    return c.json({ ...outcome, reader: await toReader(services, account!) });
  });

  app.post("/api/v1/auth/sign-out", async (c) => {
    const { site } = await sites.locate((await readJson(c, SignOut)).url);
    sites.admit(site, originOf(c));
    await endReaderSession(services, site.id, bearerOf(c));
    return c.body(null, 204);
  });

  app.get("/auth/go/:request", (c) =>
    orSay(c, services, async () => {
      limitVisits(c);
      const { address, state } = await sendOn(services, c.req.param("request"));
      c.header("set-cookie", stateCookie(state));
      c.header("cross-origin-opener-policy", "unsafe-none");
      return c.redirect(address, 302);
    }),
  );
  app.get("/auth/callback/:provider", (c) =>
    orSay(c, services, async () => {
      const answer = new URL(c.req.url).searchParams;
      const provider = c.req.param("provider");
      const here = ownName(config.publicUrl, new URL(c.req.url));
      if (here) return c.redirect(here, 302);
      return askToConfirm(services, c, await receiveAnswer(services, { provider, answer, cookie: getCookie(c, COOKIE) ?? "" }));
    }),
  );
  app.post("/auth/confirm", (c) =>
    orSay(c, services, async () => {
      const form = new URLSearchParams(await readText(c, CONFIRMATION));
      const request = form.get("request") ?? "";
      const made = form.get("passkey") ?? "";
      const name = readName(form.get("name") ?? "");
      const sent = { request, digits: form.get("digits")?.trim() ?? "", cookie: getCookie(c, COOKIE) ?? "", name };
      const { begun, goOn, wrong, account } = await confirmSignIn(services, sent);
      if (wrong !== "") return askToConfirm(services, c, { ...begun, request }, { wrong, made });
      const { signIn, held } = begun;
      if (made !== "") await keepPasskey(services, { site: signIn.site, account, offered: held.kept, credential: made });
      return goOn === "" ? show(c, donePage({ ...held, request })) : c.redirect(goOn, 303);
    }),
  );
  return app;
}

/** Who sends back to 127.0.0.1 whatever this machine is called (Bluesky): the cookie knows its own name alone. Null where that is used. */
function ownName(publicUrl: string, { hostname, pathname, search }: URL): string | null {
  const ours = new URL(publicUrl).hostname;
  return hostname === "127.0.0.1" && ours !== hostname && isLoopback(ours) ? publicUrl + pathname + search : null;
}

/** The address without its fragment. Refusal `origin_not_allowed` unless it is one of the page that asks. */
function backTo(address: string, origin: string | null): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.origin !== origin || !/^https?:$/.test(url?.protocol ?? "") || url?.username) throw new Refusal("origin_not_allowed");
  return url!.href.replace(/#.*/s, "");
}

/** Bytes: a passkey's proof and a name. */
const CONFIRMATION = 12_000;

/** Nothing is done before the reader presses the button of this page. */
export async function askToConfirm(
  services: Services,
  c: Context,
  sent: Sent,
  { wrong, made }: { wrong: Wrong; made: string } = { wrong: "", made: "" },
): Promise<Response> {
  const { signIn, held, request } = sent;
  const { lang, origin, returnTo, profile } = held;
  // Looked at again, the page offers what it offered.
  const passkey = wrong === "" ? await offerPasskey(services, sent) : offeredIn(held.kept);
  const site = (await services.sites.byId(signIn.site))?.name ?? "";
  const name = profile?.name ?? "";
  return show(c, confirmPage({ request, origin, wrong, digits: returnTo === "", name, site, lang, passkey, made }));
}

/** "" for what is no name to write under. */
function readName(name: string): string {
  try {
    return readFields({ name, email: "", website: "", title: "", body: "-" }, { details: "name_only" }).name;
  } catch (error) {
    if (error instanceof Refusal) return "";
    throw error;
  }
}

export const toReader = async ({ ways, mail }: Services, { site, name, provider, email }: Account): Promise<Reader> => ({
  name,
  way: (await ways.labelOf(site, provider)) ?? provider,
  email: email !== "",
  ...(email === "" && mail && { addEmail: true }),
});

export const show = (c: Context, { html, headers }: SignInPage, status: 200 | 400 = 200) => c.body(html, status, headers);

/** A person sees this, not a program: a refusal is a page, the same for whatever did not fit. */
export async function orSay(c: Context, services: Services, answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof Refusal) || error.status >= 500) {
      if (!(error instanceof Error && error.name === "OutboundError") && !(error instanceof Refusal)) throw error;
    }
    // Named by the address, or else by what the browser was given to bring back.
    const request = c.req.param("request") ?? getCookie(c, COOKIE)?.replace(/\.[^.]*$/, "") ?? "";
    const { lang = languageFor(c.req.header("accept-language")), returnTo = "" } = (await wayBack(services, request)) ?? {};
    return show(c, failedPage(lang, returnTo), 400);
  }
}
