import { type Context, Hono } from "hono";
import { getCookie } from "hono/cookie";
import * as v from "valibot";
import { askForCode, mailedTo, openLetter, tryCode } from "../auth/email-link.ts";
import { type Begun, receiveAnswer, underWay } from "../auth/sign-in.ts";
import { readEmail } from "../comments/email.ts";
import { sendCode } from "../comments/letters.ts";
import { languageFor } from "../locale/format.ts";
import { Refusal } from "../refusal.ts";
import { askAboutLetter, askForAddress, askForTheCode, type EmailView, showTheCode, usedLetter } from "../render/email-pages.ts";
import type { Services } from "../services.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Addresses, check, type Env, readForm } from "./request.ts";
import { askToConfirm, COOKIE, orSay, show } from "./sign-in.ts";

const html = { type: "text/html", answers: { 200: { description: "A page." } } } as const;
export const emailSignInEndpoints: Endpoint[] = [
  { ...html, method: "get", path: "/auth/email", summary: "Asks a reader who signs in by a letter for the address, or for the code." },
  {
    ...html,
    method: "post",
    path: "/auth/email",
    summary: "Its form, application/x-www-form-urlencoded: `act` is `send` (with `email`), `code` (with `code`) or `link` (with `link`).",
  },
  {
    ...html,
    method: "get",
    path: "/auth/letter/{request}/{secret}",
    summary: "The link of such a letter. It changes nothing: it asks, or shows the code where another browser asked for the letter.",
  },
];

const short = v.pipe(v.string(), v.maxLength(300));
const EmailForm = v.variant("act", [
  v.object({ act: v.literal("send"), email: short }),
  v.object({ act: v.literal("code"), code: short }),
  v.object({ act: v.literal("link"), link: short }),
]);

/** Signing in by a letter, on pages of ours in the window that the box opened. */
export function emailSignInRoutes(services: Services, addresses: Addresses): Hono<Env> {
  const app = new Hono<Env>();
  const limit = (c: Context) => {
    const wait = services.flood.visit(addresses.subscriber(c));
    if (wait > 0) throw new Refusal("too_many", { retryAfter: wait });
  };
  const cookieOf = (c: Context) => getCookie(c, COOKIE) ?? "";
  const viewOf = async ({ signIn, held }: Begun): Promise<EmailView> => ({
    lang: held.lang,
    site: (await services.sites.byId(signIn.site))?.name ?? "",
    origin: held.origin,
  });
  const ask = async (c: Context, said?: EmailView["said"]) => {
    const sent = await underWay(services, { provider: "email", cookie: cookieOf(c) });
    const view = { ...(await viewOf(sent)), said };
    const email = mailedTo(services, sent);
    const asksAddress = email === null || c.req.query("other") !== undefined || said === "email_bad" || said === "email_many";
    return show(c, asksAddress ? askForAddress(view) : askForTheCode({ ...view, email }));
  };

  const send = async (c: Context, text: string) => {
    const to = readEmail(text.trim());
    if (to === null) return ask(c, "email_bad");
    const asked = { cookie: cookieOf(c), to, sender: await addresses.hash(c) };
    try {
      const wait = await askForCode(services, { ...asked, send: (letter) => sendCode(services, letter) });
      return await ask(c, wait > 0 ? "code_soon" : undefined);
    } catch (error) {
      if (error instanceof Refusal && error.code === "too_many") return ask(c, "email_many");
      throw error;
    }
  };
  const goOn = async (c: Context, proof: { code: string } | { link: string }) => {
    const cookie = cookieOf(c);
    const answer = new URLSearchParams({ state: cookie, ...proof });
    return askToConfirm(services, c, await receiveAnswer(services, { provider: "email", cookie, answer }));
  };
  const tryIt = async (c: Context, text: string) => {
    // As it is read aloud, and as other keyboards write it.
    const code = text.replace(/[\s-]/g, "").replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660));
    const tried = await tryCode(services, await underWay(services, { provider: "email", cookie: cookieOf(c) }), code);
    return tried === "right" ? goOn(c, { code }) : ask(c, `code_${tried}`);
  };

  app.get("/auth/email", (c) => orSay(c, services, () => ask(c)));
  app.post("/auth/email", (c) =>
    orSay(c, services, async () => {
      limit(c);
      const form = check(EmailForm, await readForm(c));
      if (form.act === "send") return send(c, form.email);
      return form.act === "code" ? tryIt(c, form.code) : goOn(c, { link: form.link });
    }),
  );
  app.get("/auth/letter/:request/:secret", async (c) => {
    limit(c);
    const lang = languageFor(c.req.header("accept-language"));
    try {
      const { request, secret } = c.req.param();
      const { begun, to, code, here } = await openLetter(services, { request, secret, cookie: cookieOf(c) });
      const view = await viewOf(begun);
      return show(c, here ? askAboutLetter({ ...view, email: to, letter: secret }) : showTheCode({ ...view, code }));
    } catch (error) {
      if (error instanceof Refusal && error.code === "not_found") return show(c, usedLetter(lang), 400);
      throw error;
    }
  });
  return app;
}
