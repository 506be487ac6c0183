import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import * as v from "valibot";
import { requireOwnForm } from "../auth/csrf.ts";
import { emailProvider } from "../auth/email-link.ts";
import { makeReaderLink, openOwnPage, readReaderLink, useReaderLink } from "../auth/own-session.ts";
import { identityOf } from "../auth/sign-in.ts";
import { linkTo, nameOf, sendLink } from "../comments/reader-letters.ts";
import { languageFor } from "../locale/format.ts";
import { Refusal } from "../refusal.ts";
import { renderErasePage } from "../render/own-erase.tsx";
import { OPENING, renderOpeningPage, renderPlainPage } from "../render/own-plain.tsx";
import { textsOf } from "../render/texts.ts";
import type { Services } from "../services.ts";
import type { ReaderLink } from "../store/own-things.ts";
import type { Account } from "../store/readers.ts";
import type { Site } from "../store/records.ts";
import type { Endpoint } from "./endpoint.ts";
import { type OwnTools, page, show } from "./own-tools.ts";
import { type Env, readForm, readQuery } from "./request.ts";

const TokenQuery = v.object({ token: v.pipe(v.string(), v.maxLength(100)) });
const OpenQuery = v.object({ lang: v.optional(v.pipe(v.string(), v.maxLength(35))) });

export const ownLinkEndpoints: Endpoint[] = [
  page("get", "/yours/{site}/open", "Hands in the code of its fragment, which the box was given.", OpenQuery),
  page("post", "/yours/{site}/open", "Takes that code, and sets a cookie for this site's page."),
  page("post", "/yours/{site}/letter", "Sends a letter with a link to the page; whether one goes is not told."),
  ...(["confirm", "enter", "erase"] as const).flatMap((name) => [
    page("get", `/yours/{site}/${name}`, "Behind the link of a letter: asks, and changes nothing.", TokenQuery),
    page("post", `/yours/{site}/${name}`, "That page's button."),
  ]),
];

/** How the page of a reader's own things is reached, and what letters about it ask. A GET never acts. */
export function ownLinkRoutes(services: Services, tools: OwnTools): Hono<Env> {
  const app = new Hono<Env>();
  const { store, sites } = services;

  app.get("/:site/open", async (c) => {
    const site = await tools.siteOf(c);
    const lang = languageFor(readQuery(c, OpenQuery).lang ?? c.req.header("accept-language"));
    return show(c, renderOpeningPage({ ...tools.around(c, site), lang }), 200, { "content-security-policy": OPENING_POLICY });
  });
  app.post("/:site/open", async (c) => {
    requireOwnForm(c, sites.isOurs);
    tools.limitVisits(c);
    const site = await tools.siteOf(c);
    const form = await readForm(c);
    const { account } = await useReaderLink(services, { site: site.id, token: form["code"] ?? "" }, "open");
    await openOwnPage(services, c, { site: site.id, account, lang: languageFor(form["lang"]) });
    return c.redirect(`/yours/${site.id}`, 303);
  });

  app.post("/:site/letter", async (c) => {
    requireOwnForm(c, sites.isOurs);
    const site = await tools.siteOf(c);
    const view = tools.around(c, site);
    const { yours: say } = textsOf(view.lang);
    const link = async (email: string) => {
      // The account of this id is made once the link is used, where the address has none.
      const { token, expiresAt } = await makeReaderLink(services, { site: site.id, purpose: "enter", account: services.newId(), email });
      return { link: linkTo(services, site.id, "enter", token), expiresAt };
    };
    const asked = { site: site.id, lang: view.lang, sender: await tools.hash(c), purpose: "enter", name: "", link } as const;
    await sendLink(services, { ...asked, to: (await readForm(c))["email"] ?? "" });
    return show(c, renderPlainPage({ ...view, title: say("said_sent") }));
  });

  app.get("/:site/confirm", async (c) => {
    const { site, link, token } = await linkAsked(c, "email");
    const account = await requireAccount(link);
    const view = tools.around(c, site);
    const { yours: say } = textsOf(view.lang);
    const values = { name: nameOf(account), way: await tools.wayOf(c, site, account), site: site.name };
    const button = { action: `/yours/${site.id}/confirm`, text: say("confirmGo"), fields: { token } };
    return show(
      c,
      renderPlainPage({ ...view, title: say("confirmAsk", { email: link.email }), lines: [say("confirmWhy", values)], button }),
    );
  });
  app.post("/:site/confirm", async (c) => {
    const { site, link } = await linkUsed(c, "email");
    await store.confirmEmail(site.id, (await requireAccount(link)).id, link.email);
    const view = tools.around(c, site);
    const { yours: say } = textsOf(view.lang);
    return show(c, renderPlainPage({ ...view, title: say("said_confirmed"), onward: { href: `/yours/${site.id}`, text: say("back") } }));
  });

  app.get("/:site/enter", async (c) => {
    const { site, link, token } = await linkAsked(c, "enter");
    const view = tools.around(c, site);
    const { yours: say } = textsOf(view.lang);
    const button = { action: `/yours/${site.id}/enter`, text: say("enterGo"), fields: { token } };
    return show(c, renderPlainPage({ ...view, title: say("enterAsk", { site: site.name, email: link.email }), button }));
  });
  app.post("/:site/enter", async (c) => {
    const { site, link } = await linkUsed(c, "enter");
    const account = await accountBehind(services, link);
    await openOwnPage(services, c, { site: site.id, account: account.id, lang: tools.around(c, site).lang });
    return c.redirect(`/yours/${site.id}`, 303);
  });

  app.get("/:site/erase", async (c) => {
    const { site, link, token } = await linkAsked(c, "erase");
    const account = await requireAccount(link);
    return show(c, renderErasePage({ ...tools.around(c, site), reader: { name: nameOf(account) }, proven: "", token }));
  });
  app.post("/:site/erase", async (c) => {
    const { site, link, form } = await linkUsed(c, "erase");
    return tools.erase(c, site, await requireAccount(link), form);
  });

  const linkAsked = async (c: Context, purpose: ReaderLink["purpose"]) => {
    const site = await tools.siteOf(c);
    const { token } = readQuery(c, TokenQuery);
    const link = await readReaderLink(services, site.id, token);
    if (link.purpose !== purpose) throw new Refusal("token_invalid");
    return { site, link, token };
  };
  const linkUsed = async (
    c: Context,
    purpose: ReaderLink["purpose"],
  ): Promise<{ site: Site; link: ReaderLink; form: Record<string, string> }> => {
    requireOwnForm(c, sites.isOurs);
    const site = await tools.siteOf(c);
    const form = await readForm(c);
    if (purpose === "erase" && form["sure"] !== "on") throw new Refusal("invalid");
    return { site, form, link: await useReaderLink(services, { site: site.id, token: form["token"] ?? "" }, purpose) };
  };
  const requireAccount = async ({ site, account }: ReaderLink): Promise<Account> => {
    const found = await store.account(site, account);
    if (!found) throw new Refusal("token_invalid");
    return found;
  };
  return app;
}

/** Whose mail it is: the account that signs in by it or has confirmed it, or a new one that does from now on. */
async function accountBehind({ store, now }: Services, { site, account: id, email }: ReaderLink): Promise<Account> {
  const subject = identityOf(emailProvider, email.toLowerCase());
  const known = await store.accountOfEmail(site, email, subject);
  if (known) return known;
  return store.keepAccount({ site, id, provider: emailProvider.id, name: "", email, emailVerified: true, createdAt: now() }, subject);
}

const OPENING_POLICY = `default-src 'none'; style-src 'self'; img-src 'self'; script-src 'sha256-${createHash("sha256").update(OPENING).digest("base64")}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
