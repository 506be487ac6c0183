import { type Context, Hono } from "hono";
import { makeReaderLink } from "../auth/own-session.ts";
import { readReader } from "../auth/reader-session.ts";
import { editableOn } from "../comments/own-things.ts";
import { linkTo, nameOf, sendLink } from "../comments/reader-letters.ts";
import type { Place } from "../comments/sites.ts";
import { languageFor } from "../locale/format.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Account } from "../store/readers.ts";
import { AddEmail, AskMine, Mine, OpenedOwnThings, OpenOwnThings } from "../wire/own-things.ts";
import type { Endpoint } from "./endpoint.ts";
import { bearerOf, type Env, originOf, readJson } from "./request.ts";
import { toReader } from "./sign-in.ts";

export const ownApiEndpoints: Endpoint[] = [
  {
    method: "post",
    path: "/api/v1/auth/yours",
    summary: "A link to the page of the reader's own things, for who is signed in.",
    body: OpenOwnThings,
    auth: "author",
    answers: { 200: { description: "Good for five minutes and one use.", schema: OpenedOwnThings } },
  },
  {
    method: "post",
    path: "/api/v1/auth/mine",
    summary: "Which comments of this page were written by who is signed in, and may still be edited by the same token.",
    body: AskMine,
    auth: "author",
    answers: { 200: { description: "The newest first.", schema: Mine } },
  },
  {
    method: "post",
    path: "/api/v1/auth/email",
    summary: "Sends a letter that asks to confirm this address for the account of who is signed in.",
    body: AddEmail,
    auth: "author",
    answers: { 204: { description: "Taken; whether a letter goes is not told." } },
  },
];

/** What the box asks for who is signed in, by their bearer token. */
export function ownApiRoutes(services: Services): Hono<Env> {
  const app = new Hono<Env>();
  const signedIn = async (c: Context, url: string): Promise<Place & { account: Account }> => {
    const place = await services.sites.locate(url);
    services.sites.admit(place.site, originOf(c));
    const account = await readReader(services, place.site.id, bearerOf(c));
    if (!account) throw new Refusal("unauthorized");
    return { ...place, account };
  };

  app.post("/api/v1/auth/yours", async (c) => {
    const { url, lang } = await readJson(c, OpenOwnThings);
    const { site, account } = await signedIn(c, url);
    const { token } = await makeReaderLink(services, { site: site.id, purpose: "open", account: account.id, email: "" });
    const language = languageFor(lang || c.req.header("accept-language"));
    return c.json({ go: `${services.config.publicUrl}/yours/${site.id}/open?lang=${language}#${token}` } satisfies OpenedOwnThings);
  });

  app.post("/api/v1/auth/mine", async (c) => {
    const { site, key, account } = await signedIn(c, (await readJson(c, AskMine)).url);
    const found = await editableOn(services, site, { account, key });
    const comments = found.map(([id, until]) => ({ id, until }));
    return c.json({ comments, reader: await toReader(services, account) } satisfies Mine);
  });

  app.post("/api/v1/auth/email", async (c) => {
    const { url, email } = await readJson(c, AddEmail);
    const { account } = await signedIn(c, url);
    await askToConfirm(services, { account, email, lang: languageFor(c.req.header("accept-language")) });
    return c.body(null, 204);
  });
  return app;
}

/** A letter to the address, whose reader then makes it the account's by a button. */
export function askToConfirm(
  services: Services,
  { account, email, lang }: { account: Account; email: string; lang: string },
): Promise<void> {
  const { site, id } = account;
  const link = async (to: string) => {
    const { token, expiresAt } = await makeReaderLink(services, { site, purpose: "email", account: id, email: to });
    return { link: linkTo(services, site, "email", token), expiresAt };
  };
  return sendLink(services, { site, to: email, lang, sender: id, purpose: "claim", name: nameOf(account), link });
}
