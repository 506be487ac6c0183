import { domainToASCII } from "node:url";
import MarkdownIt from "markdown-it";
import { type DefaultTreeAdapterTypes as Tree, parse } from "parse5";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { readEmail } from "../../server/comments/email.ts";
import { sendTestLetter } from "../../server/comments/letters.ts";
import { renderLetter } from "../../server/render/letter.tsx";
import { corpusJson, corpusText, haveCorpora } from "../corpora.ts";
import { hostileTexts, strings } from "../text/oracle.ts";
import { mailing, type Mailing } from "./mailing.ts";
import type { Arrived } from "./sink.ts";

const OURS = "https://comments.example/letters?token=t";
const ELEMENTS = new Set("html head meta title body div p a blockquote".split(" "));
const ATTRIBUTES = new Set("lang dir charset name content style href".split(" "));

const texts = haveCorpora ? [...hostileTexts({ json: corpusJson, text: corpusText }), ...strings(corpusJson("unicode/blns.json"))] : [];
/** What a mail program that finds addresses in texts would make of one. */
const linker = new MarkdownIt({ linkify: true }).linkify;

interface Found {
  elements: string[];
  attributes: string[];
  hrefs: string[];
  styles: string[];
  said: string;
}

/** By a parser that is not the writer's. */
function look(html: string): Found {
  const found: Found = { elements: [], attributes: [], hrefs: [], styles: [], said: "" };
  const walk = (node: Tree.Node) => {
    if ("value" in node) found.said += `${node.value}\n`;
    if ("tagName" in node) {
      found.elements.push(node.tagName);
      for (const { name, value } of node.attrs) {
        found.attributes.push(name);
        if (name === "href") found.hrefs.push(value);
        if (name === "style") found.styles.push(value);
      }
    }
    if ("childNodes" in node) node.childNodes.forEach(walk);
  };
  walk(parse(html));
  return found;
}

/** Neither a link nor an image nor anything that a mail program makes one of. */
function expectPlain({ text, html }: { text: string; html: string }, about: string): void {
  const { elements, attributes, hrefs, styles, said } = look(html);
  expect(
    elements.filter((name) => !ELEMENTS.has(name)),
    about,
  ).toEqual([]);
  expect(
    attributes.filter((name) => !ATTRIBUTES.has(name)),
    about,
  ).toEqual([]);
  expect(
    hrefs.filter((href) => !href.startsWith("https://comments.example/") && !href.startsWith("https://blog.example/")),
    about,
  ).toEqual([]);
  expect(styles.join(), about).not.toContain("url(");
  const ours = text.replaceAll(/^https:\/\/(?:comments|blog)\.example\/\S*$/gm, "");
  for (const words of [said, ours]) expect(linker.match(words)?.map(({ url }) => url) ?? [], about).toEqual([]);
}

describe.runIf(haveCorpora)("no text of the corpora", () => {
  test("is a link or an image in a letter, in the text, a name or a title (S-41)", () => {
    expect(texts.length).toBeGreaterThan(1_500);
    for (const text of texts) {
      const foot = [{ link: OURS, text: "Stop" }];
      const letter = renderLetter({
        lang: "en",
        subject: text,
        parts: [{ says: text }, { quotes: text }, { link: OURS, text: "Read" }],
        foot,
      });
      expectPlain(letter, JSON.stringify(text));
      expect([...letter.subject].length).toBeLessThanOrEqual(120);
      expect(letter.subject, JSON.stringify(text)).not.toMatch(/[\r\n]/);
    }
  });
});

/** A hundred connections, on a machine that is busy. */
const MANY_LETTERS = 240_000;

describe("over a real mail server", () => {
  let mail: Mailing;
  beforeEach(async () => {
    mail = await mailing({ settings: { letters: "all" } });
    const { services } = mail;
    const owner = { id: services.newId(), name: "Olga", role: "Owner", email: "olga@blog.example", passphrase: null, createdAt: 0 };
    await services.store.addFirstOwner(owner, null, { id: services.newId(), at: 0, by: "test", action: "owner" });
  });
  afterEach(() => mail.close());

  const HEADERS = new Set("auto-submitted from to subject message-id date mime-version content-type".split(" "));
  // The mail server tells international names as they are read.
  const ascii = (address: string) => address.replace(/[^@]*$/, domainToASCII);
  const expectOurs = (letter: Arrived, to: string) => {
    expect(letter.to.map(ascii)).toEqual([ascii(to)]);
    expect(letter.mail.to).toMatchObject([{ name: "" }]);
    expect(ascii(letter.mail.to?.[0]?.address ?? "")).toBe(ascii(to));
    expect(letter.mail.headers.map(({ key }) => key).filter((key) => !HEADERS.has(key))).toEqual([]);
    expect(letter.mail.attachments).toEqual([]);
  };

  it.runIf(haveCorpora)(
    "a comment of hostile text, name and title arrives as words (S-41, S-42)",
    async () => {
      const crlf = corpusText("attacks/crlf-payloads.txt").split("\n").filter(Boolean);
      const some = [
        ...texts.filter((_, i) => i % 60 === 0),
        ...crlf.flatMap((line) => [line, line.replace(/%0d/gi, "\r").replace(/%0a/gi, "\n")]),
        "a\r\nBcc: evil@evil.example",
        "www.evil.example evil@evil.example javascript:alert(1) [x](https://evil.example) ![y](https://evil.example/y.png)",
      ];
      let posted = 0;
      for (const [i, text] of some.entries()) {
        const fields = {
          name: [...text].slice(0, 60).join(""),
          title: text.slice(0, 150),
          body: `x ${text}`.slice(0, 5_000),
          url: `https://blog.example/${i}`,
        };
        if ((await mail.post(fields)).status < 300) posted++;
        else if ((await mail.post({ ...fields, name: "Anna" })).status < 300) posted++;
      }
      expect(posted).toBeGreaterThan(40);
      while (await mail.postman.round());
      expect(mail.sink.arrived).toHaveLength(posted);
      for (const letter of mail.sink.arrived) {
        expectOurs(letter, "olga@blog.example");
        expectPlain({ text: letter.mail.text ?? "", html: letter.mail.html ?? "" }, letter.raw);
      }
    },
    MANY_LETTERS,
  );

  it.runIf(haveCorpora)(
    "no address of the corpus reaches more than one mailbox, and no other than itself (S-42)",
    async () => {
      const unescaped = (text: string) =>
        text
          .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)))
          .replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" })[name]!)
          // How the file writes controls.
          .replace(/[\u2400-\u241f]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x2400));
      const addresses = [...corpusText("email/isemail-tests.xml").matchAll(/<address>([^]*?)<\/address>/g)].map(([, text]) =>
        unescaped(text!),
      );
      const crlf = corpusText("attacks/crlf-payloads.txt").split("\n").filter(Boolean);
      const injected = crlf.flatMap((line) => [
        `anna@reader.example${line}`,
        `anna${decodeURIComponent(line.replace(/%(?![0-7])/g, "%25"))}@reader.example`,
      ]);
      const all = [
        ...new Set([...addresses, ...injected, "a@b.example,c@d.example", "a@b.example;c@d.example", "g:a@b.example;", "A <a@b.example>"]),
      ];
      expect(all.length).toBeGreaterThan(170);
      for (const to of all) await sendTestLetter(mail.services, to, "en");
      while (await mail.postman.round());
      const sound = all.filter((to) => readEmail(to) !== null);
      expect(sound.length).toBeGreaterThan(10);
      expect(sound.length).toBeLessThan(60);
      // One fills a line of SMTP to its last octet, and the server finds it too long.
      const givenUp = (await mail.services.store.lettersGivenUp(9)).map(({ to }) => to);
      expect(givenUp.length).toBeLessThan(2);
      expect([...mail.sink.arrived.map(({ to }) => ascii(to.join())), ...givenUp].toSorted()).toEqual(sound.map(ascii).toSorted());
      for (const letter of mail.sink.arrived) expectOurs(letter, letter.to[0]!);
    },
    MANY_LETTERS,
  );

  it("a name of a site with line breaks adds nothing to the head of its letters (S-42)", async () => {
    const { store, newId } = mail.services;
    const log = { id: newId(), at: 0, by: "test", action: "site" as const };
    await store.updateSite(mail.site.id, { name: "Blog\r\nBcc: evil@evil.example\r\n\r\n<b>" }, log);
    await mail.post({ notify: true });
    await mail.deliver();
    const letter = mail.last("anna@reader.example");
    expectOurs(letter, "anna@reader.example");
    expectPlain({ text: letter.mail.text ?? "", html: letter.mail.html ?? "" }, letter.raw);
  });
});
