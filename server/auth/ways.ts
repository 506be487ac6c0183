import type { Config } from "../config.ts";
import type { Keys } from "../keys.ts";
import type { Services } from "../services.ts";
import type { WayRow } from "../store/ways.ts";
import { danced } from "./dance.ts";
import { isRegistered, missingOf, type Registration } from "./kinds.ts";
import type { Provider } from "./provider.ts";
import { oauthOf, registeredIn } from "./providers.ts";

/** A way in as it stands for one site. */
export interface SiteWay {
  /** Of the whole server, so that no site's redirect address is another's. */
  id: string;
  /** Of kinds.ts, where it is one of these. */
  kind: string;
  label: string;
  /** The site's own, not one that the server offers to all. */
  own: boolean;
  on: boolean;
  /** What keeps it from working: a field is empty, or the secret was sealed with another SECRET_KEY. */
  lacks: "nothing" | "fields" | "secret";
  /** Null for what works by itself. */
  registration: Registration | null;
  place: number;
  provider: Provider;
}

/** Where the readers of each site may sign in, from memory; read again when a site or its ways change. */
export interface Ways {
  /** Those that work and are switched on, in the order in which the box shows them. */
  of(site: number): Promise<readonly Provider[]>;
  /** As readers know it, also of one that is switched off; null for one that is gone. */
  labelOf(site: number, id: string): Promise<string | null>;
}

export type Keeping = Pick<Services, "store" | "keys" | "config" | "providers">;

export function siteWays(keeping: Keeping): Ways {
  const known = new Map<number, Promise<SiteWay[]>>();
  keeping.store.onChange((change) => {
    if (change === "all") known.clear();
  });
  const waysOf = (site: number) => {
    const kept = known.get(site);
    if (kept) return kept;
    const reading: Promise<SiteWay[]> = readWays(keeping, site).catch((error: unknown) => {
      if (known.get(site) === reading) known.delete(site);
      throw error;
    });
    known.set(site, reading);
    return reading;
  };
  return {
    of: async (site) => (await waysOf(site)).filter(({ on, lacks }) => on && lacks === "nothing").map(({ provider }) => provider),
    labelOf: async (site, id) => (await waysOf(site)).find((way) => way.id === id)?.label ?? null,
  };
}

/** All of them: the server's where nothing else was said, then the site's own. */
export async function readWays({ store, keys, config, providers }: Keeping, site: number): Promise<SiteWay[]> {
  const rows = new Map((await store.ways(site)).map((row) => [row.id, row]));
  const registered = registeredIn(config);
  const offered = providers.map((provider, i): SiteWay => {
    const { id, label } = provider;
    const registration = registered.find((one) => one.id === id) ?? null;
    // Of use only to readers who made one: its button stands where the owner wants it.
    const { on = id !== "passkey", place = i } = rows.get(id) ?? {};
    return { id, kind: registration?.kind ?? id, label, own: false, on, lacks: "nothing", registration, place, provider };
  });
  const own = [...rows.values()].flatMap((row) => (row.kind === "" ? [] : ownWay({ keys, config }, row)));
  return [...offered, ...own].toSorted((a, b) => a.place - b.place);
}

/** None of a kind that this version does not know. */
function ownWay({ keys, config }: Pick<Keeping, "keys" | "config">, row: WayRow): SiteWay[] {
  const { id, kind, label, issuer, client, on, place } = row;
  if (!isRegistered(kind)) return [];
  const secret = row.secret === "" ? "" : keys.open("way", row.secret, whose(row));
  const registration = { id, kind, label, issuer, client, secret: secret ?? "" };
  const lacks = secret === null ? "secret" : missingOf(registration).length > 0 ? "fields" : "nothing";
  return [{ id, kind, label, own: true, on, lacks, registration, place, provider: danced(oauthOf(registration, config)) }];
}

/** What a secret is sealed as: moved to another row or issuer, it does not open. */
const whose = ({ site, id, kind, issuer }: Pick<WayRow, "site" | "id" | "kind" | "issuer">) => [site, id, kind, issuer];

export const sealSecret = (keys: Keys, row: Pick<WayRow, "site" | "id" | "kind" | "issuer">, secret: string): string =>
  secret === "" ? "" : keys.seal("way", secret, whose(row));

/** Our own address for a provider's answer: no other provider's answer is taken there. */
export const redirectUriOf = ({ publicUrl }: Pick<Config, "publicUrl">, id: string): string => `${publicUrl}/auth/callback/${id}`;
