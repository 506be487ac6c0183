import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { hashToken } from "../../server/auth/token.ts";
import { linksOf, mailing, type Mailing } from "../mail/mailing.ts";
import { testApp } from "../server/setup.ts";
import { authenticator, type Says } from "./authenticator.ts";
import { begin, browser, finish, type Shown, usePasskeys } from "./reader-browser.ts";

const HERE = { origin: "https://comments.example" };
let it: Mailing;
beforeAll(async () => {
  it = await mailing();
  await usePasskeys(it, it.site.id);
});
afterAll(() => it.close());
beforeEach(() => it.pass(3_600_000));

const options = ({ html }: Shown) =>
  JSON.parse((/data-options="([^"]*)"/.exec(html)?.[1] ?? "null").replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))) as {
    challenge: string;
    excludeCredentials?: { id: string }[];
  } | null;
const saying = ({ html }: Shown) => /<h1>(.*?)<\/h1>/.exec(html)?.[1]?.replace(/<\/?bdi>/g, "");

let people = 0;
/** Signs somebody in by a letter up to the button, where a passkey is offered. */
async function byLetter(to = `passkey${people++}@mail.example`) {
  const { request, go, digits } = await begin(it, "email");
  const own = browser(it);
  await own.get((await own.get(go)).location);
  await own.post("/auth/email", { act: "send", email: to });
  await it.deliver();
  const code = /\d{6}/.exec(it.last(to).mail.subject ?? "")![0];
  expect(linksOf(it.last(to))).toHaveLength(1);
  const asked = await own.post("/auth/email", { act: "code", code });
  const confirm = (more: Record<string, string>) => own.post("/auth/confirm", { request, digits, name: "Anna", ...more });
  return { to, request, offered: options(asked), confirm };
}
async function withPasskey(says: Says = HERE) {
  const device = authenticator();
  const { to, request, offered, confirm } = await byLetter();
  await confirm({ passkey: device.create(offered!.challenge, says) });
  const { token } = await finish(it, request);
  const { account } = (await it.services.store.readerSession(it.site.id, hashToken(token!)))!;
  return { to, device, account };
}
/** A window that asks for a passkey. */
async function window(from: Mailing = it) {
  const { request, go, digits } = await begin(from, "passkey");
  const own = browser(from);
  const { location } = await own.get(go);
  const asked = await own.get(location);
  return { request, digits, asked, own, challenge: options(asked)!.challenge };
}
const give = (own: ReturnType<typeof browser>, credential: string) => own.post("/auth/passkey", { credential });

test("a reader makes one when signing in by a letter, and comes back with it to the same account", async () => {
  const { device, account } = await withPasskey();
  const { request, digits, own, asked, challenge } = await window();
  expect(saying(asked)).toBe("Sign in at Blog with a passkey");
  const known = await give(own, device.get(challenge, HERE));
  expect(saying(known)).toBe("Continue as Anna on Blog?");
  expect(options(known)).toBeNull();
  expect(await finish(it, request)).toEqual({ step: "asked" });
  await own.post("/auth/confirm", { request, digits });
  const { token, reader } = await finish(it, request);
  expect(reader).toEqual({ name: "Anna", way: "E-mail", email: true });
  expect((await it.services.store.readerSession(it.site.id, hashToken(token!)))?.account.id).toBe(account.id);
});

test("where none is made the sign-in goes on without; a wrong one is not kept, and keeps nobody out", async () => {
  const elsewhere = { origin: "https://blog.example" };
  for (const make of [
    () => "",
    () => "{}",
    (challenge: string) => authenticator().create(challenge, elsewhere),
    (challenge: string) => authenticator().create(challenge, { ...HERE, crossOrigin: true, topOrigin: "https://blog.example" }),
    (challenge: string) => authenticator().create(challenge, { ...HERE, rpId: "blog.example" }),
    () => authenticator().create("b".repeat(43), HERE),
  ]) {
    const { request, offered, confirm } = await byLetter();
    await confirm({ passkey: make(offered!.challenge) });
    const { token } = await finish(it, request);
    const { account } = (await it.services.store.readerSession(it.site.id, hashToken(token!)))!;
    expect(await it.services.store.readerPasskeys(it.site.id, account.id)).toEqual([]);
  }
});

test("one that was made before the digits were right is not lost", async () => {
  const device = authenticator();
  const { request, offered, confirm } = await byLetter();
  const made = device.create(offered!.challenge, HERE);
  const wrong = await confirm({ passkey: made, digits: "x" });
  expect(options(wrong)).toEqual(offered);
  expect(wrong.html).toContain(`value="${made.replaceAll('"', "&#34;")}"`);
  await confirm({ passkey: made });
  const { token } = await finish(it, request);
  const { account } = (await it.services.store.readerSession(it.site.id, hashToken(token!)))!;
  expect((await it.services.store.readerPasskeys(it.site.id, account.id)).map(({ id }) => id)).toEqual([device.id]);
});

test("who has one already is offered another device only", async () => {
  const { to, device } = await withPasskey();
  it.pass(3_600_000);
  const { offered } = await byLetter(to);
  expect(offered?.excludeCredentials).toMatchObject([{ id: device.id }]);
});

test("attacks: another page, another host, a frame, another ceremony, another challenge, another key", async () => {
  const { device } = await withPasskey();
  const { own, request, challenge } = await window();
  let now = challenge;
  const attacks: Record<string, (challenge: string) => string> = {
    "another page": (c) => device.get(c, { origin: "https://blog.example" }),
    "another host": (c) => device.get(c, { ...HERE, rpId: "blog.example" }),
    "in a frame": (c) => device.get(c, { ...HERE, crossOrigin: true }),
    "in a frame of a page that is named": (c) => device.get(c, { ...HERE, topOrigin: "https://blog.example" }),
    "another ceremony": (c) => device.get(c, { ...HERE, type: "webauthn.create" }),
    "another challenge": () => device.get("b".repeat(43), HERE),
    "the challenge of before": () => device.get(challenge, HERE),
    "an unknown passkey": (c) => authenticator().get(c, HERE),
    "another's key under its name": (c) =>
      authenticator()
        .get(c, HERE)
        .replace(/"id":"[^"]+","rawId":"[^"]+"/, `"id":"${device.id}","rawId":"${device.id}"`),
    nothing: () => "",
    "no JSON": () => "{",
    "no credential": () => "{}",
  };
  for (const [name, attack] of Object.entries(attacks)) {
    const answer = await give(own, attack(now));
    expect([name, answer.html.includes("This passkey is not known here.")]).toEqual([name, true]);
    if (name === "another page") expect(options(answer)!.challenge).not.toBe(now);
    now = options(answer)!.challenge;
  }
  expect(await finish(it, request)).toEqual({ step: "waiting" });
  expect(saying(await give(own, device.get(now, HERE)))).toBe("Continue as Anna on Blog?");
});

test("attacks: what was signed once is worth nothing again, in the same window or another, nor when it is late", async () => {
  const { device } = await withPasskey();
  const { own, challenge } = await window();
  const signed = device.get(challenge, HERE);
  await give(own, signed);
  expect((await give(own, signed)).status).toBe(400);
  const second = await window();
  expect((await give(second.own, signed)).html).toContain("This passkey is not known here.");
  const late = await window();
  it.pass(5 * 60_000);
  expect((await give(late.own, device.get(late.challenge, HERE))).html).toContain("This passkey is not known here.");
});

test("attacks: another site's passkey, and a browser that was not sent", async () => {
  const { device } = await withPasskey();
  const log = { id: it.services.newId(), at: it.services.now(), by: "test", action: "site" } as const;
  const { settings } = it.site;
  const two = await it.services.store.addSite(
    { name: "Two", origins: ["https://two.example"], aliases: {}, settings, createdAt: it.services.now() },
    log,
  );
  await usePasskeys(it, two.id);
  const there = await begin(it, "passkey", { url: "https://two.example/post" });
  const own = browser(it);
  const asked = await own.get((await own.get(there.go)).location);
  expect((await give(own, device.get(options(asked)!.challenge, HERE))).html).toContain("This passkey is not known here.");
  const { challenge } = await window();
  expect((await give(browser(it), device.get(challenge, HERE))).status).toBe(400);
});

test("a counter that goes back is a copy, but one that stays at nought is none", async () => {
  const synced = await withPasskey();
  for (let i = 0; i < 2; i++) {
    const { own, challenge } = await window();
    expect(saying(await give(own, synced.device.get(challenge, HERE)))).toBe("Continue as Anna on Blog?");
  }
  const counting = await withPasskey({ ...HERE, counter: 1 });
  for (const [counter, taken] of [
    [5, true],
    [5, false],
    [4, false],
    [6, true],
  ] as const) {
    const { own, challenge } = await window();
    const answer = await give(own, counting.device.get(challenge, { ...HERE, counter }));
    expect([counter, saying(answer) === "Continue as Anna on Blog?"]).toEqual([counter, taken]);
  }
});

test("any server takes what another asked", async () => {
  const one = await mailing();
  await usePasskeys(one, one.site.id);
  const beside = await testApp({ beside: one, config: one.services.config });
  const { request, go, digits } = await begin(one, "passkey");
  const own = browser(one);
  const { location } = await own.get(go);
  const device = authenticator();
  const account = await one.services.store.keepAccount(
    { site: one.site.id, id: one.services.newId(), provider: "email", name: "Anna", email: "", emailVerified: false, createdAt: 0 },
    "anna",
  );
  const asked = await own.at(beside).get(location);
  const { verifyRegistrationResponse } = await import("@simplewebauthn/server");
  const made = await verifyRegistrationResponse({
    response: JSON.parse(device.create("b".repeat(43), HERE)) as never,
    expectedChallenge: "b".repeat(43),
    expectedOrigin: HERE.origin,
    expectedRPID: "comments.example",
    requireUserVerification: false,
  });
  const publicKey = Buffer.from(made.registrationInfo!.credential.publicKey).toString("base64url");
  const passkey = { site: one.site.id, id: device.id, account: account.id, publicKey, counter: 0, transports: [], createdAt: 0 };
  await one.services.store.addReaderPasskey(passkey);
  await give(own, device.get(options(asked)!.challenge, HERE));
  await own.at(beside).post("/auth/confirm", { request, digits });
  expect((await finish(one, request)).reader?.name).toBe("Anna");
  await beside.services.store.close();
  await one.close();
});

test("there is no passkey where the server is reached by an address, nor where the owner has not switched it on", async () => {
  const byAddress = await mailing({ config: { publicUrl: "https://192.0.2.1" } });
  await usePasskeys(byAddress, byAddress.site.id);
  await expect(begin(byAddress, "passkey")).rejects.toThrow("404");
  await byAddress.close();
  const alone = await testApp();
  await expect(begin(alone, "passkey")).rejects.toThrow("404");
  await alone.close();
});
