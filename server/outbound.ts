import { lookup as resolve, type LookupAddress } from "node:dns";
import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";
import type { Config } from "./config.ts";

/** The one way out: every request that this server makes of another goes through it. Rejects with OutboundError. */
export type Outbound = (address: string | URL, ask?: OutboundAsk) => Promise<Response>;

export interface OutboundAsk {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Bytes of the answer at most. */
  maxBytes?: number;
}

/** One text for whatever went wrong, so that nobody learns which ports are open (S-27); `cause` is for the log. */
export class OutboundError extends Error {
  override readonly name = "OutboundError";
  constructor(cause: unknown) {
    super("The other server could not be reached.", { cause });
  }
}

/** An address that is refused before anything is asked of it, whatever stands there: by its scheme, or for being private. */
export class NotAllowed extends Error {
  readonly reason: "scheme" | "private";
  constructor(reason: "scheme" | "private") {
    super(reason);
    this.reason = reason;
  }
}

/** host:port, as OUTBOUND_ALLOW names it. */
export const placeOf = ({ protocol, hostname, port }: URL): string => `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 1_000_000;
/** What is passed on of the answer's headers; never a cookie. */
const HEARD = ["content-type", "location", "www-authenticate", "dpop-nonce"];

/** https to public addresses; what OUTBOUND_ALLOW names also by http and on private networks. Follows no redirect. */
export function outbound({ outboundAllow }: Pick<Config, "outboundAllow">, timeoutMs = TIMEOUT_MS): Outbound {
  const allowed = new Set(outboundAllow.map((pair) => pair.toLowerCase()));
  return async (address, ask = {}) => {
    const url = new URL(address);
    const exempt = allowed.has(placeOf(url));
    try {
      if (url.username !== "" || (url.protocol !== "https:" && !(exempt && url.protocol === "http:"))) throw new NotAllowed("scheme");
      const literal = url.hostname.replace(/^\[|\]$/g, "");
      if (!exempt && isIP(literal) !== 0 && !isPublic(literal)) throw new NotAllowed("private");
      return await fetchOnce(url, ask, { timeoutMs, lookup: exempt ? undefined : publicLookup });
    } catch (error) {
      throw new OutboundError(error);
    }
  };
}

/** The addresses are looked at here and connected to: a second look at the name could answer otherwise (S-25). */
const publicLookup: LookupFunction = (host, options, done) => {
  resolve(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
    if (error) return done(error, []);
    if (found.length === 0 || !found.every(({ address }) => isPublic(address))) return done(new NotAllowed("private"), []);
    if (options.all) return done(null, found);
    done(null, found[0]!.address, found[0]!.family);
  });
};

function fetchOnce(
  url: URL,
  { method = "GET", headers = {}, body, maxBytes = MAX_BYTES }: OutboundAsk,
  { timeoutMs, lookup }: { timeoutMs: number; lookup: LookupFunction | undefined },
): Promise<Response> {
  const start = url.protocol === "https:" ? secureRequest : plainRequest;
  // Without its length the body of a DELETE would be taken for another request.
  const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
  const sent = { "user-agent": "Youfigure", ...headers, ...length, "accept-encoding": "identity" };
  return new Promise((done, fail) => {
    const request = start(
      url,
      { method, headers: sent, agent: false, signal: AbortSignal.timeout(timeoutMs), ...(lookup && { lookup }) },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > maxBytes) request.destroy(new Error("too large"));
          else chunks.push(chunk);
        });
        response.on("error", fail);
        response.on("end", () => {
          const { statusCode = 502 } = response;
          if (response.headers["content-encoding"] ?? statusCode < 200) return fail(new Error("not plain"));
          const heard = HEARD.map((name) => [name, String(response.headers[name] ?? "")] as const).filter(([, value]) => value !== "");
          const empty = statusCode === 204 || statusCode === 205 || statusCode === 304;
          done(new Response(empty ? null : Buffer.concat(chunks), { status: statusCode, headers: Object.fromEntries(heard) }));
        });
      },
    );
    request.on("error", fail);
    request.end(body);
  });
}

/** IANA's special-purpose registries (RFC 6890) and multicast. */
const PRIVATE_4 =
  "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3";
const PUBLIC_6 = "2000::/3";
const PRIVATE_6 = "2001::/23 2001:db8::/32 2002::/16 3fff::/20";

const blocks = (text: string, family: "ipv4" | "ipv6") => {
  const list = new BlockList();
  for (const block of text.split(" ")) {
    const [address = "", bits = ""] = block.split("/");
    list.addSubnet(address, Number(bits), family);
  }
  return list;
};
const private4 = blocks(PRIVATE_4, "ipv4");
const public6 = blocks(PUBLIC_6, "ipv6");
const private6 = blocks(PRIVATE_6, "ipv6");

/** Whether an address belongs to the open Internet. Mapped and translated ones are not asked what they hold: they are not. */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !private4.check(address, "ipv4");
  return family === 6 && public6.check(address, "ipv6") && !private6.check(address, "ipv6");
}
