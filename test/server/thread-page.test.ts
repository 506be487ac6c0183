import { type DefaultTreeAdapterMap, parse } from "parse5";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Posted } from "../../server/wire/comment.ts";
import { PAGE, type TestApp, testApp } from "./setup.ts";

type Element = DefaultTreeAdapterMap["element"];

let it: TestApp;
beforeEach(async () => void (it = await testApp()));
afterEach(() => it.close());

const OURS = "https://comments.example";
const PATH = `/thread?url=${encodeURIComponent(PAGE)}`;
const html = async (path = PATH) => {
  const response = await it.get(path);
  return { response, text: await response.text() };
};
const all = (node: DefaultTreeAdapterMap["node"], name: string): Element[] => [
  ...("tagName" in node && node.tagName === name ? [node] : []),
  ...("childNodes" in node ? node.childNodes.flatMap((child) => all(child, name)) : []),
];
const attribute = (element: Element, name: string) => element.attrs.find((attr) => attr.name === name)?.value;
const fieldsOf = (text: string) =>
  Object.fromEntries(all(parse(text), "input").map((input) => [attribute(input, "name") ?? "", attribute(input, "value") ?? ""]));

/** Fills the form of the page as a browser would, and sends it. */
async function submit(values: Record<string, string>, path = PATH, headers: Record<string, string> = { origin: OURS }) {
  const { text } = await html(path);
  const form = new URLSearchParams({ ...fieldsOf(text), name: "Anna", email: "anna@reader.example", body: "From a plain form", ...values });
  return it.app.request("/thread", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: String(form),
  });
}
const post = async (fields = {}) => ((await (await it.post(fields)).json()) as Posted).comment;

test("the page holds the whole thread, runs nothing, and names the article as canonical", async () => {
  const first = await post({ title: "A post", body: "Hello <script>alert(1)</script>" });
  await post({ parent: first.id, body: "An answer", name: "Ben", email: "b@reader.example" });
  const { response, text } = await html();
  expect(response.headers.get("content-type")).toMatch(/text\/html/);
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(response.headers.get("content-security-policy")).not.toContain("script-src");
  const document = parse(text);
  expect(all(document, "script")).toEqual([]);
  expect(all(document, "article").length).toBe(2);
  expect(attribute(all(document, "link").find((link) => attribute(link, "rel") === "canonical") as Element, "href")).toBe(PAGE);
  expect(text).toContain("2 responses to “A post”");
  expect(text).toContain(`id="comment-${first.id}"`);
  expect(text).not.toMatch(/ on[a-z]+=|javascript:/i);
});

test("the plain form posts, and leads to the comment", async () => {
  const response = await submit({});
  expect(response.status).toBe(303);
  const to = response.headers.get("location") as string;
  expect(to).toMatch(/^\/thread\?.*around=[0-9a-f-]{36}#comment-/);
  expect((await html(to.split("#")[0])).text).toContain("From a plain form");
});

test("a reply stands under what it answers", async () => {
  const first = await post();
  const { text } = await html(`${PATH}&around=${first.id}&reply=${first.id}`);
  expect(text).toContain("Reply to Anna");
  await submit({ body: "My reply" }, `${PATH}&around=${first.id}&reply=${first.id}`);
  const page = await it.services.store.page(it.site.id, "blog.example/post");
  const { rows } = await it.services.store.threads({ site: it.site.id, page: page!.id, sort: "oldest", threads: 50, comments: 200 });
  expect(rows.map(({ parent }) => parent)).toEqual([null, first.id]);
});

test("what is wrong stands at its field, and everything typed is still there", async () => {
  const response = await submit({ email: "anna", body: "I wrote <b>this</b> & that", website: "javascript:x" });
  const text = await response.text();
  expect(response.status).toBe(422);
  expect(text).toContain("This does not look like an email address.");
  expect(text).toContain("This does not look like a web address.");
  expect(text).toContain("I wrote &lt;b>this&lt;/b> &amp; that");
  expect(fieldsOf(text)).toMatchObject({ email: "anna", website: "javascript:x", name: "Anna" });
});

test("only our own page may send it", async () => {
  for (const headers of [
    { origin: "https://evil.example" },
    { origin: "null" },
    {},
    { "sec-fetch-site": "cross-site" },
    { origin: "https://blog.example" },
  ]) {
    expect((await submit({}, PATH, headers as Record<string, string>)).status, JSON.stringify(headers)).toBe(403);
  }
  expect((await submit({}, PATH, { "sec-fetch-site": "same-origin" })).status).toBe(303);
  expect(
    (await it.app.request("/thread", { method: "POST", headers: { origin: OURS, "content-type": "text/plain" }, body: "url=x" })).status,
  ).toBe(415);
});

test("a held comment is shown to its writer alone, marked, and kept from search engines", async () => {
  await it.close();
  it = await testApp({ settings: { holdAll: true } });
  const response = await submit({ body: "zzwaitingzz" });
  const to = (response.headers.get("location") as string).split("#")[0] as string;
  const { text } = await html(to);
  expect(text).toContain("zzwaitingzz");
  expect(text).toContain("awaiting moderation");
  expect(text).toContain('name="robots" content="noindex"');
  expect((await html()).text).not.toContain("zzwaitingzz");
  const proof = new URL(to, OURS).searchParams.get("proof") as string;
  const id = new URL(to, OURS).searchParams.get("mine") as string;
  it.pass(1);
  const edit = await it.send("PATCH", `/api/v1/sites/${it.site.id}/comments/${id}`, { body: "x" }, { authorization: `Bearer ${proof}` });
  expect(edit.status, "the proof is for looking only").toBe(403);
});

test("whoever posts too fast is told so on the page, and how long to wait", async () => {
  await it.close();
  it = await testApp({ settings: { floor: 15 } });
  expect((await submit({ body: "one" })).status).toBe(303);
  const again = await submit({ body: "two" });
  expect([again.status, again.headers.get("retry-after")]).toEqual([429, "15"]);
  expect(await again.text()).toContain("two");
});

test("paging works by links alone", async () => {
  for (let i = 0; i < 55; i++) await post({ body: `Number ${i}!`, email: `${i}@reader.example` });
  const { text } = await html();
  const more = all(parse(text), "a").find((a) => attribute(a, "href")?.includes("after=")) as Element;
  const next = await html(attribute(more, "href"));
  expect(text).not.toContain("Number 54!");
  expect(next.text).toContain("Number 54!");
});

test("the fragment is the list alone, with JSON-LD that no comment can break out of", async () => {
  const comment = await post({ body: "</script><script>alert(1)</script>", name: "</script>" });
  const { text } = await html(`${PATH}&fragment`);
  expect(text).not.toContain("<html");
  const scripts = all(parse(text), "script");
  expect(scripts.length).toBe(1);
  const data = JSON.parse((scripts[0]!.childNodes[0] as DefaultTreeAdapterMap["textNode"]).value) as { "@graph": object[] };
  expect(data["@graph"]).toMatchObject([{ "@type": "Comment", "@id": `${PAGE}#comment-${comment.id}`, author: { name: "</script>" } }]);
});

test("in German and Arabic, in their direction", async () => {
  await post();
  expect((await html(`${PATH}&lang=de`)).text).toContain('<html lang="de" dir="ltr"');
  expect((await html(`${PATH}&lang=ar`)).text).toContain('<html lang="ar" dir="rtl"');
});
