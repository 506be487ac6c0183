import { type Context, Hono } from "hono";
import { type Kind, KINDS } from "../auth/kinds.ts";
import { addWay, changeWay, type Noting, orderWays, removeWay, testWay } from "../auth/site-ways.ts";
import { readWays, redirectUriOf, type SiteWay } from "../auth/ways.ts";
import { logEntry, requireSite } from "../comments/moderate.ts";
import type { Services } from "../services.ts";
import { Nothing } from "../wire/panel-owner.ts";
import { type KindLine, NewWay, WayChange, type WayLine, WayList, WayOrder, WayTest } from "../wire/panel-ways.ts";
import type { Endpoint } from "./endpoint.ts";
import { readSite } from "./panel-sites.ts";
import type { PanelEnv } from "./panel-sign-in.ts";
import { readJson } from "./request.ts";

const base = "/api/v1/panel/sites/{site}/ways";
const owner = { auth: "owner" } as const;
const list = { 200: { description: "As they are now.", schema: WayList } };

export const panelWayEndpoints: Endpoint[] = [
  {
    ...owner,
    method: "get",
    path: base,
    summary: "Where the site's readers may sign in: the ways of the server and the site's own; and which kinds there are.",
    answers: list,
  },
  {
    ...owner,
    method: "post",
    path: base,
    summary: "Add a way of the site's own, still empty: it has a redirect address to be registered.",
    body: NewWay,
    answers: { 201: list[200] },
  },
  {
    ...owner,
    method: "put",
    path: `${base}/order`,
    summary: "Put all of them in an order, by their ids.",
    body: WayOrder,
    answers: list,
  },
  {
    ...owner,
    method: "patch",
    path: `${base}/{id}`,
    summary: "Change what is given; of the server's ways only `on`. Another issuer needs the secret again.",
    body: WayChange,
    answers: list,
  },
  {
    ...owner,
    method: "delete",
    path: `${base}/{id}`,
    summary: "Remove one of the site's own; who came in by it is signed out.",
    body: Nothing,
    answers: list,
  },
  {
    ...owner,
    method: "post",
    path: `${base}/{id}/test`,
    summary: "Try it without a reader: discovery, endpoints, and whether client and secret are known.",
    body: Nothing,
    answers: { 200: { description: "What was found.", schema: WayTest } },
  },
];

/** Ways in of one site. */
export function panelWayRoutes(services: Services): Hono<PanelEnv> {
  const app = new Hono<PanelEnv>();
  const siteOf = async (c: Context) => (await requireSite(services, readSite(c.req.param("site") ?? ""))).id;
  const noting =
    (c: Context<PanelEnv>): Noting =>
    (what) =>
      logEntry(services, c.get("signedIn").owner, "site", what);
  const listed = async (site: number): Promise<WayList> => ({
    ways: (await readWays(services, site)).map((way) => lineOf(services, way)),
    kinds: KIND_LINES,
  });

  app.get("/sites/:site/ways", async (c) => c.json(await listed(await siteOf(c))));
  app.post("/sites/:site/ways", async (c) => {
    const [site, { kind }] = [await siteOf(c), await readJson(c, NewWay)];
    await addWay(services, site, { kind, note: noting(c) });
    return c.json(await listed(site), 201);
  });
  app.put("/sites/:site/ways/order", async (c) => {
    const [site, { ids }] = [await siteOf(c), await readJson(c, WayOrder)];
    await orderWays(services, site, { ids, note: noting(c) });
    return c.json(await listed(site));
  });
  app.patch("/sites/:site/ways/:id", async (c) => {
    const [site, change] = [await siteOf(c), await readJson(c, WayChange)];
    await changeWay(services, site, { id: c.req.param("id"), change, note: noting(c) });
    return c.json(await listed(site));
  });
  app.delete("/sites/:site/ways/:id", async (c) => {
    const site = await siteOf(c);
    await readJson(c, Nothing);
    await removeWay(services, site, { id: c.req.param("id"), note: noting(c) });
    return c.json(await listed(site));
  });
  app.post("/sites/:site/ways/:id/test", async (c) => {
    const site = await siteOf(c);
    await readJson(c, Nothing);
    return c.json(await testWay(services, site, c.req.param("id")));
  });
  return app;
}

function lineOf({ config }: Services, { id, kind, label, own, on, lacks, registration }: SiteWay): WayLine {
  const { issuer = "", client = "", secret = "" } = (own && registration) || {};
  return {
    id,
    kind,
    label,
    own,
    on,
    lacks,
    issuer,
    client,
    secret: secret !== "",
    redirect: redirectUriOf(config, id),
    canTest: registration !== null,
  };
}

const KIND_LINES: KindLine[] = Object.entries(KINDS as Record<string, Kind>).map(
  ([id, { label, needs, optional = [], register, about }]) => ({ id, label, needs: [...needs], optional: [...optional], register, about }),
);
