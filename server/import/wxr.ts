import { SaxesParser } from "saxes";
import { type ForeignComment, ImportError } from "./importer.ts";

/**
 * WordPress eXtended RSS. Namespaces are not resolved, since many exports lack their declarations: `wp:` is what
 * WordPress writes. Entities of a DOCTYPE are never expanded; one that is used makes the file unreadable.
 */
export async function* readWxr(input: AsyncIterable<string>): AsyncGenerator<ForeignComment> {
  const reader = wxrReader();
  for await (const chunk of input) yield* reader.write(chunk);
  yield* reader.end();
}

/** Control characters that XML 1.0 (2.2) forbids and WordPress exports nevertheless. */
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

/** WordPress leaves it behind where a text held the end of a CDATA section; saxes tells of it and reads on. */
const STRAY_END = 'the string "]]>" is disallowed in char data.';

type Values = Record<string, string>;

function wxrReader() {
  const parser = new SaxesParser();
  const path: string[] = [];
  const ready: ForeignComment[] = [];
  let item: Values = {};
  let comment: Values | null = null;
  let isWxr = false;

  parser.on("opentag", ({ name }) => {
    path.push(name);
    if (name === "channel") isWxr = true;
    if (name === "item") item = {};
    if (name === "wp:comment") comment = {};
  });
  const addText = (text: string) => {
    const name = path.at(-1)!;
    const parent = path.at(-2);
    if (parent === "wp:comment" && comment && name !== "wp:commentmeta") comment[name] = (comment[name] ?? "") + text;
    else if (parent === "item" && ITEM_PARTS.has(name)) item[name] = (item[name] ?? "") + text;
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", ({ name }) => {
    path.pop();
    if (name !== "wp:comment" || !comment) return;
    ready.push(toForeign(comment, item));
    comment = null;
  });

  parser.on("error", (error) => {
    if (!error.message.endsWith(STRAY_END)) throw error;
  });

  const feed = (step: () => void) => {
    try {
      step();
    } catch (cause) {
      // saxes begins its message with LINE:COLUMN.
      throw new ImportError(`The export is not well-formed XML at ${(cause as Error).message}`, { cause });
    }
    return ready.splice(0);
  };
  return {
    write: (chunk: string) => feed(() => void parser.write(chunk.replace(FORBIDDEN, ""))),
    end: () => {
      const rest = feed(() => void parser.close());
      if (!isWxr) throw new ImportError("The file is no WordPress export: it has no <channel>.");
      return rest;
    },
  };
}

const ITEM_PARTS = new Set(["title", "link", "pubDate", "wp:post_date_gmt"]);

const STATUSES: Record<string, ForeignComment["status"]> = {
  "1": "approved",
  approve: "approved",
  approved: "approved",
  spam: "spam",
  trash: "trash",
  "post-trashed": "trash",
};

/** A state that the export does not name waits for its owner. */
function toForeign(comment: Values, item: Values): ForeignComment {
  const part = (name: string) => comment[`wp:comment_${name}`]?.trim() ?? "";
  const parent = part("parent");
  return {
    id: part("id"),
    parent: parent === "" || parent === "0" ? null : parent,
    kind: part("type") || "comment",
    status: STATUSES[part("approved")] ?? "held",
    page: { link: item["link"]?.trim() ?? "", title: item["title"]?.trim() ?? "" },
    name: part("author"),
    email: part("author_email"),
    website: part("author_url"),
    source: comment["wp:comment_content"] ?? "",
    format: "html",
    at:
      readDate(part("date_gmt")) ||
      readDate(part("date")) ||
      readDate(item["wp:post_date_gmt"] ?? "") ||
      readPubDate(item["pubDate"] ?? "") ||
      0,
  };
}

/** RFC 822, as RSS has it; 0 for what is none, or lies beyond the years that ids can hold. */
function readPubDate(text: string): number {
  const at = Date.parse(text);
  return Math.abs(at) < Date.UTC(10_000, 0) ? at : 0;
}

/** `YYYY-MM-DD hh:mm:ss`, read as UTC; 0 for the zero date and what is none. */
function readDate(text: string): number {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)/.exec(text.trim()) ?? [];
  return day === undefined || day.startsWith("0000") ? 0 : Date.parse(`${day}T${time}Z`) || 0;
}
