import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import { fieldsIn, type MastodonServer } from "./mastodon-server.ts";

/** What we are at one server, under one address of ours: registered by ourselves, once. */
export interface MastodonApp {
  client: string;
  secret: string;
  /** What was registered; no more can be asked for. */
  scope: MastodonServer["scope"];
}

type World = Pick<Services, "store" | "keys" | "config" | "outbound">;
export interface AppAt {
  server: MastodonServer;
  redirectUri: string;
}

/** New servers at which we register; readers name them, and each leaves a row. */
const NEW_SERVERS = { key: "mastodon apps", every: 60_000, burst: 60 };

/** Ours at this server; registered where we are not, or where it has forgotten us. */
export async function readyApp(world: World, at: AppAt): Promise<MastodonApp> {
  const { store, keys } = world;
  const name = nameOf(at);
  const former = await store.value(name);
  const known = former === null ? null : read(keys, former);
  if (known && (await isKnown(world, at.server, known))) return known;
  const wait = await store.takeTurns(0, [NEW_SERVERS]);
  if (wait > 0) throw new Refusal("too_many", { retryAfter: Math.ceil(wait / 1_000) });
  const made = await register(world, at);
  // Of those who register at once all use the app of the first.
  const app = read(keys, await store.replaceValue(name, former, keys.seal("mastodon-app", JSON.stringify(made))));
  // Servers before 4.3 drop an app that never had a token.
  if (!app || !(await isKnown(world, at.server, app))) throw new Refusal("not_found");
  return app;
}

/** Ours at this server as it is kept; null where there is none. */
export async function keptApp({ store, keys }: World, at: AppAt): Promise<MastodonApp | null> {
  const kept = await store.value(nameOf(at));
  return kept === null ? null : read(keys, kept);
}

/** The apps are the server's own, whatever the site: kept with the other values that belong to none. */
const nameOf = ({ server, redirectUri }: AppAt) => `mastodon_app ${server.origin} ${redirectUri}`;

/** Null for what another SECRET_KEY has sealed. */
function read(keys: Services["keys"], kept: string): MastodonApp | null {
  const text = keys.open("mastodon-app", kept);
  return text === null ? null : (JSON.parse(text) as MastodonApp);
}

async function register({ outbound, config }: World, { server, redirectUri }: AppAt): Promise<MastodonApp> {
  const { host } = new URL(config.publicUrl);
  const asked = { client_name: host, redirect_uris: redirectUri, scopes: server.scope, website: config.publicUrl };
  const response = await outbound(server.register, post(asked));
  if (!response.ok) throw new Refusal("not_found");
  const { client_id: client, client_secret: secret } = await fieldsIn(response);
  const isText = (value: unknown): value is string => typeof value === "string" && value !== "" && value.length <= 1_000;
  if (!isText(client) || !isText(secret)) throw new Refusal("not_found");
  return { client, secret, scope: server.scope };
}

/** A token for the app alone is refused only to one that is not known. Not taken back: it shows that the app is in use. */
async function isKnown({ outbound }: World, { token }: MastodonServer, { client, secret, scope }: MastodonApp): Promise<boolean> {
  const asked = { grant_type: "client_credentials", client_id: client, client_secret: secret, scope };
  const response = await outbound(token, post(asked));
  if (response.ok || response.status >= 500) return true;
  return (await fieldsIn(response))["error"] !== "invalid_client";
}

const post = (fields: Record<string, string>) => ({
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
  body: new URLSearchParams(fields).toString(),
});
