import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { directionOf, type Language } from "../locale/format.ts";

/** What a letter says, before it is text and HTML. Only `link` has an address, and only one of ours or of the site's own pages. */
export type Part =
  | { says: string }
  /** What somebody wrote: never a link, never an image, whatever it looks like. */
  | { quotes: string }
  | { link: string; text: string }
  | { code: string };

export interface Draft {
  lang: Language;
  subject: string;
  parts: readonly Part[];
  /** Why it came, and how to stop it. */
  foot: readonly Part[];
}

/** RFC 5322 2.1.1 asks for lines of at most 78; a mail program shows no more of a subject anyway. */
const SUBJECT = 120;
/** Of a comment; the rest is a click away. */
const QUOTED = 2_000;

/** The letter as it is sent: a subject of one line, the same words as text and as HTML. */
export function renderLetter({ lang, subject, parts, foot }: Draft): { subject: string; text: string; html: string } {
  const html = `<!doctype html>${renderToString(<Sheet lang={lang} subject={oneLine(subject)} parts={parts} foot={foot} />)}`;
  const text = [...parts.map(asText), "-- ", ...foot.map(asText)].join("\n\n");
  return { subject: oneLine(subject), text: `${text}\n`, html };
}

function asText(part: Part): string {
  if ("says" in part) return unlinked(part.says);
  if ("code" in part) return `    ${part.code}`;
  if ("link" in part) return `${part.text}:\n${part.link}`;
  return quoted(part.quotes)
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
}

const quoted = (text: string) => unlinked(cut(text.replace(/[^\P{Cc}\n]/gu, ""), QUOTED));

const oneLine = (text: string) => cut(unlinked(text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim()), SUBJECT);

function cut(text: string, length: number): string {
  const points = [...text];
  return points.length <= length ? text : `${points.slice(0, length - 1).join("")}…`;
}

/**
 * Mail programs make links of all that looks like an address. A word joiner (U+2060), which nobody sees, after each dot,
 * colon and slash before a word keeps them from it. After an at sign, where some take any character for part of a host, stands
 * a hair's breadth of space (U+200A).
 */
export const unlinked = (text: string) =>
  text
    .replace(/[.:/\u3002\uff0e\uff61](?=\S)/gu, "$&\u2060")
    .replace(/@(?=\S)/gu, "@\u200a")
    .replace(/www(?=\.)/giu, "w\u2060ww");

const SHEET =
  "max-width:36em;margin:0 auto;padding:1.5em 1em;font:16px/1.5 Georgia,'Times New Roman',serif;color:#222;background:#fff;text-align:start";
const QUOTE = "margin:1em 0;padding-inline-start:1em;border-inline-start:3px solid #ccc;white-space:pre-wrap;overflow-wrap:anywhere";
const CODE = "margin:1em 0;font:bold 28px/1.2 Menlo,Consolas,monospace;letter-spacing:.15em;direction:ltr";
const FOOT = "margin-top:2em;padding-top:1em;border-top:1px solid #ddd;font-size:14px;color:#666";

function Sheet({ lang, subject, parts, foot }: Draft): VNode {
  return (
    <html lang={lang} dir={directionOf(lang)}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{subject}</title>
      </head>
      <body style="margin:0">
        <div style={SHEET}>
          {parts.map((part) => (
            <PartView part={part} />
          ))}
          <div style={FOOT}>
            {foot.map((part) => (
              <PartView part={part} />
            ))}
          </div>
        </div>
      </body>
    </html>
  );
}

function PartView({ part }: { part: Part }): VNode {
  if ("says" in part) return <p style="margin:1em 0">{unlinked(part.says)}</p>;
  if ("code" in part) return <p style={CODE}>{part.code}</p>;
  if ("quotes" in part)
    return (
      <blockquote dir="auto" style={QUOTE}>
        {quoted(part.quotes)}
      </blockquote>
    );
  return (
    <p style="margin:1em 0">
      <a href={part.link} style="color:#0b57d0">
        {part.text}
      </a>
    </p>
  );
}
