import * as v from "valibot";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { Owner, Page, Site, SitePatch } from "../store/records.ts";
import { LIMITS } from "../wire/limits.ts";
import type { NewSite, PageLine, PageList, Seen, SettingField, SiteChange, SiteWire } from "../wire/panel-sites.ts";
import { Settings, SETTINGS } from "../wire/settings.ts";
import { keepSso, toSsoWire } from "./sso-key.ts";
import { logEntry, requireSite } from "./moderate.ts";
import { pageUrl, type Place } from "./sites.ts";
import { parseAddress } from "./parse-address.ts";

export async function addSite(services: Services, owner: Owner, input: NewSite): Promise<SiteWire> {
  const site = {
    name: readName(input.name),
    origins: readOrigins(input.origins),
    aliases: {},
    settings: v.parse(Settings, {}),
    createdAt: services.now(),
  };
  return toSiteWire(await services.store.addSite(site, logEntry(services, owner, "site", "added")));
}

/** Only what is given changes; settings are merged one by one. */
export async function changeSite(services: Services, owner: Owner, { id, change }: { id: number; change: SiteChange }): Promise<SiteWire> {
  const site = await requireSite(services, id);
  const patch: SitePatch = {};
  if (change.name !== undefined) patch.name = readName(change.name);
  if (change.origins !== undefined) patch.origins = readOrigins(change.origins);
  if (change.aliases !== undefined) patch.aliases = readAliases(change.aliases, patch.origins ?? site.origins);
  if (change.settings !== undefined) patch.settings = readSettings(services, site, change.settings);
  const changed = await services.store.updateSite(id, patch, logEntry(services, owner, "site", Object.keys(change).join(" ")));
  if (!changed) throw new Refusal("not_found");
  return toSiteWire(changed);
}

export async function removeSite(services: Services, owner: Owner, id: number): Promise<void> {
  if (!(await services.store.removeSite(id, logEntry(services, owner, "site", "removed")))) throw new Refusal("not_found");
  noted.get(services.store)?.delete(id);
  await services.store.setValue(seenOf(id), "null");
}

function readSettings(services: Services, site: Site, change: NonNullable<SiteChange["settings"]>): Settings {
  const sso = change.sso ? keepSso(services, site, change.sso) : change.sso;
  return v.parse(Settings, { ...site.settings, ...change, ...(sso !== undefined && { sso }) });
}

export const toSiteWire = ({ id, name, origins, aliases, settings, createdAt }: Site): SiteWire => ({
  id,
  name,
  origins,
  aliases,
  settings: { ...settings, sso: toSsoWire(settings.sso) },
  createdAt: new Date(createdAt).toISOString(),
});

function readName(text: string): string {
  const name = text.trim();
  if (name === "") throw new Refusal("invalid", { fields: { name: "required" } });
  return name;
}

/** Origins as owners write them: a bare host is meant as https. Serialised, each once. */
function readOrigins(texts: readonly string[]): string[] {
  const origins = texts.map((text) => {
    const written = text.trim();
    const full = /^[a-z][a-z\d+.-]*:\/\//i.test(written) ? written : `https://${written}`;
    const url = parseAddress(full);
    if (!url || !/^https?:$/.test(url.protocol) || url.username !== "" || url.hostname.includes("*")) {
      throw new Refusal("invalid", { fields: { origins: "invalid" } });
    }
    return url.origin;
  });
  return [...new Set(origins)];
}

function readAliases(written: Readonly<Record<string, string>>, origins: readonly string[]): Record<string, string> {
  const hosts = new Set(origins.map((origin) => new URL(origin).host));
  const aliases = Object.entries(written).map(([from, to]): [string, string] => {
    const host = parseAddress(`https://${from}`);
    if (!host || host.pathname !== "/" || host.host === "" || !hosts.has(to) || hosts.has(host.host)) {
      throw new Refusal("invalid", { fields: { aliases: "invalid" } });
    }
    return [host.host, to];
  });
  if (aliases.length > LIMITS.origins) throw new Refusal("invalid", { fields: { aliases: "too_long" } });
  return Object.fromEntries(aliases);
}

/** Pages that have a comment or that the owner set something on, by their ids. */
export async function listPages(
  services: Services,
  { id, search, after }: { id: number; search?: string | undefined; after?: number | undefined },
): Promise<PageList> {
  const site = await requireSite(services, id);
  const pages = await services.store.pages({ site: id, search, after, limit: LIMITS.queue });
  return { pages: pages.map((page) => toPageLine(site, page)), next: pages.length < LIMITS.queue ? null : (pages.at(-1)?.id ?? null) };
}

/** Closes, reopens or names a page; one that no one has commented on yet is made. */
export async function changePage(
  services: Services,
  owner: Owner,
  { id, url, title, open }: { id: number; url: string; title?: string | undefined; open?: boolean | undefined },
): Promise<PageLine> {
  const site = await requireSite(services, id);
  const place = await services.sites.locate(url);
  if (place.site.id !== id) throw new Refusal("origin_not_allowed");
  const patch = { ...(title !== undefined && { title: title.trim() }), ...(open !== undefined && { open }) };
  return toPageLine(
    site,
    await services.store.setPage(id, place.key, patch, logEntry(services, owner, "page", Object.keys(patch).join(" "))),
  );
}

const toPageLine = (site: Site, { id, key, title, titleFixed, open, counts }: Page): PageLine => ({
  site: site.id,
  id,
  url: pageUrl(site, key),
  title,
  titleFixed,
  open,
  counts,
});

/** A page of the site is noted as seen at most this often. */
const NOTED_MS = 3_600_000;
const seenOf = (site: number) => `seen:${site}`;
const noted = new WeakMap<object, Map<number, number>>();

/**
 * Remembers that a page of the site asked for its comments, so that the panel can say the widget works. Called for each
 * such read: it waits for nothing, costs one look in a map, and writes at most once an hour. A read by our own pages
 * says nothing about the site, unless the site is at home on our own address.
 */
export function noteSeen(services: Pick<Services, "store" | "now" | "log" | "sites">, place: Place, origin: string | null): void {
  if (origin === null || (services.sites.isOurs(origin) && !place.site.origins.includes(origin))) return;
  const { store, now, log } = services;
  const times = noted.get(store) ?? new Map<number, number>();
  noted.set(store, times);
  const last = times.get(place.site.id);
  if (last !== undefined && now() - last < NOTED_MS) return;
  times.set(place.site.id, now());
  store
    .setValue(seenOf(place.site.id), JSON.stringify({ at: now(), key: place.key }))
    .catch((error: unknown) => log.warn({ error: String(error) }, "not noted as seen"));
}

export async function readSeen(services: Services, id: number): Promise<Seen> {
  const site = await requireSite(services, id);
  const kept = JSON.parse((await services.store.value(seenOf(id))) ?? "null") as { at: number; key: string } | null;
  return kept ? { at: new Date(kept.at).toISOString(), url: pageUrl(site, kept.key) } : { at: null, url: null };
}

/** The settings form, made from the table that checks what it sends. The converter is loaded when first asked for. */
export async function settingFields(): Promise<SettingField[]> {
  const { toJsonSchema } = await import("@valibot/to-json-schema");
  const { properties = {} } = toJsonSchema(v.object(SETTINGS), { errorMode: "ignore", typeMode: "input" });
  return Object.entries(properties).map(([name, schema]) => {
    const {
      type,
      enum: options,
      minimum: min,
      maximum: max,
      description = "",
    } = schema as {
      type?: string;
      enum?: string[];
      minimum?: number;
      maximum?: number;
      description?: string;
    };
    const kind = options ? "choice" : type === "boolean" ? "switch" : type === "array" ? "list" : type === "string" ? "text" : "number";
    return { name, kind, description, ...(options && { options }), ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
  });
}
