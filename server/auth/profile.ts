import { FIELD_LIMITS, LIMITS } from "../wire/limits.ts";
import type { Profile } from "./provider.ts";

/** What a provider said, of whatever shape. */
export type Claims = Readonly<Record<string, unknown>>;

export interface Told {
  subject: unknown;
  name?: unknown;
  email?: unknown;
  emailVerified?: unknown;
  picture?: unknown;
  handle?: unknown;
  url?: unknown;
}

const MAX_SUBJECT = 500;

/**
 * What is of use of it, cut so that a comment can be written with it: a reader can't mend their account in the box. Only
 * the subject must be there.
 */
export function profileOf({ subject, name, email, emailVerified, picture, handle, url }: Told): Profile {
  const id = typeof subject === "number" && Number.isSafeInteger(subject) ? String(subject) : subject;
  if (typeof id !== "string" || id === "" || id.length > MAX_SUBJECT) throw new Error("a profile without a subject");
  const address = readAddress(email);
  const known = readLine(handle).replace(/^@/, "");
  return {
    subject: id,
    name: readLine(name) || known,
    email: address,
    // Some say it by a text (Amazon Cognito).
    emailVerified: address !== "" && (emailVerified === true || emailVerified === "true"),
    // By http only where OUTBOUND_ALLOW names the place, which is for the outbound client to say.
    picture: readLink(picture, /^https?:$/),
    handle: known,
    url: readLink(url, /^https?:$/),
  };
}

/** One line of what shows something, with no more marks on a letter than languages need. */
function readLine(said: unknown): string {
  if (typeof said !== "string") return "";
  const line = said
    .slice(0, 10 * FIELD_LIMITS.name)
    .replace(/[\p{Surrogate}\p{Cc}\s]+/gu, " ")
    .normalize("NFC")
    .replace(/(\p{M}{2})\p{M}+/gu, "$1")
    .trim();
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(line) ? [...line].slice(0, FIELD_LIMITS.name).join("").trim() : "";
}

/** Narrower than what the box takes: an address that letters reach for certain, or none. */
function readAddress(said: unknown): string {
  if (typeof said !== "string" || said.length > FIELD_LIMITS.email) return "";
  return /^[\w!#$%&'*+/=?^`{|}~-]{1,64}(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z][a-z\d-]*[a-z\d]$/i.test(
    said,
  ) && said.indexOf("@") <= 64
    ? said
    : "";
}

function readLink(said: unknown, scheme: RegExp): string {
  if (typeof said !== "string" || said.length > LIMITS.url || !URL.canParse(said)) return "";
  const { href, protocol, username } = new URL(said);
  return scheme.test(protocol) && username === "" && href.length <= LIMITS.url ? href : "";
}
