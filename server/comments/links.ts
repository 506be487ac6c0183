import { SAFE_HREF, SAFE_SRC } from "../wire/body.ts";
import { parseAddress } from "./parse-address.ts";

const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** The address as browsers will read it (WHATWG URL), if it is one that links may lead to; else null. */
export function safeHref(address: string): string | null {
  const url = parseAddress(address);
  return url && SCHEMES.has(url.protocol) && SAFE_HREF.test(url.href) ? url.href : null;
}

export function safeSrc(address: string): string | null {
  const href = safeHref(address);
  return href !== null && SAFE_SRC.test(href) ? href : null;
}

/**
 * Where a link really leads, when its text says or suggests another place, or spells the host with look-alike letters;
 * else null. To be shown after the link as text, in its ASCII form.
 */
export function realHost(href: string, text: string): string | null {
  const url = new URL(href);
  const real = url.protocol === "mailto:" ? url.pathname : url.hostname;
  if (url.username !== "" || url.password !== "") return real;
  const named = hostsIn(text);
  const lies = named.some(({ ascii }) => !isSame(ascii, url));
  return lies || named.some(({ written }) => isLookAlike(written)) ? real : null;
}

/** Words of the text that look like a host: labels with dots between, the last with two letters or more. */
function hostsIn(text: string): { written: string; ascii: string }[] {
  const visible = text.replace(/[\p{Cf}\p{Cc}]/gu, (char) => (char === "\n" ? char : ""));
  const withoutPaths = visible.replace(/(?<=[^\s/:])[/?#]\S*/g, " ");
  const words = withoutPaths.split(/[^\p{L}\p{N}\p{M}_.\u3002\uff0e\uff61-]+/u).map((word) => word.replace(/^[._-]+|[._-]{1,100}$/g, ""));
  return words
    .filter((word) => /[.\u3002\uff0e\uff61][^.\u3002\uff0e\uff61]*\p{L}[\p{L}\p{M}\p{N}-]+$/u.test(word))
    .map((written) => ({ written, ascii: parseAddress(`http://${written}`)?.hostname ?? written }));
}

function isSame(host: string, url: URL): boolean {
  const bare = (name: string) => name.replace(/^www\./, "");
  return url.protocol === "mailto:" ? url.pathname.toLowerCase().includes(host) : bare(host) === bare(url.hostname);
}

/**
 * A host that mixes scripts (Latin with Chinese, Japanese or Korean apart, as browsers have it), or Latin letters
 * beyond those of European languages.
 */
function isLookAlike(host: string): boolean {
  const letters = host.replace(/[^\p{L}]/gu, "");
  if (/^[a-z\u00df-\u017f\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]*$/iu.test(letters)) return false;
  return /\p{Script=Latin}/u.test(letters);
}
