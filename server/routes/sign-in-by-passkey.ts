import { type Context, Hono } from "hono";
import { getCookie } from "hono/cookie";
import * as v from "valibot";
import { askForPasskey, verifyPasskey } from "../auth/reader-passkey.ts";
import { receiveAnswer, type Sent, underWay } from "../auth/sign-in.ts";
import { Refusal } from "../refusal.ts";
import { askForPasskeyPage } from "../render/passkey-page.ts";
import type { Services } from "../services.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Addresses, check, type Env, readForm } from "./request.ts";
import { askToConfirm, COOKIE, orSay, show } from "./sign-in.ts";

const html = { type: "text/html", answers: { 200: { description: "A page." } } } as const;
export const passkeySignInEndpoints: Endpoint[] = [
  { ...html, method: "get", path: "/auth/passkey", summary: "Asks a reader who comes back for a passkey." },
  {
    ...html,
    method: "post",
    path: "/auth/passkey",
    summary: "Its form, application/x-www-form-urlencoded: `credential` is what the browser signed, as JSON.",
  },
];

const PasskeyForm = v.object({ credential: v.pipe(v.string(), v.maxLength(10_000)) });

/** Signing in by a passkey, at top level on a page of ours in the window that the box opened. */
export function passkeySignInRoutes(services: Services, addresses: Addresses): Hono<Env> {
  const app = new Hono<Env>();
  const cookieOf = (c: Context) => getCookie(c, COOKIE) ?? "";
  const underWayHere = (c: Context): Promise<Sent & { cookie: string }> => {
    const wait = services.flood.visit(addresses.subscriber(c));
    if (wait > 0) throw new Refusal("too_many", { retryAfter: wait });
    const cookie = cookieOf(c);
    return underWay(services, { provider: "passkey", cookie }).then((sent) => ({ ...sent, cookie }));
  };
  const ask = async (c: Context, sent: Sent, unknown: boolean) => {
    const options = await askForPasskey(services, sent);
    const site = (await services.sites.byId(sent.signIn.site))?.name ?? "";
    const { lang, origin } = sent.held;
    return show(c, askForPasskeyPage({ lang, site, origin, options, unknown }));
  };

  app.get("/auth/passkey", (c) => orSay(c, services, async () => ask(c, await underWayHere(c), false)));
  app.post("/auth/passkey", (c) =>
    orSay(c, services, async () => {
      const { cookie, ...sent } = await underWayHere(c);
      const { credential } = check(PasskeyForm, await readForm(c));
      // Another one may be tried; the answer itself is looked at once.
      const found = await verifyPasskey(services, { site: sent.signIn.site, kept: sent.held.kept, credential });
      if (!found) return ask(c, sent, true);
      const answer = new URLSearchParams({ state: cookie, credential });
      return askToConfirm(services, c, await receiveAnswer(services, { provider: "passkey", cookie, answer }));
    }),
  );
  return app;
}
