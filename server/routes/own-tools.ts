/** What the routes of readers' own things share. */
import type { Context } from "hono";
import type { GenericSchema } from "valibot";
import { languageOfVisit, leaveOwnPage } from "../auth/own-session.ts";
import { eraseAccount } from "../comments/own-things.ts";
import { Refusal } from "../refusal.ts";
import { type OwnSheet } from "../render/own-sheet.tsx";
import { renderPlainPage, renderRefusedPage } from "../render/own-plain.tsx";
import { textsOf } from "../render/texts.ts";
import type { Services } from "../services.ts";
import type { Account } from "../store/readers.ts";
import type { Site } from "../store/records.ts";
import type { Assets } from "./assets.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Addresses, type Env } from "./request.ts";

export interface OwnTools {
  /** Refusal `not_found`. */
  siteOf(c: Context): Promise<Site>;
  around(c: Context, site: Site): OwnSheet;
  wayOf(c: Context, site: Site, account: Account): Promise<string>;
  /** Nobody is here: how to get in. */
  closed(c: Context, site: Site): Response;
  /** Ends the account as the form says, and says so. */
  erase(c: Context, site: Site, account: Account, form: Readonly<Record<string, string>>): Promise<Response>;
  /** A person sees a page, not a program's words. */
  refused(c: Context, site: Site | null, refusal: Refusal): Response;
  hash(c: Context): Promise<string>;
  /** Refusal `too_many`. */
  limitVisits(c: Context): void;
}

export function ownTools(services: Services, assets: Assets, addresses: Addresses): OwnTools {
  const around = (c: Context, { id, name }: Site): OwnSheet => ({
    lang: languageOfVisit(c, id),
    style: assets.find("thread.css")?.file,
    site: { id, name },
  });
  const closed = (c: Context, site: Site) => {
    const view = around(c, site);
    const { yours: say } = textsOf(view.lang);
    const lines = [say("closedHow", { site: site.name })];
    return show(c, renderPlainPage({ ...view, title: say("closed"), lines, asksAddress: services.mail !== null }), 403);
  };
  return {
    around,
    closed,
    async siteOf(c) {
      const id = c.req.param("site") ?? "";
      const site = /^[1-9]\d{0,8}$/.test(id) ? await services.sites.byId(Number(id)) : null;
      if (!site) throw new Refusal("not_found");
      return site;
    },
    async wayOf(c, site, { provider }) {
      if (provider === "email") return textsOf(languageOfVisit(c, site.id)).yours("wayMail");
      return (await services.ways.labelOf(site.id, provider)) ?? provider;
    },
    async erase(c, site, account, form) {
      const view = around(c, site);
      const { yours: say } = textsOf(view.lang);
      const comments = form["comments"] === "anonymise" ? "anonymise" : "remove";
      await eraseAccount(services, site, { account, comments, anonymous: say("anonymous") });
      await leaveOwnPage(services, c, site.id);
      return show(c, renderPlainPage({ ...view, title: say("erased") }));
    },
    refused(c, site, refusal) {
      if (site && refusal.code === "unauthorized") return closed(c, site);
      const view = site
        ? around(c, site)
        : { lang: languageOfVisit(c, 0), style: assets.find("thread.css")?.file, site: { id: 0, name: "" } };
      return show(c, renderRefusedPage({ ...view, refusal }), refusal.status as 403);
    },
    hash: (c) => addresses.hash(c as Context<Env>),
    limitVisits(c) {
      const wait = services.flood.visit(addresses.subscriber(c as Context<Env>));
      if (wait > 0) throw new Refusal("too_many", { retryAfter: wait });
    },
  };
}

/** The referrer goes to our own forms alone, since a browser that sends none sends no origin either; nothing of it into a cache. */
const HEADERS = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src 'self' https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "same-origin",
  "cache-control": "no-store",
  "x-robots-tag": "noindex, nofollow",
};

export const show = (c: Context, html: string, status: 200 | 400 | 403 | 422 = 200, more: Record<string, string> = {}): Response =>
  c.html(html, status, { ...HEADERS, ...more }) as Response;

/** A page's line of the description. */
export const page = (method: "get" | "post", path: string, summary: string, query?: GenericSchema): Endpoint => ({
  method,
  path,
  summary,
  type: "text/html",
  ...(query && { query }),
  answers: { 200: { description: "A page." } },
});
