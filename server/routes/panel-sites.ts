import { Hono } from "hono";
import * as v from "valibot";
import { exportLines } from "../comments/export-site.ts";
import { requireSite } from "../comments/moderate.ts";
import { addSite, changePage, changeSite, listPages, readSeen, removeSite, settingFields, toSiteWire } from "../comments/sites-admin.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import { Nothing } from "../wire/panel-owner.ts";
import {
  NewSite,
  PageChange,
  PageLine,
  PageList,
  PageParams,
  Seen,
  SettingFields,
  SiteChange,
  SiteList,
  SiteWire,
} from "../wire/panel-sites.ts";
import type { Endpoint } from "./endpoint.ts";
import type { PanelEnv } from "./panel-sign-in.ts";
import { readJson, readQuery } from "./request.ts";

const base = "/api/v1/panel";
const owner = { auth: "owner" } as const;
const site = { 200: { description: "As it is now.", schema: SiteWire } };

export const panelSiteEndpoints: Endpoint[] = [
  {
    ...owner,
    method: "get",
    path: `${base}/settings`,
    summary: "What can be set for a site.",
    answers: { 200: { description: "The form.", schema: SettingFields } },
  },
  {
    ...owner,
    method: "get",
    path: `${base}/sites`,
    summary: "All sites.",
    answers: { 200: { description: "With their settings.", schema: SiteList } },
  },
  {
    ...owner,
    method: "post",
    path: `${base}/sites`,
    summary: "Add a site.",
    body: NewSite,
    answers: { 201: { description: "The site.", schema: SiteWire } },
  },
  {
    ...owner,
    method: "patch",
    path: `${base}/sites/{site}`,
    summary: "Rename a site, change its addresses or settings.",
    body: SiteChange,
    answers: site,
  },
  {
    ...owner,
    method: "delete",
    path: `${base}/sites/{site}`,
    summary: "Delete a site with all its comments.",
    body: Nothing,
    answers: { 200: { description: "It is gone.", schema: Nothing } },
  },
  {
    ...owner,
    method: "get",
    path: `${base}/sites/{site}/export`,
    summary: "The site and all its comments, one JSON a line.",
    type: "application/x-ndjson",
    answers: { 200: { description: "To be saved." } },
  },
  {
    ...owner,
    method: "get",
    path: `${base}/sites/{site}/seen`,
    summary: "Whether the widget was seen on the site.",
    answers: { 200: { description: "When and where.", schema: Seen } },
  },
  {
    ...owner,
    method: "get",
    path: `${base}/sites/{site}/pages`,
    summary: "Pages with comments.",
    query: PageParams,
    answers: { 200: { description: "At most 50; go on with `after`.", schema: PageList } },
  },
  {
    ...owner,
    method: "patch",
    path: `${base}/sites/{site}/pages`,
    summary: "Close, reopen or name a page.",
    body: PageChange,
    answers: { 200: { description: "As it is now.", schema: PageLine } },
  },
];

const SiteId = v.pipe(v.string(), v.regex(/^[1-9]\d{0,8}$/), v.transform(Number));

/** Sites, their pages and settings. */
export function panelSiteRoutes(services: Services): Hono<PanelEnv> {
  const app = new Hono<PanelEnv>();

  app.get("/settings", async (c) => c.json({ fields: await settingFields() }));
  app.get("/sites", async (c) => c.json({ sites: (await services.store.sites()).map(toSiteWire) }));
  app.post("/sites", async (c) => {
    const input = await readJson(c, NewSite);
    return c.json(await addSite(services, c.get("signedIn").owner, input), 201);
  });
  app.patch("/sites/:site", async (c) => {
    const change = await readJson(c, SiteChange);
    return c.json(await changeSite(services, c.get("signedIn").owner, { id: readSite(c.req.param("site")), change }));
  });
  app.delete("/sites/:site", async (c) => {
    await removeSite(services, c.get("signedIn").owner, readSite(c.req.param("site")));
    return c.json({});
  });

  app.get("/sites/:site/export", async (c) => {
    const found = await requireSite(services, readSite(c.req.param("site")));
    return new Response(streamOf(exportLines(services, found)), {
      headers: {
        "content-type": "application/x-ndjson; charset=utf-8",
        "content-disposition": `attachment; filename="youfigure-site-${found.id}.jsonl"`,
      },
    });
  });
  app.get("/sites/:site/seen", async (c) => c.json(await readSeen(services, readSite(c.req.param("site")))));

  app.get("/sites/:site/pages", async (c) =>
    c.json(await listPages(services, { id: readSite(c.req.param("site")), ...readQuery(c, PageParams) })),
  );
  app.patch("/sites/:site/pages", async (c) => {
    const change = await readJson(c, PageChange);
    return c.json(await changePage(services, c.get("signedIn").owner, { id: readSite(c.req.param("site")), ...change }));
  });

  return app;
}

/** Refusal `not_found` for what is no number of a site. */
export function readSite(text: string): number {
  const id = v.safeParse(SiteId, text);
  if (!id.success) throw new Refusal("not_found");
  return id.output;
}

/** Reads no faster than the client takes it. */
function streamOf(lines: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const iterator = lines[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
