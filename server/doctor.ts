/** What `youfigure doctor` finds out: each thing that can go wrong in running this, and what to do about it. */
import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { KINDS, type Registration } from "./auth/kinds.ts";
import { passkeyHost } from "./auth/passkey.ts";
import { registeredIn } from "./auth/providers.ts";
import { tryRegistered } from "./auth/site-ways.ts";
import { readWays, redirectUriOf } from "./auth/ways.ts";
import { type Config, isPostgres } from "./config.ts";
import { panel as verdicts } from "./locale/en/panel.ts";
import type { Services } from "./services.ts";

export interface Finding {
  about: string;
  state: "well" | "careful" | "wrong";
  says: string;
  /** What to do, where it is not well. */
  todo?: string;
}

const well = (about: string, says: string): Finding => ({ about, state: "well", says });
const careful = (about: string, says: string, todo: string): Finding => ({ about, state: "careful", says, todo });
const wrong = (about: string, says: string, todo: string): Finding => ({ about, state: "wrong", says, todo });

/** All of it, in the order in which an operator would look. `database` is its name: the SQLite file, or where PostgreSQL is. */
export async function examine(services: Services, database: string): Promise<Finding[]> {
  return [
    ...(await examineAddress(services)),
    examineProxy(services.config),
    examineSignIn(services),
    await examineOwner(services),
    await examineSites(services),
    await examineWays(services),
    ...(await examineMail(services)),
    examineOutbound(services.config),
    ...(await Promise.all(registeredIn(services.config).map((one) => examineWay(services, one)))),
    await examineClock(services),
    ...(isPostgres(services.config.databaseUrl)
      ? await examineShared(services, database)
      : [...(await examineFile(database)), examineSecret(services.config, database), await examineBackups(services)]),
  ];
}

/** An answer of ours, asked for under the address that readers use, comes within this. */
const REACHED_MS = 5_000;
/** More than this between two clocks breaks what expires. */
const CLOCK_MS = 120_000;

async function examineAddress({ config, now }: Services): Promise<Finding[]> {
  const { publicUrl } = config;
  const later = `Start the server, then run this again; else look at the name's address, the proxy and its certificate.`;
  try {
    const answer = await fetch(`${publicUrl}/healthz`, { redirect: "manual", signal: AbortSignal.timeout(REACHED_MS) });
    if (answer.status !== 200 || !answer.headers.has("x-request-id")) {
      return [
        wrong("address", `${publicUrl} is answered by something else (${answer.status}).`, "Let the proxy lead the whole host here."),
      ];
    }
    const apart = Math.abs(now() - Date.parse(answer.headers.get("date") ?? ""));
    const reached = well("address", `${publicUrl} leads here.`);
    return apart > CLOCK_MS
      ? [reached, wrong("clock", `The clock there is ${Math.round(apart / 1_000)} s apart from this one.`, "Keep both by NTP.")]
      : [reached];
  } catch (error) {
    return [careful("address", `${publicUrl} can't be reached (${reasonOf(error)}).`, later)];
  }
}

const reasonOf = (error: unknown) => {
  const { name, cause } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? name;
};

function examineProxy({ publicUrl, trustedProxies }: Config): Finding {
  if (trustedProxies.length > 0) return well("proxy", `X-Forwarded-For is believed from ${trustedProxies.join(", ")}.`);
  if (publicUrl.startsWith("http:")) return well("proxy", "None is expected on this machine alone.");
  return careful(
    "proxy",
    "No proxy is trusted, so behind one all readers share one address, and its limits.",
    "Set TRUSTED_PROXIES to the address from which the proxy connects, such as 127.0.0.1.",
  );
}

function examineSignIn(services: Services): Finding {
  if (passkeyHost(services) !== null) return well("sign-in", "The panel's cookie and passkeys work under this address.");
  return careful("sign-in", "Passkeys need a name, not an address: only a passphrase can be used.", "Set PUBLIC_URL to a name.");
}

async function examineOwner({ store }: Services): Promise<Finding> {
  if ((await store.owners()).length > 0) return well("owner", "There is one.");
  return careful("owner", "There is none yet.", "Run `youfigure login-link` and open what it prints.");
}

async function examineSites({ store }: Services): Promise<Finding> {
  const sites = await store.sites();
  const { approved, held } = await store.queueCounts();
  const says = `${sites.length} sites, ${approved} comments, ${held} waiting.${sites.map((site) => `\n  site ${site.id}: ${site.name} (${site.origins.join(", ") || "no origin yet"})`).join("")}`;
  const homeless = sites.find(({ origins }) => origins.length === 0);
  return homeless ? careful("sites", says, `Give site ${homeless.id} an origin in the panel.`) : well("sites", says);
}

/** Where readers sign in. What was sealed with another SECRET_KEY works for nobody, and only the owner of the site would see it. */
async function examineWays(services: Services): Promise<Finding> {
  const sites = await services.store.sites();
  const ways = await Promise.all(sites.map(async ({ id }) => ({ id, ways: await readWays(services, id) })));
  const lost = ways.flatMap((site) => site.ways.filter(({ lacks }) => lacks === "secret").map(({ label }) => `${label} (site ${site.id})`));
  if (lost.length > 0) {
    const todo = "Enter them in the panel, under “Signing in”, or start with the SECRET_KEY of then.";
    return careful("ways", `Secrets were kept under another SECRET_KEY: ${lost.join(", ")}.`, todo);
  }
  const open = ways.filter((site) => site.ways.some(({ on, lacks }) => on && lacks === "nothing")).length;
  return well("ways", `Readers may sign in on ${open} of ${sites.length} sites.`);
}

async function examineClock({ store, now }: Services): Promise<Finding> {
  const { rows } = await store.queue({ sort: "newest", limit: 1 });
  const ahead = (rows[0]?.row.createdAt ?? 0) - now();
  if (ahead <= CLOCK_MS) return well("clock", `It is ${new Date(now()).toISOString()}.`);
  return wrong("clock", `The newest comment is ${Math.round(ahead / 1_000)} s from now: this clock went back.`, "Keep it by NTP.");
}

const CERTIFICATE =
  "Name the server as its certificate does, or start with NODE_EXTRA_CA_CERTS=FILE, a file with the certificate of whoever issued it.";

async function examineMail({ mail, store }: Services): Promise<Finding[]> {
  if (!mail) return [careful("mail", "No letters are sent.", "Set SMTP_URL and MAIL_FROM, so that you and your readers hear of answers.")];
  const { waiting, givenUp } = await store.letterCounts();
  const says = `${waiting} letters wait, ${givenUp} were given up.`;
  const outbox = givenUp > 0 ? careful("mail", says, "See why in the panel, under “You”, and try them again.") : well("mail", says);
  try {
    await mail.carrier.verify();
    return [well("mail", "The mail server takes letters."), outbox];
  } catch (error) {
    const { message } = error as Error;
    const todo = /certificate/i.test(message) ? CERTIFICATE : "Look at SMTP_URL.";
    return [wrong("mail", `The mail server does not take letters: ${message.replace(/\.$/, "")}.`, todo), outbox];
  }
}

function examineOutbound({ outboundAllow }: Config): Finding {
  if (outboundAllow.length === 0) return well("outbound", "Other servers are asked by https alone, none on a private network.");
  return well("outbound", `Requests may also go, though these are private, to ${outboundAllow.join(", ")} (OUTBOUND_ALLOW).`);
}

/** Each way by which readers sign in that the environment set up, tried without a reader. */
async function examineWay(services: Services, registration: Registration): Promise<Finding> {
  const { verdict, place = "" } = await tryRegistered(services, registration);
  const says = `${registration.label}: ${verdicts[`verdict_${verdict}`].replace("{place}", place)}`;
  if (verdict === "works") return well("way in", says);
  const { variable } = KINDS[registration.kind];
  const todo = `Look at ${variable}, and at what is registered there for ${redirectUriOf(services.config, registration.id)}.`;
  return verdict === "unclear" || verdict === "unreachable" ? careful("way in", says, todo) : wrong("way in", says, todo);
}

const MB = 1_048_576;
/** Below this a busy day could fill the disk. */
const ROOM = 500 * MB;
/** A log that grows past this is not copied back, since some reader never ends. */
const LONG_LOG = 256 * MB;

async function examineFile(path: string): Promise<Finding[]> {
  const { examineSqlite } = await import("./store/sqlite/checkup.ts");
  const { verdict, bytes, logBytes, freeBytes } = examineSqlite(path);
  const size = `${path}, ${Math.ceil(bytes / MB)} MB, ${Math.ceil(logBytes / MB)} MB of log beside it.`;
  return [
    verdict === "ok"
      ? well("database", `Sound: ${size}`)
      : wrong("database", `Damaged: ${verdict}.`, "Stop the server and run `youfigure restore FILE` with a copy from before."),
    ...(logBytes > LONG_LOG
      ? [careful("database", "Its log is not copied back.", "End what reads it all the time, then restart the server.")]
      : []),
    freeBytes > ROOM
      ? well("disk", `${Math.floor(freeBytes / MB)} MB are free.`)
      : wrong("disk", `Only ${Math.floor(freeBytes / MB)} MB are free.`, "Make room: a full disk refuses comments."),
  ];
}

async function examineShared({ store }: Services, name: string): Promise<Finding[]> {
  await store.ping();
  return [
    well("database", `${name} answers.`),
    well("secret", "SECRET_KEY is the one that this database's servers use."),
    careful("backups", "This server makes none of PostgreSQL.", "See that pg_dump, or your provider, does every day."),
  ];
}

function examineSecret({ secretKey }: Config, path: string): Finding {
  if (secretKey !== "") return well("secret", "SECRET_KEY is set.");
  const file = join(dirname(path), "secret-key");
  const others = statSync(file).mode & 0o077;
  return others === 0
    ? well("secret", `${file} is readable by its owner alone.`)
    : wrong("secret", `${file} can be read by others.`, `Run chmod 600 ${file}.`);
}

/** Under which name the store keeps when `youfigure backup` last succeeded. */
export const LAST_BACKUP = "last_backup";
const WEEK = 7 * 86_400_000;

async function examineBackups({ store, now }: Services): Promise<Finding> {
  const kept = Number((await store.value(LAST_BACKUP)) ?? 0);
  const todo = "Run `youfigure backup FILE` every day, unless you have another way (README, Backup and restore).";
  if (kept === 0) return careful("backups", "None was made with `youfigure backup`.", todo);
  const says = `The last was made ${new Date(kept).toISOString()}.`;
  return now() - kept > WEEK ? careful("backups", says, todo) : well("backups", says);
}
