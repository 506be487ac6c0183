import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { hashToken } from "../../server/auth/token.ts";
import { begin, browser, type Browser, finish, type Shown } from "../auth/reader-browser.ts";
import { testApp } from "../server/setup.ts";
import { linksOf, mailing, type Mailing } from "./mailing.ts";

const MINUTE = 60_000;
let it: Mailing;
beforeAll(async () => void (it = await mailing({ config: { trustedProxies: ["0.0.0.0/32"] } })));
afterAll(() => it.close());
// What one sender may ask for comes back within the hour.
beforeEach(() => it.pass(60 * MINUTE));

let people = 0;
/** Nobody's yet. */
const someone = () => `reader${people++}@mail.example`;

/** A window in which a reader is about to type the address. */
async function window(from: Mailing = it, headers: Record<string, string> = {}, lang = "en") {
  const begun = await begin(from, "email", { lang });
  const own = browser(from, headers);
  const { location } = await own.get(begun.go);
  expect(location).toBe("https://comments.example/auth/email");
  await own.get(location);
  return { ...begun, browser: own };
}
const askLetter = (own: Browser, email: string) => own.post("/auth/email", { act: "send", email });
const typeCode = (own: Browser, code: string) => own.post("/auth/email", { act: "code", code });
const confirm = (own: Browser, request: string, fields: Record<string, string>) => own.post("/auth/confirm", { request, ...fields });

async function letterTo(to: string, from: Mailing = it) {
  await from.deliver();
  const letter = from.last(to);
  const code = /\b\d{6}\b/.exec(letter.mail.subject ?? "")?.[0] ?? "";
  return { letter, code, link: linksOf(letter).find((link) => link.includes("/auth/letter/")) ?? "" };
}
const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");
const saying = ({ html }: Shown) => /<h1>(.*?)<\/h1>/.exec(html)?.[1]?.replace(/<\/?bdi>/g, "");

/** Signs somebody in from the first click to the token. */
async function signIn(to: string, name: string) {
  const { request, digits, browser: own } = await window();
  await askLetter(own, to);
  await typeCode(own, (await letterTo(to)).code);
  await confirm(own, request, { digits, name });
  return finish(it, request);
}

test("a new reader types an address, the code of the letter and a name, and comments under it", async () => {
  const to = someone();
  const { request, digits, browser: own } = await window();
  const asked = await askLetter(own, to);
  expect(saying(asked)).toBe("Look into your mail");
  const { code, letter } = await letterTo(to);
  expect(letter.mail.subject).toBe(`${code} is your code for Blog`);
  expect(await finish(it, request)).toEqual({ step: "waiting" });
  expect((await typeCode(own, other(code))).html).toContain("This is not the code.");
  const known = await typeCode(own, ` ${code.slice(0, 3)} ${code.slice(3)} `);
  expect(known.html).toContain("The name to write under");
  expect((await confirm(own, request, { digits, name: "\u202e \u200b" })).html).toContain("Please write a name.");
  expect(await finish(it, request)).toEqual({ step: "asked" });
  expect(saying(await confirm(own, request, { digits, name: "Anna  Figure" }))).toBe("You are signed in.");
  const { token, reader } = await finish(it, request);
  expect(reader).toEqual({ name: "Anna Figure", way: "E-mail", email: true });
  const posted = await it.post({ body: "By letter.", name: "Mallory" }, { authorization: `Bearer ${token}` });
  expect(((await posted.json()) as { comment: { name: string } }).comment.name).toBe("Anna Figure");
});

test("a known reader is greeted by the name, however the address is written, and stays one account", async () => {
  const to = someone();
  const first = await signIn(to, "Ben");
  const { request, digits, browser: own } = await window();
  const written = to.replace("reader", "READER");
  await askLetter(own, written);
  const greeted = await typeCode(own, (await letterTo(written)).code);
  expect(saying(greeted)).toBe("Continue as Ben on Blog?");
  expect(greeted.html).not.toContain("The name to write under");
  await confirm(own, request, { digits, name: "Another" });
  const second = await finish(it, request);
  expect(second.reader?.name).toBe("Ben");
  const [one, two] = await Promise.all(
    [first, second].map(({ token }) => it.services.store.readerSession(it.site.id, hashToken(token ?? ""))),
  );
  expect(two?.account.id).toBe(one?.account.id);
  expect(two?.account).toMatchObject({ provider: "email", emailVerified: true });
});

test("the answer is the same for who has an account and who has none, and when an address got its three letters", async () => {
  const [known, unknown] = [someone(), someone()];
  await signIn(known, "Cleo");
  it.pass(60 * MINUTE);
  const answerFor = async (to: string) => {
    const { browser: own } = await window();
    const { html, status } = await askLetter(own, to);
    return { status, html: html.replaceAll(to, "ADDRESS") };
  };
  const first = await answerFor(known);
  expect(await answerFor(unknown)).toEqual(first);
  expect((await it.deliver()).map(({ to }) => to[0]).toSorted()).toEqual([known, unknown].toSorted());
  for (let i = 0; i < 4; i++) expect(await answerFor(unknown)).toEqual(first);
  expect(await it.deliver()).toHaveLength(2);
  it.pass(15 * MINUTE);
  await answerFor(unknown);
  expect(await it.deliver()).toHaveLength(1);
});

test("one sender may ask for ten letters an hour, and for the next within the same sign-in after a minute", async () => {
  const from = { "x-forwarded-for": "192.0.2.7" };
  const { browser: own } = await window(it, from);
  await askLetter(own, someone());
  expect((await askLetter(own, someone())).html).toContain("A letter has just gone.");
  expect(await it.deliver()).toHaveLength(1);
  it.pass(MINUTE);
  expect((await askLetter(own, someone())).html).not.toContain("A letter has just gone.");
  for (let i = 2; i < 10; i++) await askLetter((await window(it, from)).browser, someone());
  expect(await it.deliver()).toHaveLength(9);
  expect((await askLetter((await window(it, from)).browser, someone())).html).toContain("Too many letters were asked for");
  expect(await it.deliver()).toHaveLength(0);
  await askLetter((await window(it, { "x-forwarded-for": "192.0.2.8" })).browser, someone());
  expect(await it.deliver()).toHaveLength(1);
});

test("the link, where it was asked for: looking does nothing, a button goes on, and then it is used", async () => {
  const to = someone();
  const { request, digits, browser: own } = await window();
  await askLetter(own, to);
  const { link, code } = await letterTo(to);
  for (let i = 0; i < 2; i++) {
    const looked = await own.get(link);
    expect(saying(looked)).toBe(`Sign in at Blog as \u2068${to}\u2069?`);
    expect(looked.html).not.toContain(code);
  }
  expect(await finish(it, request)).toEqual({ step: "waiting" });
  expect((await own.post("/auth/email", { act: "link", link: link.slice(link.lastIndexOf("/") + 1) })).html).toContain(
    "The name to write under",
  );
  await confirm(own, request, { digits, name: "Dora" });
  expect((await finish(it, request)).step).toBe("done");
  expect(saying(await own.get(link))).toBe("This link was used already, or it is too old.");
  expect((await typeCode(own, code)).status).toBe(400);
});

test("a stranger who types a victim's address gets nothing by her opening the link and doing all that it offers", async () => {
  const victim = someone();
  const { request, browser: stranger } = await window();
  await askLetter(stranger, victim);
  const { link, code } = await letterTo(victim);
  const hers = browser(it);
  const opened = await hers.get(link);
  expect(saying(opened)).toBe("Your code for Blog");
  expect(opened.html).toContain(code);
  expect(opened.html).toContain("tell the code to nobody");
  expect(opened.html).not.toContain("<form");
  const secret = link.slice(link.lastIndexOf("/") + 1);
  for (const fields of [
    { act: "link", link: secret },
    { act: "code", code },
  ])
    expect((await hers.post("/auth/email", fields)).status).toBe(400);
  expect((await hers.post("/auth/confirm", { request, digits: "00", name: "Victim" })).status).toBe(400);
  expect((await hers.get(`/auth/callback/email?state=${request}.x&code=${code}`)).status).toBe(400);
  expect(await finish(it, request)).toEqual({ step: "waiting" });
  expect((await stranger.post("/auth/confirm", { request, digits: "00", name: "Victim" })).status).toBe(400);
  // In the middle of a sign-in of her own, too.
  const own = await window();
  const during = await own.browser.get(link);
  expect(saying(during)).toBe("Your code for Blog");
  expect((await own.browser.post("/auth/email", { act: "link", link: secret })).status).toBe(400);
  expect(await finish(it, request)).toEqual({ step: "waiting" });
});

test("nor by sending her the address of his own sign-in: she would have to type digits that she never saw", async () => {
  const victim = someone();
  const { request, go, digits } = await begin(it, "email");
  const hers = browser(it);
  await hers.get(go);
  await askLetter(hers, victim);
  const known = await typeCode(hers, (await letterTo(victim)).code);
  expect(known.html).toContain("Nobody showed you digits there?");
  for (let i = 0; i < 3; i++) await confirm(hers, request, { digits: digits === "00" ? "01" : "00", name: "Victim" });
  expect(await finish(it, request)).toEqual({ step: "failed" });
});

test("a code may be tried five times, on all servers together", async () => {
  const to = someone();
  const one = await mailing();
  const { request, browser: own } = await window(one);
  await askLetter(own, to);
  const { code } = await letterTo(to, one);
  const beside = await testApp({ beside: one, config: one.services.config });
  const wrong = Array.from({ length: 20 }, (_, i) => other(String(Number(code) + i)));
  const tried = await Promise.all(wrong.map((guess, i) => typeCode(i % 2 ? own : own.at(beside), guess)));
  expect(tried.filter(({ html }) => html.includes("This is not the code."))).toHaveLength(5);
  expect((await typeCode(own, code)).html).toContain("used up or too old");
  expect(await finish(beside, request)).toEqual({ step: "waiting" });
  await beside.services.store.close();
  await one.close();
});

test("a letter is good for fifteen minutes; a later one takes its place", async () => {
  const to = someone();
  const { request, digits, browser: own } = await window();
  await askLetter(own, to);
  const first = await letterTo(to);
  it.pass(2 * MINUTE);
  await askLetter(own, to);
  const second = await letterTo(to);
  expect((await typeCode(own, first.code)).html).toContain("This is not the code.");
  expect(saying(await browser(it).get(first.link))).toBe("This link was used already, or it is too old.");
  it.pass(14 * MINUTE);
  await typeCode(own, second.code);
  await confirm(own, request, { digits, name: "Eve" });
  expect((await finish(it, request)).step).toBe("done");

  const late = await window();
  const last = someone();
  await askLetter(late.browser, last);
  const { code, link } = await letterTo(last);
  it.pass(15 * MINUTE);
  expect((await typeCode(late.browser, code)).html).toContain("Sign in at Blog by e-mail");
  expect(saying(await browser(it).get(link))).toBe("This link was used already, or it is too old.");
});

test("neither the code nor the link lies in the database", async () => {
  const to = someone();
  const { request, browser: own } = await window();
  await askLetter(own, to);
  const { held } = (await it.services.store.signIn(it.site.id, hashToken(request)))!;
  const waiting = JSON.stringify(await it.services.store.lettersDue(it.site.id, 50));
  const { code, link } = await letterTo(to);
  expect(waiting).toContain(to);
  for (const secret of [code, link.slice(link.lastIndexOf("/") + 1)]) {
    expect(held).not.toContain(secret);
    expect(waiting).not.toContain(secret);
  }
});

test("what is no single address gets no letter (S-42)", async () => {
  const { browser: own } = await window();
  for (const email of [
    "",
    "anna",
    "a@b",
    "anna@mail.example\r\nBcc: x@y.example",
    "a@x.example,b@x.example",
    "A <a@x.example>",
    "g:a@x.example;",
  ]) {
    expect((await askLetter(own, email)).html).toContain("No letter can be sent to this address.");
  }
  expect(await it.deliver()).toHaveLength(0);
});

test("the window and the letter speak the language of the comments", async () => {
  for (const [lang, title, dir] of [
    ["de-AT", "Sehen Sie in Ihre Post", "ltr"],
    ["ar", "انظر في بريدك", "rtl"],
  ] as const) {
    const to = someone();
    const { browser: own } = await window(it, {}, lang);
    const asked = await askLetter(own, to);
    expect(saying(asked)).toBe(title);
    expect(asked.html).toContain(`dir="${dir}"`);
    const { letter, link } = await letterTo(to);
    expect(letter.mail.html).toContain(`lang="${lang.slice(0, 2)}"`);
    expect((await browser(it).get(link)).html).toContain(`dir="${dir}"`);
  }
});

test("where no mail is sent there is no such way in", async () => {
  const without = await testApp();
  await expect(begin(without, "email")).rejects.toThrow("404");
  await without.close();
});
