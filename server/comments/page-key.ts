import { Refusal } from "../refusal.ts";
import { LIMITS } from "../wire/limits.ts";
import { parseAddress } from "./parse-address.ts";

export interface PageKey {
  /** host[:port], path and query: `blog.example/post?a=1`. */
  key: string;
  /** The serialised origin of the address as it was given (WHATWG URL). */
  origin: string;
}

/**
 * Which page an address means. http and https are one page, as are an address with and without its default port,
 * fragment, tracking parameters or one trailing slash; percent-escapes are written in one way (RFC 3986 6.2.2).
 * `aliases` maps a host (with its port, where it has one) to the host that it is another name of.
 * Never throws; `pageKey("https://" + key)` gives the same key.
 */
export function pageKey(address: string, aliases: Record<string, string>): PageKey | Refusal {
  const url = address.length <= LIMITS.url ? parseAddress(address) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") return new Refusal("page_url_invalid");
  const key = hostOf(url, aliases) + pathOf(url) + queryOf(url);
  if (`https://${key}`.length > LIMITS.url) return new Refusal("page_url_invalid");
  return { key, origin: url.origin };
}

/** Both default ports go under either scheme, since the key no longer says which one it was. */
function hostOf(url: URL, aliases: Record<string, string>): string {
  const host = url.port === "80" || url.port === "443" ? url.hostname : url.host;
  const target = Object.hasOwn(aliases, host) ? aliases[host] : undefined;
  // One step only: an alias of an alias would give another key the second time.
  return target === undefined || Object.hasOwn(aliases, target) ? host : target;
}

function pathOf(url: URL): string {
  const path = unescapeUnreserved(url.pathname);
  return path.length > 1 && path.endsWith("/") && !path.endsWith("//") ? path.slice(0, -1) : path;
}

/** Parameters that say where a reader came from, not what they read. A trailing * stands for any ending. */
export const TRACKING_PARAMETERS = [
  "utm_*",
  "fbclid",
  "gclid",
  "gclsrc",
  "dclid",
  "gbraid",
  "wbraid",
  "msclkid",
  "twclid",
  "ttclid",
  "li_fat_id",
  "yclid",
  "ysclid",
  "igshid",
  "igsh",
  "mc_cid",
  "mc_eid",
  "_hsenc",
  "_hsmi",
  "_ga",
  "_gl",
  "mkt_tok",
  "vero_id",
  "oly_anon_id",
  "oly_enc_id",
  "wickedid",
] as const;

const exact = new Set<string>(TRACKING_PARAMETERS.filter((name) => !name.endsWith("*")));
const prefixes = TRACKING_PARAMETERS.filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1));

function queryOf(url: URL): string {
  const kept = unescapeUnreserved(url.search.slice(1)).split("&").filter(isContent);
  return kept.length === 0 ? "" : `?${kept.join("&")}`;
}

function isContent(parameter: string): boolean {
  const name = parameter.split("=", 1)[0]!.toLowerCase();
  return parameter !== "" && !exact.has(name) && !prefixes.some((prefix) => name.startsWith(prefix));
}

/** Upper-case escapes, unreserved characters bare; a lone % becomes %25, lest decoding beside it makes a new escape. */
function unescapeUnreserved(text: string): string {
  return text.replace(/%(?:([0-9a-f]{2}))?/gi, (escape, hex: string | undefined) => {
    if (hex === undefined) return "%25";
    const char = String.fromCharCode(Number.parseInt(hex, 16));
    return /[a-z0-9\-._~]/i.test(char) ? char : escape.toUpperCase();
  });
}
