import { isIP } from "node:net";
import { SIGN_IN_VARIABLES, type SignInConfig } from "./sign-in-variables.ts";
import { BadValue, parseList, type Variable } from "./variable.ts";

/** All configuration from the environment, one line each. `youfigure doctor` and the README print this table. */
export interface Config extends SignInConfig {
  port: number;
  host: string;
  /** Origin under which readers and the owner reach this server, without a trailing slash. */
  publicUrl: string;
  databaseUrl: string;
  /** Signs form and edit tokens and hashes addresses. Empty: made at first start beside the database. */
  secretKey: string;
  /** Addresses or CIDR blocks of proxies whose X-Forwarded-For is believed. */
  trustedProxies: string[];
  /** Open streams of live updates at most … */
  liveStreams: number;
  /** … and from one address. */
  liveStreamsPerAddress: number;
  /** host:port that outbound requests may reach though they are private. */
  outboundAllow: string[];
  /** Where letters are handed over, and as whose. Empty: no mail is sent. */
  smtpUrl: string;
  mailFrom: string;
  /** What a monitor sends to read /metrics. Empty: nobody may. */
  metricsToken: string;
}

/** A name without quotes, and one address. */
const MAIL_FROM = /^(?:([^<>"\p{Cc}]*)<)?([\w!#$%&'*+/=?^`{|}~.-]+@[a-z\d-]+(?:\.[a-z\d-]+)*)>?$/iu;

/** Its name, which may be empty, and its address. */
export function senderOf(mailFrom: string): { name: string; address: string } {
  const [, name = "", address = ""] = MAIL_FROM.exec(mailFrom) ?? [];
  return { name: name.trim(), address };
}

function parseCount(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new BadValue("write a whole number");
  return Number(text);
}

export const VARIABLES = {
  PORT: {
    key: "port",
    default: "8080",
    doc: "TCP port to listen on; 0 takes a free one.",
    parse: (text) => {
      const n = Number(text);
      if (!/^\d+$/.test(text) || n > 65_535) throw new BadValue("write a number from 0 to 65535");
      return n;
    },
  },
  HOST: { key: "host", default: "127.0.0.1", doc: "Address to listen on; 0.0.0.0 or :: for all.", parse: (text) => text },
  PUBLIC_URL: {
    key: "publicUrl",
    default: "",
    doc: "Address under which readers and the owner reach this server, such as https://comments.example. Default: http://localhost:PORT. Plain http is accepted for this machine alone.",
    parse: (text) => (text === "" ? "" : parsePublicUrl(text)),
  },
  DATABASE_URL: {
    key: "databaseUrl",
    default: "file:./data/youfigure.db",
    doc: "Where the comments are kept: file:PATH of an SQLite database, or postgres://USER:PASSWORD@HOST:PORT/DATABASE, which any number of servers may share.",
    show: withoutPassword,
    parse: (text) => {
      if (/^file:.+/.test(text) || (isPostgres(text) && URL.canParse(text) && new URL(text).pathname.length > 1)) return text;
      throw new BadValue("write file: and a path, such as file:./data/youfigure.db, or postgres://USER:PASSWORD@HOST:PORT/DATABASE");
    },
  },
  SECRET_KEY: {
    key: "secretKey",
    default: "",
    secret: true,
    doc: "At least 32 characters that sign tokens and hash addresses. Default: made at first start in a file beside the SQLite database, readable by its owner alone. With PostgreSQL it must be set, the same for every server.",
    parse: (text) => {
      if (text !== "" && (text.length < 32 || new Set(text).size < 10)) {
        throw new BadValue("write at least 32 random characters, such as the output of `openssl rand -hex 32`");
      }
      return text;
    },
  },
  TRUSTED_PROXIES: {
    key: "trustedProxies",
    default: "",
    doc: "Addresses or CIDR blocks of your own proxies, separated by commas. Only behind these is X-Forwarded-For believed.",
    parse: (text) => {
      const blocks = parseList(text);
      for (const block of blocks) {
        const [, address = "", prefix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(block) ?? [];
        const bits = isIP(address) === 6 ? 128 : 32;
        if (isIP(address) === 0 || Number(prefix ?? bits) < 1 || Number(prefix ?? bits) > bits) {
          throw new BadValue("write addresses or blocks such as 10.0.0.0/8, ::1; never 0.0.0.0/0, which would let anyone forge an address");
        }
      }
      return blocks;
    },
  },
  LIVE_STREAMS: {
    key: "liveStreams",
    default: "10000",
    doc: "Streams of live updates that may be open at once, and never more than four fifths of the process's descriptors (`ulimit -n`).",
    parse: parseCount,
  },
  LIVE_STREAMS_PER_ADDRESS: {
    key: "liveStreamsPerAddress",
    default: "100",
    doc: "Of these, from one IPv4 address or IPv6 /64.",
    parse: parseCount,
  },
  OUTBOUND_ALLOW: {
    key: "outboundAllow",
    default: "",
    doc: "host:port pairs on private networks that outbound requests may reach, separated by commas.",
    parse: (text) => {
      const pairs = parseList(text);
      if (!pairs.every((pair) => /^[^\s/:]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i.test(pair))) throw new BadValue("write host:port pairs");
      return pairs;
    },
  },
  SMTP_URL: {
    key: "smtpUrl",
    default: "",
    show: withoutPassword,
    doc: "Where letters are handed over: smtp://USER:PASSWORD@HOST:PORT (STARTTLS where offered, and always with a password), or smtps:// for TLS at once; for a certificate of your own start with NODE_EXTRA_CA_CERTS=FILE. Needs MAIL_FROM. Default: no mail is sent.",
    parse: (text) => {
      const url = text !== "" && URL.canParse(text) ? new URL(text) : null;
      if (text !== "" && (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === "" || !/^\/?$/.test(url.pathname) || url.search))
        throw new BadValue("write smtp://USER:PASSWORD@HOST:PORT or smtps://…, special characters percent-encoded");
      return text;
    },
  },
  MAIL_FROM: {
    key: "mailFrom",
    default: "",
    doc: "The sender of letters: an address such as comments@blog.example, or a name with it, Blog <comments@blog.example>.",
    parse: (text) => {
      if (text !== "" && !MAIL_FROM.test(text)) throw new BadValue("write one address, such as Blog <comments@blog.example>");
      return text;
    },
  },
  ...SIGN_IN_VARIABLES,
  METRICS_TOKEN: {
    key: "metricsToken",
    default: "",
    secret: true,
    doc: "At least 16 characters that a monitor sends as a bearer token to read /metrics. Default: nobody may read it.",
    parse: (text) => {
      if (text !== "" && !/^[\w.~+/-]{16,500}=*$/.test(text)) {
        throw new BadValue("write at least 16 letters and digits, such as the output of `openssl rand -hex 16`");
      }
      return text;
    },
  },
} as const satisfies Record<string, Variable<keyof Config>>;

export class ConfigError extends Error {}

/** Reads the table; the first bad value throws a ConfigError that says what to write instead. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const config: Partial<Record<keyof Config, unknown>> = {};
  for (const [name, variable] of Object.entries(VARIABLES) as [string, Variable<keyof Config>][]) {
    const text = env[name]?.trim() || variable.default;
    try {
      config[variable.key] = variable.parse(text);
    } catch (error) {
      if (!(error instanceof BadValue)) throw error;
      throw new ConfigError(
        `${name}${variable.secret ? "" : `=${JSON.stringify(shown(variable, text))}`} is not usable: ${error.message}.`,
      );
    }
  }
  if (isPostgres(config.databaseUrl as string) && config.secretKey === "") {
    throw new ConfigError(
      "SECRET_KEY is not set: with PostgreSQL every server needs the same one, so none is made. Write at least 32 random characters, such as the output of `openssl rand -hex 32`.",
    );
  }
  if ((config.smtpUrl === "") !== (config.mailFrom === "")) {
    throw new ConfigError("SMTP_URL and MAIL_FROM belong together: set both to send mail, or neither.");
  }
  const url = config.publicUrl ? new URL(config.publicUrl as string) : null;
  if (config.bluesky && url !== null && url.port !== "" && !isLoopback(url.hostname)) {
    throw new ConfigError("BLUESKY=on needs a PUBLIC_URL without a port: the address is what this server is called there.");
  }
  return config as unknown as Config;
}

/** A variable's value as it may be printed; secrets are never handed here. */
export const shown = (variable: Pick<Variable, "doc" | "show">, text: string): string => variable.show?.(text) ?? text;

export const isPostgres = (databaseUrl: string): boolean => /^postgres(?:ql)?:\/\//.test(databaseUrl);

/** A database's address as it may be printed. */
export function withoutPassword(databaseUrl: string): string {
  return databaseUrl.replace(/^([a-z]+:\/\/[^:@/]*):.*@/i, "$1:…@").replace(/([?&]password=)[^&]*/gi, "$1…");
}

function parsePublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search || url.hash || url.username) {
    throw new BadValue("write an origin such as https://comments.example, without a path");
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) throw new BadValue("plain http is for this machine alone: write https://…");
  return url.origin;
}

/** Whether a host name or address never leaves this machine (RFC 6761 6.3, RFC 5735). */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || /^127(?:\.\d{1,3}){3}$/.test(host) || host === "[::1]" || host === "::1";
}
