import type { VNode } from "preact";
import type { Reading } from "./reading.ts";

const DAY = 86_400_000;
/** Older ones are given as a date. */
const RECENT = 30 * DAY;
const UNITS = [
  ["day", DAY],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** Making a formatter costs more than using it a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat | Intl.RelativeTimeFormat>();
function kept<Format extends Intl.DateTimeFormat | Intl.RelativeTimeFormat>(key: string, make: () => Format): Format {
  let format = formats.get(key);
  if (!format) formats.set(key, (format = make()));
  return format as Format;
}

/** “3 hours ago”, or the date of an older one. */
export function ago(lang: string, at: number, now: number, timeZone?: string): string {
  const age = Math.max(0, now - at);
  if (age > RECENT) return kept(`d${lang}${timeZone}`, () => new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeZone })).format(at);
  const [unit, length] = UNITS.find(([, length]) => age >= length) ?? UNITS[3];
  return kept(`r${lang}`, () => new Intl.RelativeTimeFormat(lang, { numeric: "auto" })).format(-Math.floor(age / length), unit);
}

/** A time, short to read and complete on demand. `at` is RFC 3339. */
export function timeOf(at: string, { lang, now, timeZone }: Reading): VNode {
  const time = Date.parse(at);
  const full = kept(`f${lang}${timeZone}`, () => new Intl.DateTimeFormat(lang, { dateStyle: "long", timeStyle: "short", timeZone }));
  return (
    <time dateTime={at} title={full.format(time)}>
      {ago(lang, time, now, timeZone)}
    </time>
  );
}
