import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import { createApp } from "./app.ts";
import { challenges } from "./auth/challenges.ts";
import { sharedChallenges } from "./auth/shared-challenges.ts";
import { sharedThrottle } from "./auth/shared-throttle.ts";
import { signInThrottle } from "./auth/throttle.ts";
import { emptyTrash } from "./comments/empty-trash.ts";
import { floodControl } from "./comments/flood.ts";
import { pageCounts } from "./comments/page-counts.ts";
import { pictureCopier } from "./comments/pictures.ts";
import { preparedThreads } from "./comments/prepared.ts";
import { rendering } from "./comments/rendering.ts";
import { sharedFlood } from "./comments/shared-flood.ts";
import { siteDirectory } from "./comments/sites.ts";
import { staffDirectory } from "./comments/staff.ts";
import { type Config, ConfigError, isPostgres, senderOf, withoutPassword } from "./config.ts";
import { closeServer, connectionLimit, DEADLINES, limitConnections, listen } from "./connections.ts";
import { front } from "./front.ts";
import { deriveKeys, type Keys } from "./keys.ts";
import { emailProvider } from "./auth/email-link.ts";
import { configuredProviders } from "./auth/providers.ts";
import { siteWays } from "./auth/ways.ts";
import { hasPasskeys, passkeyProvider } from "./auth/reader-passkey.ts";
import type { Provider } from "./auth/provider.ts";
import { outbound } from "./outbound.ts";
import { openMetrics } from "./metrics.ts";
import { liveHub } from "./live/in-process.ts";
import { idMaker } from "./new-id.ts";
import { postman } from "./notify/postman.ts";
import { smtpCarrier } from "./notify/smtp.ts";
import { turnstile } from "./overload.ts";
import { readAssets } from "./routes/assets.ts";
import type { Log, Services } from "./services.ts";
import type { Store } from "./store/store.ts";
import { Unusable } from "./store/unusable.ts";

/** The path of the SQLite file that DATABASE_URL names, or the address of the PostgreSQL database without its password. */
export const databaseName = (url: string) => withoutPassword(url).replace(/^file:(?:\/\/)?/, "");

/** Opens the store and puts everything together: the one place that names implementations. */
export async function openServices(config: Config, log: Log, now: () => number = Date.now): Promise<Services> {
  const shared = isPostgres(config.databaseUrl);
  const { store, keys } = await (shared ? openShared : openOwn)(config, now);
  const prepared = preparedThreads();
  const providers = providersOf(config);
  const out = outbound(config);
  const live = liveHub({ now, failed: (error) => log.error({ error: String(error) }, "live read failed") });
  store.onChange((change) => {
    prepared.drop(change);
    live.changed(change);
  });
  return {
    store,
    config,
    now,
    newId: idMaker(now),
    randomBytes,
    log,
    keys,
    sites: siteDirectory(store, config),
    staff: staffDirectory(store, now),
    rendering: rendering(log),
    ...(shared ? limitsForAll({ store, keys, now, log }) : limitsForOne(now)),
    prepared,
    counts: pageCounts(store),
    metrics: config.metricsToken === "" ? null : await openMetrics({ store, prepared, live }),
    live,
    mail:
      config.smtpUrl === ""
        ? null
        : { carrier: smtpCarrier({ url: config.smtpUrl, from: senderOf(config.mailFrom) }), stir: () => undefined, isDown: false },
    providers,
    ways: siteWays({ store, keys, config, providers }),
    outbound: out,
    pictures: pictureCopier({ store, outbound: out, now, log }),
  };
}

/** Those that others run, then those of our own. */
const providersOf = (config: Config): Provider[] => [
  ...configuredProviders(config),
  ...(config.smtpUrl === "" ? [] : [emailProvider]),
  ...(hasPasskeys({ config }) ? [passkeyProvider] : []),
];

type Limits = Pick<Services, "flood" | "challenges" | "throttle">;

const limitsForOne = (now: () => number): Limits => ({
  flood: floodControl(now),
  challenges: challenges(now),
  throttle: signInThrottle(now),
});

const limitsForAll = ({ store, keys, now, log }: Pick<Services, "store" | "keys" | "now" | "log">): Limits => ({
  flood: sharedFlood({ store, visit: floodControl(now).visit, log }),
  challenges: sharedChallenges(store, now),
  throttle: sharedThrottle(store, keys),
});

interface Opened {
  store: Store;
  keys: Keys;
}

/** A database on this machine, with a secret beside it. Each engine is loaded only where it is used. */
async function openOwn(config: Config, now: () => number): Promise<Opened> {
  const path = databaseName(config.databaseUrl);
  mkdirSync(dirname(path), { recursive: true });
  const keys = deriveKeys(config.secretKey || keptSecret(join(dirname(path), "secret-key")));
  const { openSqlite } = await import("./store/sqlite/index.ts");
  return { store: await openSqlite({ path, now }), keys };
}

/** A database that other servers may use too: all of them must sign alike, so the first leaves a fingerprint of its key. */
async function openShared(config: Config, now: () => number): Promise<Opened> {
  const keys = deriveKeys(config.secretKey);
  const { openPostgres } = await import("./store/postgres/index.ts");
  const store = await openPostgres({ url: config.databaseUrl, now });
  const ours = keys.sign("fingerprint", []);
  if ((await store.replaceValue("key_fingerprint", null, ours)) === ours) return { store, keys };
  await store.close();
  throw new Unusable(
    "SECRET_KEY is not the one that this database's servers use. Give all of them the same; to change it, stop them all and run `delete from kept_values where name = 'key_fingerprint'`.",
  );
}

/** Made once, beside the database, for its owner's eyes only. Losing it ends open edit tokens, nothing else. */
function keptSecret(path: string): string {
  try {
    writeFileSync(path, randomBytes(32).toString("hex"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const secret = readFileSync(path, "utf8").trim();
  // Left empty by a start that a full disk ended; keys made of nothing anyone can make.
  if (secret.length < 32)
    throw new ConfigError(`${path} holds no secret. Remove it, and the next start makes one, or restore it from a copy.`);
  return secret;
}

/** Where the build wrote the browser's files: dist/widget, seen from the source or from dist/server. */
export function assetFolder(from = import.meta.url): string {
  const here = dirname(fileURLToPath(from));
  return here.endsWith(join("dist", "server")) || here.endsWith(join("dist", "demo"))
    ? join(here, "..", "widget")
    : join(here, "..", "dist", "widget");
}

export interface Running {
  /** Where it listens. */
  url: string;
  services: Services;
  /** Finishes what is under way (10 s at most), then closes the store. */
  close(): Promise<void>;
}

type Answer = (request: Request, next: () => Response | Promise<Response>) => Response | Promise<Response>;

export interface ServeOptions {
  log: Log;
  now?: () => number;
  /** Folder of the built browser files. */
  assets?: string;
  /** Shorter ones for tests. */
  deadlines?: typeof DEADLINES;
  /** Sees each request that is not a prepared read first: the demo puts its blog there. */
  before?: Answer;
}

/** Listens, opens the store and serves until closed. Until the store is open every request is told to come again. */
export async function serve(config: Config, options: ServeOptions): Promise<Running> {
  let handle: RequestListener = (_, response) => response.writeHead(503, { "retry-after": "1" }).end();
  const deadlines = options.deadlines ?? DEADLINES;
  const server = createServer(deadlines, (request, response) => handle(request, response)).setTimeout(deadlines.idle);
  limitConnections(server, connectionLimit(config));
  await listen(server, config);
  const { port } = server.address() as AddressInfo;
  const publicUrl = config.publicUrl || `http://localhost:${port}`;
  try {
    const services = await openServices({ ...config, port, publicUrl }, options.log, options.now);
    handle = requestListener(services, options);
    const stopSweeping = sweepHourly(services);
    const stopMail = deliverMail(services);
    return {
      url: `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`,
      services,
      async close() {
        stopSweeping();
        services.live.stop();
        await closeServer(server);
        await stopMail();
        await services.pictures.stop();
        await services.rendering.close();
        await services.store.close();
      },
    };
  } catch (error) {
    await closeServer(server);
    throw error;
  }
}

function requestListener(services: Services, { assets, before }: ServeOptions): RequestListener {
  const app = createApp(services, readAssets(assets ?? assetFolder()));
  const hono = getRequestListener((request, env) => {
    const answer = () => app.fetch(request, env as never);
    return before ? before(request, answer) : answer();
  });
  const answersPrepared = front(services);
  const rest = turnstile(services, (request, response) => void hono(request, response));
  return (request, response) => {
    if (!answersPrepared(request, response)) rest(request, response);
  };
}

const HOUR = 3_600_000;

/** Every hour: what has expired goes, the trash of each site after its days. */
function sweepHourly(services: Services): () => void {
  const sweep = () => {
    emptyTrash(services).catch((error: unknown) => services.log.error({ error: String(error) }, "sweep failed"));
  };
  sweep();
  const timer = setInterval(sweep, HOUR).unref();
  return () => clearInterval(timer);
}

/** One postman a server; they share the outbox. */
function deliverMail(services: Services): () => Promise<void> {
  const { mail } = services;
  if (!mail) return () => Promise.resolve();
  const { stir, stop } = postman(services, mail.carrier);
  mail.stir = stir;
  return stop;
}
