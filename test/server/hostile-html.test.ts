import { type DefaultTreeAdapterMap, parse } from "parse5";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { editAsModerator } from "../../server/comments/moderate.ts";
import { Refusal } from "../../server/refusal.ts";
import type { Owner } from "../../server/store/records.ts";
import type { Posted } from "../../server/wire/comment.ts";
import { corpusJson, corpusText, haveCorpora } from "../corpora.ts";
import { expectSafeTree, hostileTexts } from "../text/oracle.ts";
import { PAGE, type TestApp, testApp } from "./setup.ts";

let it: TestApp;
beforeAll(async () => void (it = await testApp({ settings: { holdLinks: 0 } })));
afterAll(() => it.close());

/** What our own views write, and nothing else may be in a page. */
const ELEMENTS = new Set(
  "html head meta title link body nav main header section div p span strong em del code pre blockquote ul ol li a img h1 h2 bdi time article form label textarea input button details summary table thead tbody tr th td hr br svg path small".split(
    " ",
  ),
);
const ADDRESSES = new Set(["href", "src", "action"]);

/** S-01 on a whole page: no element or attribute that we did not write, every address of an allowed scheme. */
function expectSafePage(html: string): void {
  const walk = (node: DefaultTreeAdapterMap["node"]) => {
    if ("tagName" in node) {
      if (!ELEMENTS.has(node.tagName)) expect.fail(`<${node.tagName}> is not ours`);
      for (const { name, value } of node.attrs) {
        if (/^on|^style$|^srcdoc$|^formaction$/.test(name)) expect.fail(`${node.tagName} ${name}=${value}`);
        if (ADDRESSES.has(name) && !/^(?:https?:\/\/|mailto:|\/(?!\/)|#)/.test(value)) expect.fail(`${node.tagName} ${name}=${value}`);
      }
    }
    if ("childNodes" in node) node.childNodes.forEach(walk);
  };
  walk(parse(html));
}

describe.runIf(haveCorpora)("texts made to break out", () => {
  const texts = haveCorpora ? hostileTexts({ json: corpusJson, text: corpusText }) : [];
  const owner: Owner = { id: "o", name: "O", role: "Owner", email: "", passphrase: null, createdAt: 0 };

  test(
    "as body, name and website, when posted, edited and edited by a moderator, give only what is allowed",
    { timeout: 300_000 },
    async () => {
      expect(texts.length).toBeGreaterThan(1_000);
      for (const [i, text] of texts.entries()) {
        // A page each fifty, so that each is read whole below.
        const url = `${PAGE}/${Math.floor(i / 50)}`;
        const first = await it.post({ url, body: `${i}`, email: `${i}@reader.example` });
        const { comment, editToken } = (await first.json()) as Posted;
        const path = `/api/v1/sites/${it.site.id}/comments/${comment.id}`;
        await it.send("PATCH", path, { body: text }, { authorization: `Bearer ${editToken}` });
        for (const field of ["name", "website"])
          await it.post({ url, body: `${i} ${field}`, email: `${field}${i}@reader.example`, [field]: text });
        await editOrRefuse(comment.id, { name: text, website: text });
        await editOrRefuse(comment.id, { body: text, name: text });
      }
      for (let page = 0; page * 50 < texts.length; page++) {
        const url = encodeURIComponent(`${PAGE}/${page}`);
        const thread = (await (await it.get(`/api/v1/thread?url=${url}`)).json()) as {
          comments: { body: unknown; website?: string; avatar: string }[];
        };
        expect(thread.comments.length).toBeGreaterThan(20);
        for (const { body, website, avatar } of thread.comments) {
          expectSafeTree(body, "thread");
          if (website !== undefined) expect(new URL(website).protocol).toMatch(/^https?:$/);
          expect(avatar).toMatch(/^[0-9a-f]{12}$/);
        }
        expectSafePage(await (await it.get(`/thread?url=${url}`)).text());
      }
      expect(it.lines.filter(({ level }) => level === "error")).toEqual([]);
    },
  );

  async function editOrRefuse(id: string, change: { body?: string; name?: string; website?: string }): Promise<void> {
    const row = (await it.services.store.comment(it.site.id, id))!;
    const whole = { body: row.source, name: row.name, email: row.email, website: row.website, version: row.version, ...change };
    try {
      await editAsModerator(it.services, owner, { site: it.site.id, id, change: whole });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }

  test("in the page's address, its title and the language of the page without JavaScript", async () => {
    for (const text of texts) {
      const values = encodeURIComponent(text);
      for (const path of [
        `/thread?url=${encodeURIComponent(PAGE)}&title=${values}&lang=${values.slice(0, 30)}`,
        `/thread?url=${encodeURIComponent(`${PAGE}?${text}`)}`,
      ]) {
        const response = await it.get(path);
        expect(response.status, text).toBeLessThan(500);
        if (response.status === 200) expectSafePage(await response.text());
      }
    }
  });
});
