import { SAFE_HREF, SAFE_SRC } from "../wire/body.ts";

const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** The address as browsers will read it (WHATWG URL), if it is one that links may lead to; else null. */
export function safeHref(address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
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

/** Words that look like a host or an address: letters, a dot, letters. */
const HOST = /(?:[\p{L}\p{N}\p{M}_-]+[.\u3002\uff0e\uff61])+[\p{L}\p{M}\p{N}-]*\p{L}[\p{L}\p{M}\p{N}-]*/gu;

function hostsIn(text: string): { written: string; ascii: string }[] {
  const beforePath = text.replace(/(?<=[^\s/:])[/?#][^\s]*/g, " ");
  return Array.from(beforePath.replace(/[\p{Cf}\p{Cc}]/gu, "").matchAll(HOST), ([written]) => ({
    written,
    ascii: URL.canParse(`http://${written}`) ? new URL(`http://${written}`).hostname : written,
  }));
}

function isSame(host: string, url: URL): boolean {
  const bare = (name: string) => name.replace(/^www\./, "");
  return url.protocol === "mailto:" ? url.pathname.includes(host) : bare(host) === bare(url.hostname);
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
