import { Refusal } from "../refusal.ts";
import { codePoints, LIMITS } from "../wire/limits.ts";
import type { FieldCode } from "../wire/refusal.ts";
import type { Settings } from "../wire/settings.ts";
import { readEmail } from "./email.ts";
import { parseAddress } from "./parse-address.ts";

export interface Fields {
  /** One line, NFC, without invisible characters; "" when none was asked or given. */
  name: string;
  /** A single address, or "". */
  email: string;
  /** A serialised http(s) address, or "". */
  website: string;
  /** As it came, CR LF as LF. */
  body: string;
  /** One line, at most LIMITS.title code points. */
  title: string;
}

type FieldReader = (text: string, required: boolean) => string | { code: FieldCode };

/** Checks every field and throws one Refusal `invalid` that names all that is wrong with them. Nothing a person wrote is ever cut. */
export function readFields(input: Fields, settings: Pick<Settings, "details">): Fields {
  const required = settings.details === "required";
  const needed = { name: required || settings.details === "name_only", email: required, website: false, body: true, title: false };
  const email = settings.details === "name_only" ? "" : input.email;
  const fields: Fields = { name: "", email: "", website: "", body: "", title: "" };
  const wrong: Record<string, FieldCode> = {};
  for (const [field, read] of Object.entries(READERS) as [keyof Fields, FieldReader][]) {
    const text = field === "email" ? email : input[field];
    const value = isBadText(text) ? BAD_TEXT : read(text, needed[field]);
    if (typeof value === "string") fields[field] = value;
    else wrong[field] = value.code;
  }
  if (Object.keys(wrong).length > 0) throw new Refusal("invalid", { fields: wrong });
  return fields;
}

const BAD_TEXT = { code: "bad_text" } as const;
const INVALID = { code: "invalid" } as const;
const TOO_LONG = { code: "too_long" } as const;
const REQUIRED = { code: "required" } as const;

const READERS: Record<keyof Fields, FieldReader> = {
  name: readName,
  email: readMail,
  website: readWebsite,
  body: readBody,
  title: readTitle,
};

/** U+0000 ends strings in places that were not written for it; a lone surrogate is no character at all and can't be stored as UTF-8. */
function isBadText(text: string): boolean {
  return /\0|\p{Surrogate}/u.test(text);
}

/**
 * What shows nothing and so makes two names look like one: format characters (bidirectional controls, zero-width
 * space, tags), controls, and the blank letters of UTS #39. Joiners stay where writing needs them: after a letter of a
 * script that joins, or within an emoji.
 */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cf}\p{Cc}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]/gu;
const IDLE_JOINER =
  /(?<![\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d]/gu;

/** More marks than this on one letter climb out of their line (Vietnamese and Hebrew need two). */
const ZALGO = /\p{M}{3}/u;

function readName(text: string, required: boolean): ReturnType<FieldReader> {
  const name = oneLine(text).normalize("NFC").replace(INVISIBLE, "").replace(IDLE_JOINER, "").trim();
  if (name === "") return required ? REQUIRED : "";
  if (codePoints(name) > LIMITS.name) return TOO_LONG;
  return ZALGO.test(name) || !/[\p{L}\p{N}\p{P}\p{S}]/u.test(name) ? BAD_TEXT : name;
}

function readMail(text: string, required: boolean): ReturnType<FieldReader> {
  const trimmed = text.trim();
  if (trimmed === "") return required ? REQUIRED : "";
  if (codePoints(trimmed) > LIMITS.email) return TOO_LONG;
  return readEmail(trimmed) ?? INVALID;
}

/** `example.com` is taken for https://example.com/. A name without a dot leads to no public site. */
function readWebsite(text: string): ReturnType<FieldReader> {
  const trimmed = text.trim();
  if (trimmed === "") return "";
  if (codePoints(trimmed) > LIMITS.website) return TOO_LONG;
  if (/[\s\p{Cc}\p{Cf}]/u.test(trimmed)) return INVALID;
  const hasScheme = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(trimmed);
  const address = hasScheme ? trimmed : `https://${trimmed}`;
  const url = parseAddress(address);
  if (url === null) return INVALID;
  const sound = /^https?:$/.test(url.protocol) && url.username === "" && url.password === "" && url.hostname.includes(".");
  return sound && url.href.length <= LIMITS.website ? url.href : INVALID;
}

function readBody(text: string, required: boolean): ReturnType<FieldReader> {
  const body = text.replaceAll("\r\n", "\n");
  if (codePoints(body) > LIMITS.body) return TOO_LONG;
  return required &&
    body
      .replace(INVISIBLE, "")
      .replace(/[\u200c\u200d]/g, "")
      .trim() === ""
    ? REQUIRED
    : body;
}

/** The one text that may be shortened: it is the page's, not the person's, who could do nothing about its length. */
function readTitle(text: string): string {
  return [...oneLine(text).replace(INVISIBLE, "")].slice(0, LIMITS.title).join("").trim();
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, " ").trim();
}
