import { randomUUID } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Authenticator, authenticator } from "./virtual-authenticator.ts";
import { usePasskeys } from "../auth/reader-browser.ts";
import { edKeys, token } from "../auth/site-user.ts";
import { linksOf } from "../mail/mailing.ts";
import { openSink, type Sink } from "../mail/sink.ts";
import { expectAccessible } from "./axe.ts";
import { type Blog, launch, NO_THIRD_PARTY_COOKIES, openBlog, plainPage, visit } from "./browser.ts";
import { write } from "./signing-in.ts";

let browser: Browser;
let sink: Sink;
let blog: Blog;
const ed = edKeys();
beforeAll(async () => {
  sink = await openSink();
  const sso = { algorithm: "EdDSA", key: String(ed.jwk.x), roles: true } as const;
  [browser, blog] = await Promise.all([
    launch(NO_THIRD_PARTY_COOKIES),
    openBlog({ sso }, undefined, { SMTP_URL: sink.url, MAIL_FROM: "Blog <comments@blog.example>" }),
  ]);
});
beforeAll(() => usePasskeys(blog, blog.site.id));
afterAll(async () => {
  await browser.close();
  await blog.close();
  await sink.close();
});

const popupOf = async (page: Page, way: string) => {
  const [popup] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: way }).click()]);
  return popup;
};
/** The letter that this address got last, once it is there. */
const letterTo = (to: string) => vi.waitUntil(() => sink.arrived.findLast((one) => one.to[0] === to), { timeout: 50_000, interval: 50 });
const codeOf = async (to: string) => /\d{6}/.exec((await letterTo(to)).mail.subject ?? "")![0];
/** The box shows them once the window asks for them. */
async function digitsOf(page: Page): Promise<string> {
  const strip = page.locator("you-figure .ways").filter({ hasText: /\d\d/ });
  return /\d\d/.exec(await strip.innerText())![0];
}
const signedIn = (page: Page, way: string) => page.getByText(`You are commenting using your ${way} account.`).waitFor();
const shoot = (page: Page, name: string) =>
  process.env["SHOTS"] ? page.screenshot({ path: `${process.env["SHOTS"]}/${name}.png`, fullPage: true }) : undefined;

test("by a letter: an address, a code, a name; the comment carries it, and every page can be read by whoever sees none", async () => {
  const { page, context, complaints } = await visit(browser, blog.page("/letter", plainPage()));
  await write(page, "By letter.");
  const popup = await popupOf(page, "E-mail");
  await popup.getByRole("heading", { name: "Sign in at Blog by e-mail" }).waitFor();
  await expectAccessible(popup);
  await shoot(popup, "email-address");
  await popup.getByLabel("Your e-mail address").fill("anna@reader.example");
  await popup.getByRole("button", { name: "Send me the code" }).click();
  await popup.getByRole("heading", { name: "Look into your mail" }).waitFor();
  await expectAccessible(popup);
  await popup.getByLabel("The code").fill("000000");
  await popup.getByRole("button", { name: "Continue" }).click();
  await popup.getByRole("alert").waitFor();
  await shoot(popup, "email-code-wrong");
  await popup.getByLabel("The code").fill(await codeOf("anna@reader.example"));
  await popup.getByRole("button", { name: "Continue" }).click();
  await popup.getByLabel("The name to write under").fill("Anna Figure");
  await expectAccessible(popup);
  await Promise.all([popup.waitForEvent("close"), popup.getByRole("button", { name: "Continue" }).click()]);
  await signedIn(page, "E-mail");
  await page.getByRole("button", { name: "Post Comment" }).click();
  await page.locator("you-figure .marked", { hasText: "By letter." }).waitFor();
  expect(await page.locator("you-figure .marked [part=name]").innerText()).toBe("Anna Figure");
  expect(complaints).toEqual([]);
  await context.close();
});

test("with the keyboard alone, from the strip to the text", async () => {
  const { page, context } = await visit(browser, blog.page("/keys", plainPage()));
  await write(page, "By keys.");
  await page.getByRole("button", { name: "E-mail" }).focus();
  const [popup] = await Promise.all([page.waitForEvent("popup"), page.keyboard.press("Enter")]);
  await popup.getByLabel("Your e-mail address").waitFor();
  await popup.keyboard.type("keys@reader.example");
  await popup.keyboard.press("Enter");
  const code = await codeOf("keys@reader.example");
  await popup.getByLabel("The code").waitFor();
  await popup.keyboard.type(code);
  await popup.keyboard.press("Enter");
  await popup.getByLabel("The name to write under").waitFor();
  await popup.locator("#digits").waitFor({ state: "hidden" });
  await popup.keyboard.type("Keys");
  await Promise.all([popup.waitForEvent("close"), popup.keyboard.press("Enter")]);
  await signedIn(page, "E-mail");
  await context.close();
});

test("the link opened in the same browser asks for the two digits of the box; in another browser it shows the code", async () => {
  const { page, context } = await visit(browser, blog.page("/link", plainPage()));
  await write(page, "By link.");
  const popup = await popupOf(page, "E-mail");
  await popup.getByLabel("Your e-mail address").fill("link@reader.example");
  await popup.getByRole("button", { name: "Send me the code" }).click();
  const link = linksOf(await letterTo("link@reader.example")).find((one) => one.includes("/auth/letter/"))!;
  const elsewhere = await visit(browser, link);
  await elsewhere.page.getByRole("heading", { name: "Your code for Blog" }).waitFor();
  expect(await elsewhere.page.locator(".code").innerText()).toBe(await codeOf("link@reader.example"));
  expect(await elsewhere.page.locator("form,button,a").count()).toBe(0);
  await expectAccessible(elsewhere.page);
  await shoot(elsewhere.page, "letter-elsewhere");
  await elsewhere.context.close();

  const here = await context.newPage();
  await here.goto(link);
  await shoot(here, "letter-here");
  await expectAccessible(here);
  await here.getByRole("button", { name: "Continue" }).click();
  await here.getByLabel("The name to write under").fill("Linda");
  await shoot(here, "letter-here-digits");
  await here.locator("[name=digits]").fill(await digitsOf(page));
  await here.getByRole("button", { name: "Continue" }).click();
  await signedIn(page, "E-mail");
  await context.close();
});

test("with a passkey that was made when signing in by a letter, and is the reader's on every visit", async () => {
  const { page, context, complaints } = await visit(browser, blog.page("/passkey", plainPage()));
  await write(page, "By passkey.");
  const first = await popupOf(page, "E-mail");
  // Each window is another target of the protocol, and has an authenticator of its own.
  const device = await authenticator(first);
  await first.getByLabel("Your e-mail address").fill("passkey@reader.example");
  await first.getByRole("button", { name: "Send me the code" }).click();
  await first.getByLabel("The code").fill(await codeOf("passkey@reader.example"));
  await first.getByRole("button", { name: "Continue" }).click();
  await first.getByLabel("The name to write under").fill("Pia");
  await first.getByLabel("Use a passkey next time").check();
  await first.locator("#digits").waitFor({ state: "hidden" });
  await shoot(first, "confirm-passkey");
  const credentials = new Promise<{ credential: Parameters<typeof add>[1] }>((done) => device.cdp.once("WebAuthn.credentialAdded", done));
  const closed = first.waitForEvent("close");
  await first.getByRole("button", { name: "Continue" }).click();
  const { credential } = await credentials;
  await closed;
  await signedIn(page, "E-mail");
  await page.getByRole("button", { name: "Log Out" }).click();

  const second = await popupOf(page, "Passkey");
  const other = await authenticator(second);
  await add(other, credential);
  await second.getByRole("heading", { name: "Sign in at Blog with a passkey" }).waitFor();
  await shoot(second, "passkey");
  await expectAccessible(second);
  await second.getByRole("button", { name: "Use a passkey" }).click();
  await second.getByRole("heading", { name: "Continue as Pia on Blog?" }).waitFor();
  expect(await second.getByLabel("Use a passkey next time").count()).toBe(0);
  await Promise.all([second.waitForEvent("close"), second.getByRole("button", { name: "Continue" }).click()]);
  await signedIn(page, "E-mail");
  await page.getByRole("button", { name: "Post Comment" }).click();
  await page.locator("you-figure .marked", { hasText: "By passkey." }).waitFor();
  expect(await page.locator("you-figure .marked [part=name]").innerText()).toBe("Pia");
  expect(complaints).toEqual([]);

  await write(page, "And none.");
  await page.getByRole("button", { name: "Log Out" }).click();
  const third = await popupOf(page, "Passkey");
  const empty = await authenticator(third);
  await empty.cdp.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: empty.id, enabled: true });
  await third.getByRole("button", { name: "Use a passkey" }).click();
  await third.getByText("No passkey was given.").waitFor();
  await context.close();
});

async function add(
  { cdp, id: authenticatorId }: Authenticator,
  credential: { credentialId: string; isResidentCredential: boolean; privateKey: string; signCount: number },
) {
  await cdp.send("WebAuthn.addCredential", { authenticatorId, credential });
}

const now = () => Math.floor(Date.now() / 1_000);
const siteUser = (more: object = {}) =>
  token({ iss: blog.url, sub: "7", name: "Sina", iat: now(), exp: now() + 300, jti: randomUUID(), ...more }, ed.privateKey);
const withUser = (jwt: string) => plainPage({ script: `data-sso="${jwt}"` });

test("the site's own user is signed in without a click, stays so when the page is shown again, and is gone when the site says so", async () => {
  const { page, context, complaints } = await visit(browser, blog.page("/own", withUser(siteUser({ roles: ["Staff"] }))));
  await write(page, "From the site itself.");
  await signedIn(page, "Blog");
  await shoot(page, "sso-box");
  await page.getByRole("button", { name: "Post Comment" }).click();
  const own = page.locator("you-figure .marked", { hasText: "From the site itself." });
  await own.waitFor();
  expect(await own.locator("[part=name]").innerText()).toBe("Sina");
  expect(await own.innerText()).toContain("Staff");
  await shoot(page, "sso-comment");

  const asked: string[] = [];
  page.on("request", (request) => request.url().endsWith("/auth/sso") && asked.push(request.url()));
  await page.reload();
  await write(page, "And again.");
  await signedIn(page, "Blog");
  expect(asked).toEqual([]);
  await page.evaluate(
    (jwt) => (document.querySelector("you-figure") as unknown as { setUser(jwt: string): void }).setUser(jwt),
    siteUser({ name: "Sina Figure" }),
  );
  await page.getByText("Sina Figure").first().waitFor();
  await page.evaluate(() => (document.querySelector("you-figure") as unknown as { setUser(jwt: string): void }).setUser(""));
  await page.getByText("Fill in your details below").waitFor();
  expect(await page.evaluate(() => localStorage.getItem("you-figure:reader"))).toBeNull();
  expect(complaints).toEqual([]);
  await context.close();
});

test("a token that is refused leaves a guest, who is not taken for whoever was there before, and the page hears of it", async () => {
  const { page, context } = await visit(browser, blog.page("/refused", withUser(siteUser({ sub: "8", name: "Before" }))));
  await write(page, "Whose words?");
  await signedIn(page, "Blog");
  const heard = page.evaluate(
    () =>
      new Promise((done) => document.addEventListener("you-figure:error", (event) => done((event as CustomEvent).detail), { once: true })),
  );
  await page.evaluate((jwt) => (document.querySelector("you-figure") as HTMLElement).setAttribute("data-sso", jwt), siteUser({ exp: 1 }));
  expect(await heard).toEqual({ code: "unauthorized" });
  await page.getByText("Fill in your details below").waitFor();
  expect(await page.getByRole("textbox", { name: "Write a comment" }).inputValue()).toBe("Whose words?");
  await context.close();
});
