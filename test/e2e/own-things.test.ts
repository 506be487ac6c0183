import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openReaderSession } from "../../server/auth/reader-session.ts";
import { linksOf } from "../mail/mailing.ts";
import { openSink, type Sink } from "../mail/sink.ts";
import { expectAccessible, expectLegible } from "./axe.ts";
import { type Blog, launch, openBlog, plainPage, visit } from "./browser.ts";

const WORK = { id: "work", label: "Figures", issuer: "https://login.example", client: "comments", secret: "" };

let browser: Browser;
let sink: Sink;
let blog: Blog;
let bearer: string;
let account: string;

beforeAll(async () => {
  sink = await openSink();
  [browser, blog] = await Promise.all([
    launch(),
    openBlog({}, undefined, { SMTP_URL: sink.url, MAIL_FROM: "comments@blog.example", OIDC: JSON.stringify([WORK]) }),
  ]);
  const { services, site } = blog;
  const said = { provider: "work", name: "Anna Figure", email: "anna@reader.example", emailVerified: true };
  account = (await services.store.keepAccount({ site: site.id, id: services.newId(), createdAt: services.now(), ...said }, "a")).id;
  bearer = await openReaderSession(services, site.id, account);
  await blog.say("/first", { body: "As a guest, **before** there was an account.", email: "anna@reader.example" });
  await blog.say("/first", { body: "By somebody else.", email: "ben@reader.example", name: "Ben" });
  for (const body of ["The first thought, with `code` in it.", "A second one:\n\n> quoted"]) await write("/second", body);
});
afterAll(async () => {
  await browser.close();
  await blog.close();
  await sink.close();
});

const ask = async (path: string, body: object) =>
  fetch(`${blog.comments}/api/v1/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: blog.url, authorization: `Bearer ${bearer}` },
    body: JSON.stringify(body),
  });
async function write(path: string, body: string): Promise<void> {
  const url = blog.url + path;
  const { token } = (await (await ask("form-token", { url })).json()) as { token: string };
  expect((await ask("comments", { url, body, token, title: "A plain post" })).status).toBe(201);
}
async function open(options: BrowserContextOptions = {}, lang = "en") {
  const { go } = (await (await ask("auth/yours", { url: `${blog.url}/second`, lang })).json()) as { go: string };
  return visit(browser, go, options);
}

/** With OWN_SHOTS, to be looked at. */
async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env["OWN_SHOTS"];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

const LOOKS: [string, string, BrowserContextOptions][] = [
  ["en", "Your comments at Blog", {}],
  ["de", "Ihre Kommentare bei Blog", { colorScheme: "dark" }],
  ["ar", "تعليقاتك في Blog", { viewport: { width: 360, height: 740 } }],
];

test.each(LOOKS)("the page is whole, accessible and within its width: %s", async (lang, title, options) => {
  const { page, context, complaints } = await open(options, lang);
  await page.getByRole("heading", { name: title, level: 1 }).waitFor();
  expect(new URL(page.url()).hash).toBe("");
  expect(await page.locator("html").getAttribute("dir")).toBe(lang === "ar" ? "rtl" : "ltr");
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
  await shoot(page, `list-${lang}`);
  await page.emulateMedia({ colorScheme: options.colorScheme === "dark" ? "light" : "dark" });
  await expectLegible(page);
  await page.locator(".own a.line-link").first().click();
  await page.locator("textarea").waitFor();
  await expectAccessible(page);
  await shoot(page, `comment-${lang}`);
  expect(complaints).toEqual([]);
  await context.close();
});

test("by keyboard alone: edit, and delete", async () => {
  await write("/second", "To be changed by keyboard.");
  const { page, context } = await open();
  const first = page.locator(".own li").first();
  await first.locator("a.line-link").focus();
  await page.keyboard.press("Enter");
  await page.locator("textarea").focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("Changed by keyboard.");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Your changes are saved.").waitFor();
  expect(await first.innerText()).toContain("Changed by keyboard.");
  await first.locator("a.line-link").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Delete this comment" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Your comment is deleted.").waitFor();
  expect(await page.locator(".own").innerText()).not.toContain("Changed by keyboard.");
  await context.close();
});

/** A browser of another day, in which only the sign-in is kept. */
async function comeBack(path: string, token = bearer) {
  const { page, context, complaints } = await visit(browser, blog.page(path, plainPage()));
  const reader = { token, name: "Anna Figure", id: "work", way: "Figures", email: true };
  await page.evaluate((kept) => localStorage.setItem("you-figure:reader", JSON.stringify(kept)), reader);
  await page.reload();
  await page.getByRole("textbox", { name: "Write a comment" }).focus();
  return { page, context, complaints };
}

test("in another browser the box lets edit what was written signed in, opens the page, and says when the sign-in is over", async () => {
  await write("/another", "Written in my first browser.");
  await blog.say("/another", { body: "By a guest.", name: "Gus" });
  const { page, context, complaints } = await comeBack("/another");
  const mine = page.locator("you-figure [part~=comment]", { hasText: "Written in my first browser." });
  await mine.getByRole("button", { name: "Edit" }).click();
  expect(await page.getByRole("button", { name: "Edit" }).count()).toBe(1);
  await page.getByRole("heading", { name: "Edit your comment" }).waitFor();
  await page.locator("you-figure #you-body").fill("Better in my second browser.");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Better in my second browser.").waitFor();
  await page.getByRole("textbox", { name: "Write a comment" }).focus();
  const [own] = await Promise.all([context.waitForEvent("page"), page.getByRole("button", { name: "Your comments" }).click()]);
  await own.getByRole("heading", { name: "Your comments at Blog" }).waitFor();
  expect(await own.locator(".own").innerText()).toContain("Better in my second browser.");
  expect(await own.evaluate(() => opener)).toBeNull();
  await shoot(page, "box");
  await own.getByRole("button", { name: "Log out everywhere" }).click();
  await own.getByRole("heading", { name: "You are not logged in here." }).waitFor();
  await page.getByRole("button", { name: "Your comments" }).click();
  await page.getByText("Your login has ended.").waitFor();
  await page.getByRole("button", { name: "Edit" }).waitFor({ state: "detached" });
  expect(complaints.filter((line) => !line.includes("401"))).toEqual([]);
  await context.close();
  bearer = await openReaderSession(blog.services, blog.site.id, account);
});

test("without JavaScript: a letter lets in, another confirms, earlier comments are taken over, and the account is deleted", async () => {
  const arrived = async (subject: RegExp) => {
    await expect.poll(() => sink.arrived.some(({ mail }) => subject.test(mail.subject ?? "")), { timeout: 20_000 }).toBe(true);
    return linksOf(sink.arrived.findLast(({ mail }) => subject.test(mail.subject ?? ""))!)[0]!;
  };
  await blog.services.store.confirmEmail(blog.site.id, account, "anna@reader.example");
  const { page, context } = await visit(browser, `${blog.services.config.publicUrl}/yours/${blog.site.id}`, { javaScriptEnabled: false });
  await page.getByRole("heading", { name: "You are not logged in here." }).waitFor();
  await shoot(page, "closed");
  await page.getByLabel("Email address").fill("anna@reader.example");
  await page.getByRole("button", { name: "Send me a link" }).click();
  await page.getByRole("heading", { name: "A letter is on its way." }).waitFor();
  await page.goto(await arrived(/^Your comments at Blog/));
  await shoot(page, "enter");
  await page.getByRole("button", { name: "Show it" }).click();
  await page.getByText("One earlier comment was written with anna@reader.example.").waitFor();
  await shoot(page, "earlier");
  await page.getByRole("button", { name: "Yes, they are mine" }).click();
  await page.getByRole("status").getByText("These comments are yours now.").waitFor();
  expect(await page.locator(".own").innerText()).toContain("As a guest, before there was an account.");
  expect(await page.locator(".own").innerText()).not.toContain("By somebody else.");
  await page.getByRole("button", { name: "Send the letter" }).click();
  await page.goto(await arrived(/^Delete your account/));
  await shoot(page, "erase");
  await page.getByLabel("Leave my comments, without my name").check();
  await page.getByLabel("Yes, I want this").check();
  await page.getByRole("button", { name: "Delete my account" }).click();
  await page.getByRole("heading", { name: "Your account is deleted" }).waitFor();
  const thread = (await (await fetch(`${blog.comments}/api/v1/thread?url=${encodeURIComponent(`${blog.url}/second`)}`)).json()) as {
    comments: { name: string }[];
  };
  expect(new Set(thread.comments.map(({ name }) => name))).toEqual(new Set(["Anonymous"]));
  await context.close();
});
