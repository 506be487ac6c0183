import { afterEach, beforeEach, expect, it } from "vitest";
import { openReaderSession } from "../../server/auth/reader-session.ts";
import { ORIGIN, PAGE } from "../server/setup.ts";
import { linksOf, mailing, type Mailing, pathOf } from "./mailing.ts";

let test: Mailing;
beforeEach(async () => {
  test = await mailing();
});
afterEach(() => test.close());

const OURS = "https://comments.example";
const yours = (rest = "") => `/yours/${test.site.id}${rest}`;

interface Reader {
  id: string;
  bearer: { authorization: string };
}
async function reader(name: string, more: { email?: string; emailVerified?: boolean } = {}): Promise<Reader> {
  const { services, site } = test;
  const said = { provider: "work", name, email: "", emailVerified: false, ...more };
  const { id } = await services.store.keepAccount({ site: site.id, id: services.newId(), createdAt: services.now(), ...said }, name);
  return { id, bearer: { authorization: `Bearer ${await openReaderSession(services, site.id, id)}` } };
}

/** A browser on our own origin: one cookie, forms that are ours unless said otherwise. */
function browser() {
  let cookie = "";
  const keep = (response: Response) => {
    const set = response.headers.get("set-cookie");
    if (set) cookie = set.split(";")[0]!;
    return response;
  };
  const get = async (path: string) => keep(await test.app.request(path, { headers: { cookie } }));
  const press = async (path: string, fields: Record<string, string>, headers: Record<string, string> = { origin: OURS }) =>
    keep(
      await test.app.request(path, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", cookie, ...headers },
        body: new URLSearchParams(fields).toString(),
      }),
    );
  return { get, press, text: async (path: string) => (await get(path)).text(), cookie: () => cookie };
}

/** By the link that the box asks for. */
async function open({ bearer }: Reader) {
  const { go } = (await (await test.send("POST", "/api/v1/auth/yours", { url: PAGE, lang: "de" }, bearer)).json()) as { go: string };
  const address = new URL(go);
  const own = browser();
  const opened = await own.press(address.pathname, { code: address.hash.slice(1), lang: address.searchParams.get("lang") ?? "" });
  return { own, opened, code: address.hash.slice(1), address };
}
const say = async (fields: Record<string, unknown>, headers = {}) =>
  ((await (await test.post(fields, headers)).json()) as { comment: { id: string } }).comment.id;
const tokenOf = (link: string) => new URL(link).searchParams.get("token") ?? "";

it("opens by a code that is good once, for its site and five minutes, and for our own page's form alone", async () => {
  const anna = await reader("Anna Figure");
  await say({ body: "Written by Anna." }, anna.bearer);
  const { own, opened, code, address } = await open(anna);
  expect(address.search).toBe("?lang=de");
  expect(opened.status).toBe(303);
  expect(opened.headers.get("set-cookie")).toMatch(
    /^__Host-youfigure-yours-1=[\w-]{43}\.de; Path=\/; Max-Age=43200; HttpOnly; Secure; SameSite=Lax$/,
  );
  const page = await own.get(yours());
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'; style-src 'self'");
  expect(page.headers.get("cache-control")).toBe("no-store");
  expect(await page.text()).toContain("Written by Anna.");
  expect((await browser().press(yours("/open"), { code })).status).toBe(403);
  const later = await open(anna);
  test.pass(300_001);
  expect((await browser().press(yours("/open"), { code: later.code })).status).toBe(403);
  for (const headers of [{ origin: ORIGIN }, { origin: "null" }, {}] as Record<string, string>[]) {
    const { go } = (await (await test.send("POST", "/api/v1/auth/yours", { url: PAGE }, anna.bearer)).json()) as { go: string };
    expect((await browser().press(yours("/open"), { code: new URL(go).hash.slice(1) }, headers)).status).toBe(403);
  }
  expect((await test.send("POST", "/api/v1/auth/yours", { url: PAGE })).status).toBe(401);
});

it("shows nothing to who is not here; neither token is good in the other's place; the page shuts after its time", async () => {
  const anna = await reader("Anna");
  await say({ body: "Written by Anna." }, anna.bearer);
  const { own } = await open(anna);
  const stranger = await browser().get(yours());
  expect(stranger.status).toBe(403);
  expect(await stranger.text()).not.toContain("Written by Anna.");
  const cookie = own.cookie().split("=")[1]!.split(".")[0]!;
  expect((await test.post({ body: "By the cookie." }, { authorization: `Bearer ${cookie}` })).status).toBe(401);
  const bearer = anna.bearer.authorization.slice("Bearer ".length);
  const swapped = await test.app.request(yours(), { headers: { cookie: `__Host-youfigure-yours-1=${bearer}.en` } });
  expect(swapped.status).toBe(403);
  test.pass(43_200_001);
  expect((await own.get(yours())).status).toBe(403);
});

it("lists in pages, edits within the time and deletes after it; of others' comments it knows nothing", async () => {
  const [anna, ben] = [await reader("Anna"), await reader("Ben")];
  const ids = [];
  for (let i = 0; i < 22; i++) ids.push(await say({ body: `Thought number ${i}.` }, anna.bearer));
  const theirs = await say({ body: "What Ben thinks." }, ben.bearer);
  const { own } = await open(anna);
  const first = await own.text(yours());
  expect(first).toContain("Thought number 21.");
  expect(first).not.toContain("Thought number 1.");
  expect(first).not.toContain("What Ben thinks.");
  const next = /href="(\/yours\/1\?after=[^"]+)"/.exec(first)?.[1] ?? "";
  expect(await own.text(next)).toContain("Thought number 1.");
  const at = (id: string) => yours(`/comment?id=${id}`);
  expect((await own.get(at(theirs))).status).toBe(404);
  for (const act of ["save", "remove"]) expect((await own.press(at(theirs), { act, body: "Mine" })).status).toBe(404);
  expect((await own.press(at(ids[0]!), { act: "save", body: "" })).status).toBe(422);
  expect((await own.press(at(ids[0]!), { act: "save", body: "Better." }, { origin: ORIGIN })).status).toBe(403);
  expect((await own.press(at(ids[0]!), { act: "save", body: "Better." })).headers.get("location")).toBe(yours("?said=saved"));
  expect(await test.services.store.comment(1, ids[0]!)).toMatchObject({ source: "Better.", status: "approved" });
  test.pass(900_001);
  expect(await own.text(at(ids[1]!))).not.toContain("<textarea");
  const late = await own.press(at(ids[1]!), { act: "save", body: "Too late." });
  expect(late.status).toBe(403);
  expect((await own.press(at(ids[1]!), { act: "remove" })).headers.get("location")).toBe(yours("?said=removed"));
  expect(await test.services.store.comment(1, ids[1]!)).toMatchObject({ status: "trash", reason: "author" });
  expect((await own.get(at(ids[1]!))).status).toBe(404);
});

it("tells the box which comments of the page are still the reader's to edit", async () => {
  const anna = await reader("Anna");
  const mine = async () =>
    (await (await test.send("POST", "/api/v1/auth/mine", { url: PAGE }, anna.bearer)).json()) as { comments: { id: string }[] };
  const id = await say({ body: "Here." }, anna.bearer);
  await say({ body: "Elsewhere.", url: `${PAGE}/other` }, anna.bearer);
  await say({ body: "A guest's." });
  expect((await mine()).comments.map((comment) => comment.id)).toEqual([id]);
  test.pass(900_001);
  expect(await mine()).toEqual({ comments: [], reader: { name: "Anna", way: "work", email: false, addEmail: true } });
  await test.services.store.confirmEmail(1, anna.id, "anna@reader.example");
  expect(await mine()).toMatchObject({ reader: { email: true } });
});

it("takes an address once a letter to it was answered, whatever a provider says; then offers what guests wrote with it", async () => {
  const anna = await reader("Anna Figure", { email: "Anna@reader.example", emailVerified: true });
  const earlier = await say({ body: "As a guest, with my address.", email: "anna@READER.example" });
  const others = await say({ body: "As another guest.", email: "anna@reader.example.org" });
  const { own } = await open(anna);
  expect(await own.text(yours())).not.toContain("As a guest");
  expect((await own.press(yours(), { act: "claim" })).status).toBe(303);
  expect((await test.services.store.comment(1, earlier))?.account).toBeNull();
  const ask = (email: string) => test.send("POST", "/api/v1/auth/email", { url: PAGE, email }, { ...anna.bearer });
  expect((await ask("no address")).status).toBe(422);
  expect((await ask("Anna@reader.example")).status).toBe(204);
  await test.deliver();
  const letter = test.last("Anna@reader.example");
  expect(letter.mail.subject).toBe("Is this your address? Blog");
  expect(letter.mail.text).toContain("Anna Figure");
  const [link = ""] = linksOf(letter);
  const elsewhere = browser();
  for (let i = 0; i < 2; i++) expect(await elsewhere.text(pathOf(link))).toContain("Is Anna@reader.example your address?");
  expect((await test.services.store.account(1, anna.id))?.confirmed).toBe("");
  expect((await elsewhere.press(yours("/confirm"), { token: tokenOf(link) }, { origin: ORIGIN })).status).toBe(403);
  expect(await (await elsewhere.press(yours("/confirm"), { token: tokenOf(link) })).text()).toContain("The address is confirmed.");
  expect((await elsewhere.press(yours("/confirm"), { token: tokenOf(link) })).status).toBe(403);
  const offered = await own.text(yours());
  expect(offered).toContain("As a guest, with my address.");
  expect(offered).not.toContain("As another guest.");
  await own.press(yours(), { act: "claim" });
  expect((await test.services.store.comment(1, earlier))?.account).toBe(anna.id);
  expect((await test.services.store.comment(1, others))?.account).toBeNull();
});

it("says the same whether a letter goes or not: an address gets three within a quarter of an hour", async () => {
  const anna = await reader("Anna");
  const answers = [];
  for (let i = 0; i < 5; i++)
    answers.push((await test.send("POST", "/api/v1/auth/email", { url: PAGE, email: "ben@reader.example" }, anna.bearer)).status);
  expect(answers).toEqual([204, 204, 204, 204, 204]);
  expect(await test.deliver()).toHaveLength(3);
  for (let i = 0; i < 6; i++) await test.send("POST", "/api/v1/auth/email", { url: PAGE, email: `b${i}@reader.example` }, anna.bearer);
  expect((await test.send("POST", "/api/v1/auth/email", { url: PAGE, email: "c@reader.example" }, anna.bearer)).status).toBe(429);
});

it("lets a guest in by a letter and a button, to what they wrote with that address", async () => {
  await say({ body: "As a guest.", email: "gus@reader.example", name: "Gus" });
  const own = browser();
  expect(await own.text(yours())).toContain('action="/yours/1/letter"');
  expect(await (await own.press(yours("/letter"), { email: "gus@reader.example" })).text()).toContain("A letter is on its way.");
  await test.deliver();
  const [link = ""] = linksOf(test.last("gus@reader.example"));
  expect((await own.get(pathOf(link))).status).toBe(200);
  expect((await own.get(yours())).status).toBe(403);
  expect((await own.press(yours("/enter"), { token: tokenOf(link) })).status).toBe(303);
  expect(await own.text(yours())).toContain("One earlier comment was written with gus@reader.example.");
  await own.press(yours(), { act: "claim" });
  await own.press(yours(), { act: "everywhere" });
  expect((await own.get(yours())).status).toBe(403);
  await own.press(yours("/letter"), { email: "GUS@reader.example" });
  await test.deliver();
  const [again = ""] = linksOf(test.last("GUS@reader.example"));
  await own.press(yours("/enter"), { token: tokenOf(again) });
  expect(await own.text(yours())).toContain("As a guest.");
});

it("shows the passkeys, each to be removed by whose it is alone, and has them in the file", async () => {
  const [anna, ben] = [await reader("Anna Figure"), await reader("Ben")];
  const passkey = { site: test.site.id, publicKey: "cose", counter: 0, transports: [], createdAt: test.services.now() };
  for (const [id, { id: account }] of [
    ["hers", anna],
    ["his", ben],
  ] as const)
    await test.services.store.addReaderPasskey({ ...passkey, id, account });
  const { own } = await open(anna);
  expect(await own.text(yours())).toContain("Diesen Passkey entfernen");
  expect(JSON.parse(await own.text(yours("/download")))).toMatchObject({ passkeys: [{ id: "hers", publicKey: "cose" }] });
  for (const id of ["his", "hers"]) await own.press(yours(), { act: "passkey", id });
  expect(await own.text(yours())).not.toContain("Diesen Passkey entfernen");
  expect(await test.services.store.readerPasskeys(test.site.id, ben.id)).toHaveLength(1);
});

it("logs out everywhere: the page and every box", async () => {
  const anna = await reader("Anna");
  const { own } = await open(anna);
  const other = await open(anna);
  await own.press(yours(), { act: "leave" });
  expect((await own.get(yours())).status).toBe(403);
  expect((await other.own.get(yours())).status).toBe(200);
  await other.own.press(yours(), { act: "everywhere" });
  expect((await other.own.get(yours())).status).toBe(403);
  expect((await test.post({ body: "Still here?" }, anna.bearer)).status).toBe(401);
});

it("shows what is followed, and leads to where that is changed", async () => {
  const anna = await reader("Anna", { email: "anna@reader.example", emailVerified: true });
  await say({ body: "Tell me.", notify: true }, anna.bearer);
  await test.services.store.confirmEmail(1, anna.id, "anna@reader.example");
  const { own } = await open(anna);
  const link = /href="(\/letters\?token=[^"]+)"/.exec(await own.text(yours()))?.[1] ?? "";
  expect(await own.text(link)).toContain("anna@reader.example");
});

it("deletes an account only by what a letter asks, where there is an address to ask; comments go or stay without a name", async () => {
  const anna = await reader("Anna Figure");
  await test.services.store.confirmEmail(1, anna.id, "anna@reader.example");
  const followed = await say({ body: "Tell me.", notify: true }, anna.bearer);
  await say({ body: "As a guest.", email: "Anna@reader.example", name: "Anna" });
  const answer = await say({ body: "An answer to it.", parent: followed, email: "ben@reader.example", name: "Ben" });
  await test.deliver();
  const { own } = await open(anna);
  await own.press(yours(), { act: "erase", sure: "on", comments: "remove" });
  expect(await test.services.store.account(1, anna.id)).not.toBeNull();
  await test.deliver();
  const letter = test.last("anna@reader.example");
  expect(letter.mail.subject).toBe("Ihr Konto bei Blog löschen?");
  const [link = ""] = linksOf(letter);
  expect(await own.text(pathOf(link))).toContain("Anna Figure");
  const form = { token: tokenOf(link), comments: "anonymise" };
  expect((await own.press(yours("/erase"), form)).status).toBe(422);
  expect(await (await own.press(yours("/erase"), { ...form, sure: "on" })).text()).toContain("Ihr Konto ist gelöscht");
  expect(await test.services.store.account(1, anna.id)).toBeNull();
  expect(await test.services.store.comment(1, followed)).toMatchObject({ name: "Anonym", email: "", source: "Tell me." });
  expect(await test.services.store.comment(1, answer)).toMatchObject({ name: "Ben", parent: followed });
  expect(await test.services.store.followerOf(1, "anna@reader.example")).toBeNull();
  expect((await own.get(yours())).status).toBe(403);
  expect((await test.post({ body: "Still here?" }, anna.bearer)).status).toBe(401);

  const cleo = await reader("Cleo");
  const mine = await say({ body: "Mine, and answered." }, cleo.bearer);
  await say({ body: "So it was.", parent: mine, email: "ben@reader.example", name: "Ben" });
  const page = await open(cleo);
  expect((await page.own.press(yours(), { act: "erase", comments: "remove" })).headers.get("location")).toBe(yours("?said=unsure"));
  expect(await test.services.store.account(1, cleo.id)).not.toBeNull();
  await page.own.press(yours(), { act: "erase", comments: "remove", sure: "on" });
  expect(await test.services.store.comment(1, mine)).toMatchObject({ status: "removed", name: "", source: "", account: null });
  expect(await test.services.store.account(1, cleo.id)).toBeNull();
});
