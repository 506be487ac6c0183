import { type Config, isLoopback } from "../config.ts";
import { Recent } from "../recent.ts";
import { Refusal } from "../refusal.ts";
import type { Site } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { pageKey } from "./page-key.ts";
import { parseAddress } from "./parse-address.ts";

/** A page of a site that a request speaks of. */
export interface Place {
  site: Site;
  key: string;
}

/** The sites by id and origin, kept in memory and read again when one changes. */
export interface SiteDirectory {
  all(): Promise<Site[]>;
  byId(id: number): Promise<Site | null>;
  /** The page that an address names, of the site that owns its origin. Refusals `page_url_invalid`, `origin_not_allowed`. */
  locate(url: string): Promise<Place>;
  /** Refusal `origin_not_allowed` unless the Origin header is one of the site's or ours; null passes only where `reading`. */
  admit(site: Site, origin: string | null, reading?: boolean): void;
  /** Whether any site, or we, would accept requests from there: the answer to a preflight. */
  known(origin: string): Promise<boolean>;
  /** Whether it is our own address. */
  isOurs(origin: string): boolean;
}

/** Addresses that are remembered, and how long: 20 MB at the very most. */
const REMEMBERED = 10_000;
const LONGEST = 500;

interface Index {
  sites: Site[];
  byId: Map<number, Site>;
  byOrigin: Map<string, Site>;
  /** What addresses were found to name, so that each is read once. */
  located: Recent<Place>;
  /** The site whose previews on this machine are accepted. */
  preview: Site | null;
}

export function siteDirectory(store: Store, config: Pick<Config, "publicUrl">): SiteDirectory {
  let index: Promise<Index> | null = null;
  store.onChange((change) => {
    if (change === "all") index = null;
  });
  const load = () =>
    (index ??= readIndex(store).catch((error: unknown) => {
      index = null;
      throw error;
    }));
  const isOurs = (origin: string) => origin === config.publicUrl || isSameLoopback(origin, config.publicUrl);

  return {
    all: async () => (await load()).sites,
    byId: async (id) => (await load()).byId.get(id) ?? null,
    async locate(url) {
      const { byOrigin, preview, located } = await load();
      const known = located.get(url);
      if (known) return known;
      const plain = pageKey(url, {});
      if (plain instanceof Refusal) throw plain;
      const site = byOrigin.get(plain.origin) ?? (isLoopbackOrigin(plain.origin) ? preview : null);
      if (!site) throw new Refusal("origin_not_allowed");
      const place = pageKey(url, site.aliases);
      if (place instanceof Refusal) throw place;
      const found = { site, key: place.key };
      if (url.length <= LONGEST) located.set(url, found);
      return found;
    },
    admit(site, origin, reading = false) {
      if (origin === null ? reading : accepts(site, origin) || isOurs(origin)) return;
      throw new Refusal("origin_not_allowed");
    },
    async known(origin) {
      const { byOrigin, preview } = await load();
      return isOurs(origin) || byOrigin.has(origin) || (preview !== null && isLoopbackOrigin(origin));
    },
    isOurs,
  };
}

async function readIndex(store: Store): Promise<Index> {
  const sites = await store.sites();
  return {
    sites,
    byId: new Map(sites.map((site) => [site.id, site])),
    // A site's own origin before another's name for it.
    byOrigin: new Map([...sites.flatMap(namedBy(aliasOrigins)), ...sites.flatMap(namedBy(({ origins }) => origins))]),
    located: new Recent(REMEMBERED),
    preview: sites.find((site) => site.settings.localhost) ?? null,
  };
}

const namedBy = (originsOf: (site: Site) => string[]) => (site: Site) => originsOf(site).map((origin) => [origin, site] as const);

/** What the site's origins are with the host's other names in the place of the host. */
function aliasOrigins({ origins, aliases }: Site): string[] {
  const own = origins.map((origin) => new URL(origin));
  return Object.entries(aliases).flatMap(([alias, host]) =>
    own.filter((url) => url.host === host).map((url) => `${url.protocol}//${alias}`),
  );
}

const accepts = (site: Site, origin: string) =>
  site.origins.includes(origin) ||
  (Object.hasOwn(site.aliases, hostOf(origin)) && aliasOrigins(site).includes(origin)) ||
  (site.settings.localhost && isLoopbackOrigin(origin));

const hostOf = (origin: string) => origin.slice(origin.indexOf("://") + 3);

function isLoopbackOrigin(origin: string): boolean {
  const url = parseAddress(origin);
  return url?.origin === origin && isLoopback(url.hostname);
}

/** http://127.0.0.1:8080 is http://localhost:8080: other names of this machine under the same scheme and port. */
function isSameLoopback(origin: string, ours: string): boolean {
  if (!isLoopbackOrigin(origin) || !isLoopbackOrigin(ours)) return false;
  const [a, b] = [new URL(origin), new URL(ours)];
  return a.protocol === b.protocol && a.port === b.port;
}

/** Where a page can be opened: under the https origin of its host, if the site has one. */
export function pageUrl(site: Pick<Site, "origins">, key: string): string {
  const host = key.split(/[/?]/, 1)[0];
  const origins = site.origins.filter((origin) => new URL(origin).host === host);
  const scheme = origins.length === 0 || origins.some((origin) => origin.startsWith("https:")) ? "https" : "http";
  return `${scheme}://${key}`;
}
