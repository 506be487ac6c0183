import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEmail } from "../../server/comments/email.ts";
import { type Fields, readFields } from "../../server/comments/fields.ts";
import { Refusal } from "../../server/refusal.ts";
import { codePoints, LIMITS } from "../../server/wire/limits.ts";
import { corpusFiles, corpusJson, corpusText, haveCorpora } from "../corpora.ts";
import { hostileTexts, strings } from "./oracle.ts";

const GOOD: Fields = { name: "Ann", email: "ann@example.com", website: "", body: "Hello", title: "Post" };
type Details = "required" | "optional" | "name_only";

function read(fields: Partial<Fields>, details: Details = "required"): Fields | Record<string, string> {
  try {
    return readFields({ ...GOOD, ...fields }, { details });
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "invalid") throw error;
    return error.details.fields!;
  }
}

describe("fields", () => {
  test("are trimmed, and their body kept as it came but for its line ends", () => {
    expect(
      read({ name: "  Ann \t B ", email: " ann@example.com ", website: " example.com ", body: "  a\r\nb\rc \n", title: " A\nB\u0007 " }),
    ).toEqual({
      name: "Ann B",
      email: "ann@example.com",
      website: "https://example.com/",
      body: "  a\nb\rc \n",
      title: "A B",
    });
  });

  test("are all named at once when they are wrong", () => {
    expect(read({ name: " ", email: "ann", website: "javascript:alert(1)", body: " \n " })).toEqual({
      name: "required",
      email: "invalid",
      website: "invalid",
      body: "required",
    });
  });

  test("are asked for as the site wants it", () => {
    expect(read({ name: "", email: "" }, "optional")).toMatchObject({ name: "", email: "" });
    expect(read({ name: "", email: "" }, "name_only")).toEqual({ name: "required" });
    expect(read({ email: "not one" }, "name_only")).toMatchObject({ name: "Ann", email: "" });
  });

  test("may be as long as their limit in code points, and are never cut", () => {
    const emoji = (n: number) => "😀".repeat(n);
    expect(read({ name: emoji(LIMITS.name), body: emoji(LIMITS.body) })).toMatchObject({
      name: emoji(LIMITS.name),
      body: emoji(LIMITS.body),
    });
    expect(read({ name: emoji(LIMITS.name + 1), body: emoji(LIMITS.body + 1) })).toEqual({ name: "too_long", body: "too_long" });
    expect(read({ website: `https://example.com/${"a".repeat(LIMITS.website)}`, email: `a@${"b.".repeat(130)}de` })).toEqual({
      website: "too_long",
      email: "too_long",
    });
    expect(read({ website: `https://example.com/${"ä".repeat(100)}` })).toEqual({ website: "invalid" });
  });

  test("a title, which is the page's, is shortened", () => {
    expect(codePoints((read({ title: "😀".repeat(300) }) as Fields).title)).toBe(LIMITS.title);
  });

  test.each(["a\0b", "a\ud800b", "\udc00", "\ud83d"])("refuse %j anywhere", (text) => {
    expect(read({ name: text, email: text, website: text, body: text, title: text })).toEqual(
      Object.fromEntries(Object.keys(GOOD).map((field) => [field, "bad_text"])),
    );
  });

  test("a body of nothing that shows is none", () => {
    for (const body of ["\u200b", "\u2800\u3164", "\u202e \u2066", "\u200d"]) expect(read({ body })).toEqual({ body: "required" });
  });

  test("an e-mail never holds a line break, a list or a comment", () => {
    for (const email of [
      "a@b.de\nBcc: c@d.de",
      "a@b.de\r\n",
      "a@b.de, c@d.de",
      "A <a@b.de>",
      "a(x)@b.de",
      '"a b"@c.de',
      "a@[1.2.3.4]",
      "a@b",
      "a@b..de",
      "a@-b.de",
      "a@b.123",
      "ä@b.de",
      `${"a".repeat(65)}@b.de`,
    ]) {
      const outcome = read({ email });
      if (email.trim() === "a@b.de") expect(outcome).toMatchObject({ email: "a@b.de" });
      else expect(outcome, email).toEqual({ email: "invalid" });
    }
    expect(read({ email: "Ann+tag@Müller.example" })).toMatchObject({ email: "Ann+tag@xn--mller-kva.example" });
  });
});

describe("a name", () => {
  test.each([
    ["e\u0301", "é"],
    ["Ann\u202e", "Ann"],
    ["ow\u200bner\u2066", "owner"],
    ["own\u200der", "owner"],
    ["A\u0000nn".replace("\0", "\u0007"), "A nn"],
    ["می\u200cخواهم", "می\u200cخواهم"],
    ["👩\u200d💻 Ann", "👩\u200d💻 Ann"],
    ["Nguyễn Văn Tới", "Nguyễn Văn Tới"],
    ["<b>Ann</b>", "<b>Ann</b>"],
  ])("%j is kept as %j", (given, kept) => expect(read({ name: given })).toMatchObject({ name: kept }));

  test("that climbs out of its line is refused, and one that shows nothing is none", () => {
    expect(read({ name: "Z\u0335\u0334\u0336a" })).toEqual({ name: "bad_text" });
    expect(read({ name: "\u0335" })).toEqual({ name: "bad_text" });
    expect(read({ name: "\u200b\u3164" })).toEqual({ name: "required" });
  });
});

describe("a website", () => {
  test.each([
    ["example.com", "https://example.com/"],
    ["example.com:8080/a b".replace(" ", "%20"), "https://example.com:8080/a%20b"],
    ["HTTP://Example.com", "http://example.com/"],
    ["https://müller.example/ä", "https://xn--mller-kva.example/%C3%A4"],
    ['https://x.example/"onmouseover=alert(1)', "https://x.example/%22onmouseover=alert(1)"],
  ])("%s is kept as %s", (given, kept) => expect(read({ website: given })).toMatchObject({ website: kept }));

  test.each([
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    "ftp://a.b",
    "https://u:p@a.b/",
    "localhost",
    "http://localhost",
    "https://",
    "a b.c",
    "mailto:a@b.de",
    "https://a.b/\u202e",
    "x'onmouseover='alert(1)",
  ])("%j is refused", (website) => expect(read({ website })).toEqual({ website: "invalid" }));
});

test("any text at all is read or refused by field", () => {
  const text = fc.string({ unit: "binary", maxLength: 100 });
  fc.assert(
    fc.property(
      fc.record({ name: text, email: text, website: text, body: text, title: text }),
      fc.constantFrom<Details>("required", "optional", "name_only"),
      (fields, details) => {
        const outcome = read(fields, details);
        if (
          Object.keys(outcome).length === 5 &&
          typeof outcome["body"] === "string" &&
          "title" in outcome &&
          outcome["body"] === fields.body.replaceAll("\r\n", "\n")
        ) {
          expect(read(outcome as Fields, details)).toEqual(outcome);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

describe.skipIf(!haveCorpora)("with the corpora", () => {
  /** Addresses of these kinds are taken: right in every way, whether or not DNS had them at the time. All others are refused. */
  const TAKEN = new Set(["ISEMAIL_VALID_CATEGORY", "ISEMAIL_DNSWARN"]);
  /** Right, but refused: no mail of today goes to a top-level domain. */
  const REFUSED_THOUGH_RIGHT = { "5": "ISEMAIL_VALID_CATEGORY test@io" };
  const unescape = (text: string) =>
    text
      .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
      .replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ({ lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" })[name]!)
      // The set writes control characters as their pictures.
      .replace(/[\u2400-\u241f]/g, (picture) => String.fromCharCode(picture.charCodeAt(0) - 0x2400));

  test("e-mail addresses are taken and refused by category", () => {
    const cases = corpusText("email/isemail-tests.xml").matchAll(
      /<test id="(\d+)">\s*<address(?:\/>|>([\s\S]*?)<\/address>)[\s\S]*?<category>(\w+)<\/category>/g,
    );
    let seen = 0;
    const wrong: Record<string, string> = {};
    for (const [, id, address = "", category] of cases) {
      seen++;
      if ((readEmail(unescape(address)) !== null) !== TAKEN.has(category!)) wrong[id!] = `${category} ${address}`;
    }
    expect(wrong).toEqual(REFUSED_THOUGH_RIGHT);
    expect(seen).toBeGreaterThan(150);
  });

  test("no naughty or hostile text gets through as anything but itself, made harmless", () => {
    const trojans = corpusFiles("unicode/trojan-source").map((name) => corpusText(`unicode/trojan-source/${name}`));
    for (const text of [
      ...strings(corpusJson("unicode/blns.json")),
      ...hostileTexts({ json: corpusJson, text: corpusText }),
      ...trojans.flatMap((all) => all.split("\n")),
    ]) {
      const outcome = read({ name: text, website: text, body: text || "-" });
      if ("name" in outcome && outcome["name"] !== "required" && !["too_long", "bad_text"].includes(outcome["name"]!))
        expect(outcome["name"]).not.toMatch(/[\p{Cc}\u200b\u202a-\u202e\u2066-\u2069]|\p{M}{3}/u);
      if (codePoints(text) > 80) continue;
      const bodyOnly = read({ body: `x${text}` });
      if (!/\0|\p{Surrogate}/u.test(text)) expect((bodyOnly as Fields).body).toBe(`x${text}`.replaceAll("\r\n", "\n"));
    }
  });
});
