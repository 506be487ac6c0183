import { domainToASCII } from "node:url";

/** RFC 5322 3.2.3 dot-atom: no quotes, comments, groups or line breaks, which only ever served to confuse readers of addresses. */
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/**
 * A single e-mail address that mail can be sent to, or null. Narrower than RFC 5321 on purpose: a domain with a dot
 * (no address literals), an ASCII local part of at most 64 octets (4.5.3.1.1); an international domain is given in its
 * ASCII form. The case stays as written; whoever compares ignores it.
 */
export function readEmail(text: string): string | null {
  // domainToASCII would quietly drop line breaks and tabs.
  if (/[\s\p{Cc}\p{Cf}]/u.test(text)) return null;
  const at = text.lastIndexOf("@");
  const local = text.slice(0, at);
  if (at < 1 || local.length > 64 || !LOCAL.test(local)) return null;
  const written = text.slice(at + 1);
  const domain = /^[\x21-\x7e]*$/.test(written) ? written : domainToASCII(written);
  const labels = domain.split(".");
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label)) || /^\d+$/.test(labels.at(-1)!)) return null;
  return local.length + 1 + domain.length > 254 ? null : `${local}@${domain}`;
}
