import { Settings } from "../server/wire/settings.ts";
import type { Services } from "../server/services.ts";
import type { LogEntry, Site } from "../server/store/records.ts";
import { parse } from "valibot";
import { plant } from "./seed/plant.ts";

/** Sees that the demo's site answers under today's addresses, and plants its discussions once. */
export async function prepareSite(services: Services): Promise<void> {
  const { store } = services;
  const known = await store.value("demo:site");
  const site = known === null ? undefined : (await store.sites()).find(({ id }) => id === Number(known));
  if (site) return answerHere(services, site);
  if (known !== null) return; // Its owner removed it: it stays removed.
  const [first, ...others] = addresses(services);
  const made = await store.addSite(
    {
      name: "Quire & Awl",
      origins: [first, ...others],
      aliases: Object.fromEntries(others.map((origin) => [hostOf(origin), hostOf(first)])),
      settings: parse(Settings, { rules: "Be kind, be concrete. We answer within a working day, by name." }),
      createdAt: services.now(),
    },
    entry(services, "made for the demo"),
  );
  await plant(store, made.id, `${hostOf(first)}/demo/`);
  await store.setValue("demo:site", String(made.id));
}

/** Under another port or name than before, the same pages: the new addresses join as aliases. */
async function answerHere(services: Services, site: Site): Promise<void> {
  const missing = addresses(services).filter((origin) => !site.origins.includes(origin));
  if (missing.length === 0) return;
  const home = hostOf(site.origins[0] ?? addresses(services)[0]);
  const aliases = { ...site.aliases, ...Object.fromEntries(missing.map((origin) => [hostOf(origin), home])) };
  await services.store.updateSite(site.id, { origins: [...site.origins, ...missing], aliases }, entry(services, "another address"));
}

const hostOf = (origin: string) => new URL(origin).host;

/** Where the demo can be opened: first as it calls itself, then by this machine's other name. */
function addresses({ config }: Services): [string, ...string[]] {
  const { protocol, hostname, port } = new URL(config.publicUrl);
  if (hostname !== "localhost") return [config.publicUrl];
  return [config.publicUrl, `${protocol}//127.0.0.1${port && `:${port}`}`];
}

const entry = (services: Services, note: string): LogEntry => ({
  id: services.newId(),
  at: services.now(),
  by: "demo",
  action: "site",
  note,
});
