import { type Context, Hono } from "hono";
import { stream } from "hono/streaming";
import * as v from "valibot";
import { languageOfVisit, leaveOwnPage, makeReaderLink, type OwnVisit, readOwnPage } from "../auth/own-session.ts";
import { requireOwnForm } from "../auth/csrf.ts";
import { editOwnComment } from "../comments/edit.ts";
import { exportOwn } from "../comments/own-export.ts";
import {
  claimEarlier,
  earlierComments,
  findOwn,
  lettersOf,
  listOwn,
  type OwnComment,
  provenAddress,
  removeOwn,
} from "../comments/own-things.ts";
import { linkTo, nameOf, sendLink } from "../comments/reader-letters.ts";
import { pageUrl } from "../comments/sites.ts";
import { Refusal } from "../refusal.ts";
import { renderOwnPage, type Said } from "../render/own-page.tsx";
import { renderOwnComment } from "../render/own-plain.tsx";
import type { Services } from "../services.ts";
import type { Site } from "../store/records.ts";
import { Id } from "../wire/comment.ts";
import type { Endpoint } from "./endpoint.ts";
import { askToConfirm } from "./own-api.ts";
import { type OwnTools, page, show } from "./own-tools.ts";
import { type Env, readForm, readQuery } from "./request.ts";

const SAID = ["saved", "waits", "removed", "claimed", "sent", "confirmed", "unsure", "email"] as const satisfies Said[];
const ListQuery = v.object({ after: v.optional(Id), said: v.optional(v.picklist(SAID)) });
const OneQuery = v.object({ id: Id });

export const ownPageEndpoints: Endpoint[] = [
  page("get", "/yours/{site}", "What is a reader's own at a site: needs no JavaScript.", ListQuery),
  page(
    "post",
    "/yours/{site}",
    "The page's forms, application/x-www-form-urlencoded: `act` is `claim`, `email`, `passkey` (with `id`: it is removed), `leave`, `everywhere` or `erase`.",
  ),
  page("get", "/yours/{site}/comment", "One comment of theirs, to be edited or deleted.", OneQuery),
  page("post", "/yours/{site}/comment", "That page's forms: `act` is `save`, with `body`, or `remove`.", OneQuery),
  {
    method: "get",
    path: "/yours/{site}/download",
    summary: "All that is kept of the reader.",
    answers: { 200: { description: "A file of JSON." } },
  },
];

/** The page of a reader's own things, for whom a cookie opens it. */
export function ownPageRoutes(services: Services, tools: OwnTools): Hono<Env> {
  const app = new Hono<Env>();
  const { store, sites } = services;

  const opened = async (c: Context): Promise<{ site: Site; visit: OwnVisit | null }> => {
    const site = await tools.siteOf(c);
    return { site, visit: await readOwnPage(services, c, site.id) };
  };
  const posted = async (c: Context): Promise<{ site: Site; visit: OwnVisit }> => {
    requireOwnForm(c, sites.isOurs);
    const { site, visit } = await opened(c);
    if (!visit) throw new Refusal("unauthorized");
    return { site, visit };
  };
  const back = (c: Context, site: Site, said: Said) => c.redirect(`/yours/${site.id}?said=${said}`, 303);

  app.get("/:site", async (c) => {
    const { site, visit } = await opened(c);
    if (!visit) return tools.closed(c, site);
    const { after, said } = readQuery(c, ListQuery);
    return show(c, await drawList(services, tools, c, { site, visit, after, said }));
  });

  const leave = async ({ c, site }: Act) => {
    await leaveOwnPage(services, c, site.id);
    return c.redirect(`/yours/${site.id}`, 303);
  };
  /** What the page's forms do, by their `act`. */
  const acts: Record<string, (act: Act) => Promise<Response>> = {
    leave,
    async everywhere(act) {
      await store.removeReaderSessions(act.site.id, act.visit.account.id);
      return leave(act);
    },
    async claim({ c, site, visit }) {
      await claimEarlier(services, site, visit.account);
      return back(c, site, "claimed");
    },
    async email({ c, site, visit, form }) {
      try {
        await askToConfirm(services, { account: visit.account, email: form["email"] ?? "", lang: languageOfVisit(c, site.id) });
      } catch (error) {
        if (error instanceof Refusal && error.code === "invalid") return back(c, site, "email");
        throw error;
      }
      return back(c, site, "sent");
    },
    async passkey({ c, site, visit, form }) {
      await store.removeReaderPasskey(site.id, visit.account.id, form["id"] ?? "");
      return back(c, site, "saved");
    },
    async erase({ c, site, visit, form }) {
      if (services.mail && provenAddress(visit.account)) {
        await askToErase(services, visit, languageOfVisit(c, site.id));
        return back(c, site, "sent");
      }
      if (form["sure"] !== "on") return back(c, site, "unsure");
      return tools.erase(c, site, visit.account, form);
    },
  };
  app.post("/:site", async (c) => {
    const { site, visit } = await posted(c);
    const form = await readForm(c);
    const name = form["act"] ?? "";
    if (!Object.hasOwn(acts, name)) throw new Refusal("invalid");
    return acts[name]!({ c, site, visit, form });
  });

  app.get("/:site/comment", async (c) => {
    const { site, visit } = await opened(c);
    if (!visit) return tools.closed(c, site);
    return showComment(c, site, await findOwn(services, site, visit.account, readQuery(c, OneQuery).id));
  });

  const showComment = (c: Context, site: Site, own: OwnComment, refused?: { source: string; refusal: Refusal }) => {
    const view = { ...tools.around(c, site), item: itemOf(site, own), source: own.row.source, editable: own.editable, refusal: null };
    if (!refused) return show(c, renderOwnComment(view));
    const { source, refusal } = refused;
    return show(c, renderOwnComment({ ...view, source, refusal }), refusal.status as 422);
  };

  app.post("/:site/comment", async (c) => {
    const { site, visit } = await posted(c);
    const { id } = readQuery(c, OneQuery);
    const form = await readForm(c);
    if (form["act"] === "remove") {
      await removeOwn(services, site, visit.account, id);
      return back(c, site, "removed");
    }
    const own = await findOwn(services, site, visit.account, id);
    const source = (form["body"] ?? "").replaceAll("\r\n", "\n");
    const asked = { site: site.id, id, token: null, reader: visit.account, origin: services.config.publicUrl };
    try {
      const { comment } = await editOwnComment(services, { ...asked, body: source, address: await tools.hash(c) });
      return back(c, site, comment.held ? "waits" : "saved");
    } catch (error) {
      if (!(error instanceof Refusal) || error.status >= 500) throw error;
      return showComment(c, site, own, { source, refusal: error });
    }
  });

  app.get("/:site/download", async (c) => {
    const { site, visit } = await opened(c);
    if (!visit) return tools.closed(c, site);
    c.header("content-type", "application/json; charset=utf-8");
    c.header("content-disposition", `attachment; filename="comments-${site.id}.json"`);
    c.header("cache-control", "no-store");
    return stream(c, async (out) => {
      for await (const piece of exportOwn(services, site, visit.account)) await out.write(piece);
    });
  });
  return app;
}

interface Act {
  c: Context;
  site: Site;
  visit: OwnVisit;
  form: Record<string, string>;
}

interface Asked {
  site: Site;
  visit: OwnVisit;
  after: string | undefined;
  said: Said | undefined;
}

async function drawList(services: Services, tools: OwnTools, c: Context, { site, visit, after, said }: Asked): Promise<string> {
  const { account, hash } = visit;
  const first = after === undefined;
  const [{ items, next }, earlier, letters, sessions, passkeys] = await Promise.all([
    listOwn(services, site, account, after),
    first ? earlierComments(services, site, account) : [],
    first ? lettersOf(services, site, account) : null,
    services.store.readerSessions(site.id, account.id),
    services.store.readerPasskeys(site.id, account.id),
  ]);
  const asItem = (own: Omit<OwnComment, "editable">) => itemOf(site, own);
  return renderOwnPage({
    ...tools.around(c, site),
    reader: { name: account.name, way: await tools.wayOf(c, site, account), email: account.email, proven: provenAddress(account) },
    said,
    items: items.map(asItem),
    next,
    first,
    earlier: earlier.map(asItem),
    letters: letters && { ...letters, follows: letters.follows.map((follow) => ({ ...follow, url: pageUrl(site, follow.key) })) },
    mail: services.mail !== null,
    passkeys,
    sessions: sessions
      .filter(({ expiresAt }) => expiresAt > services.now())
      .map(({ createdAt, expiresAt, hash: of }) => ({ createdAt, expiresAt, here: of === hash })),
  });
}

function itemOf(site: Site, { row, page }: Omit<OwnComment, "editable">) {
  const { id, createdAt, status, body } = row;
  return { id, createdAt, body, waits: status !== "approved", title: page.title, url: `${pageUrl(site, page.key)}#comment-${id}` };
}

/** A letter asks once more: a page left open must not be enough to end it all. */
function askToErase(services: Services, { account }: OwnVisit, lang: string): Promise<void> {
  const { site, id } = account;
  const link = async (email: string) => {
    const { token, expiresAt } = await makeReaderLink(services, { site, purpose: "erase", account: id, email });
    return { link: linkTo(services, site, "erase", token), expiresAt };
  };
  return sendLink(services, { site, to: provenAddress(account), lang, sender: id, purpose: "erase", name: nameOf(account), link });
}
