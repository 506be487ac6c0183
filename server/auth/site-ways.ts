/** What an owner does with a site's ways in. */
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { LogEntry } from "../store/records.ts";
import type { WayPatch, WayRow } from "../store/ways.ts";
import type { FieldCode } from "../wire/refusal.ts";
import type { WayChange } from "../wire/panel-ways.ts";
import { isRegistered, kindOf, type Need, type Registration } from "./kinds.ts";
import { oauthOf } from "./providers.ts";
import { type Tried, tryWay } from "./try-way.ts";
import { readWays, redirectUriOf, sealSecret, type SiteWay } from "./ways.ts";

/** All of them are sent to every reader. */
const MOST = 30;

/** Notes what is done, by a word or two; never what a field holds. */
export type Noting = (what: string) => LogEntry;

const wrong = (fields: Record<string, FieldCode>) => new Refusal("invalid", { fields });

/** A way of the site's own, its fields still empty; its redirect address stands, so that it can be registered. */
export async function addWay(services: Services, site: number, { kind, note }: { kind: string; note: Noting }): Promise<void> {
  if (!isRegistered(kind)) throw wrong({ kind: "unknown" });
  const known = await readWays(services, site);
  if (known.length >= MOST) throw wrong({ kind: "too_long" });
  const place = Math.max(-1, ...known.map((way) => way.place)) + 1;
  const label = kindOf(kind)!.label;
  // Two owners who add one at the same moment get one each.
  for (let n = 1; ; n++) {
    const id = `${site}-${kind}${n === 1 ? "" : `-${n}`}`;
    const row: WayRow = { site, id, kind, label, issuer: "", client: "", secret: "", on: true, place };
    if (await services.store.addWay(row, note(`way added: ${id}`))) return;
  }
}

interface Changing {
  id: string;
  change: WayChange;
  note: Noting;
}

export async function changeWay(services: Services, site: number, { id, change, note }: Changing): Promise<void> {
  const way = await findWay(services, site, id);
  if (Object.keys(change).length === 0) return;
  const entry = note(`way changed: ${id}: ${Object.keys(change).join(" ")}`);
  const done = way.own ? changeOwn(services, site, { way, change, entry }) : changeOffered(services, site, { way, change, entry });
  if (!(await done)) throw new Refusal("not_found");
}

interface Change {
  way: SiteWay;
  change: WayChange;
  entry: LogEntry;
}

async function changeOffered({ store }: Services, site: number, { way, change, entry }: Change): Promise<boolean> {
  const { on, ...rest } = change;
  const [other] = Object.keys(rest);
  if (other !== undefined) throw wrong({ [other]: "invalid" });
  return (await store.addWay({ ...said(site, way), on: on! }, entry)) || store.changeWay(site, way.id, { on: on! }, entry);
}

/** What a site says of one of the server's ways. */
const said = (site: number, { id, on, place }: SiteWay): WayRow => ({
  site,
  id,
  kind: "",
  label: "",
  issuer: "",
  client: "",
  secret: "",
  on,
  place,
});

function changeOwn({ store, keys }: Services, site: number, { way, change, entry }: Change): Promise<boolean> {
  const { id, kind, registration } = way;
  const before = registration!;
  const patch: WayPatch = { ...(change.on !== undefined && { on: change.on }) };
  for (const need of ["issuer", "client", "secret"] as const)
    if (change[need] !== undefined && !kindOf(kind)!.needs.includes(need)) throw wrong({ [need]: "invalid" });
  if (change.label !== undefined) patch.label = readText("label", change.label);
  if (change.issuer !== undefined) patch.issuer = readIssuer(change.issuer);
  if (change.client !== undefined) patch.client = readText("client", change.client);
  const issuer = patch.issuer ?? before.issuer;
  // What was kept for one issuer is told to no other.
  if (change.secret === undefined && issuer !== before.issuer && before.secret !== "") throw wrong({ secret: "required" });
  if (change.secret !== undefined) patch.secret = sealSecret(keys, { site, id, kind, issuer }, change.secret.trim());
  return store.changeWay(site, id, patch, entry);
}

function readText(field: "label" | Need, text: string): string {
  const read = text.trim();
  if (read === "") throw wrong({ [field]: "required" });
  if (/\p{Cc}/u.test(read)) throw wrong({ [field]: "bad_text" });
  return read;
}

/** Owners also copy the address of the discovery document itself. */
function readIssuer(text: string): string {
  const address = text.trim().replace(/\/\.well-known\/openid-configuration$/, "");
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "" || url.search !== "" || url.hash !== "")
    throw wrong({ issuer: address === "" ? "required" : "invalid" });
  return url.pathname === "/" ? url.origin : url.href;
}

export async function orderWays(services: Services, site: number, { ids, note }: { ids: readonly string[]; note: Noting }): Promise<void> {
  const known = await readWays(services, site);
  if (new Set(ids).size !== known.length || !known.every(({ id }) => ids.includes(id))) throw new Refusal("changed_meanwhile");
  const order = ids.map((id) => known.find((way) => way.id === id)!).map(({ id, own, kind, on }) => ({ id, kind: own ? kind : "", on }));
  await services.store.orderWays(site, order, note("ways put in order"));
}

export async function removeWay({ store }: Services, site: number, { id, note }: { id: string; note: Noting }): Promise<void> {
  // What a site says of one of the server's is no way of its own.
  if (!id.startsWith(`${site}-`) || !(await store.removeWay(site, id, note(`way removed: ${id}`)))) throw new Refusal("not_found");
}

export async function testWay(services: Services, site: number, id: string): Promise<Tried> {
  const { lacks, registration } = await findWay(services, site, id);
  if (registration === null) return { verdict: "nothing_to_try" };
  if (lacks !== "nothing") return { verdict: lacks === "secret" ? "secret_again" : "incomplete" };
  return tryRegistered(services, registration);
}

/** Whether what was registered works, by the environment as by a site's owner. */
export function tryRegistered(services: Services, registration: Registration): Promise<Tried> {
  const { outbound, config, now, log } = services;
  const provider = oauthOf(registration, config);
  const allowed = config.outboundAllow.map((place) => place.toLowerCase());
  return tryWay({ provider, outbound, redirectUri: redirectUriOf(config, registration.id), now, log }, allowed);
}

async function findWay(services: Services, site: number, id: string): Promise<SiteWay> {
  const way = (await readWays(services, site)).find((one) => one.id === id);
  if (!way) throw new Refusal("not_found");
  return way;
}
