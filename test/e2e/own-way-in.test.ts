import { randomUUID } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Issuer, openIssuer } from "../auth/issuer.ts";
import { token } from "../auth/site-user.ts";
import { enter, type Opened, openPage } from "../panel/panel-browser.ts";
import { expectAccessible } from "./axe.ts";
import { type Blog, buildWithPanel, launch, NO_THIRD_PARTY_COOKIES, openBlog, plainPage, visit } from "./browser.ts";
import { write } from "./signing-in.ts";

const SECRET = "a secret of the site and of this server alone";

let browser: Browser;
let issuer: Issuer;
let blog: Blog;
/** A page of another site, which is the same blog under another name of this machine. */
let elsewhere: string;
let owner: Opened;
beforeAll(async () => {
  issuer = await openIssuer();
  [browser, blog] = await Promise.all([launch(NO_THIRD_PARTY_COOKIES), openBlog({}, buildWithPanel, { OUTBOUND_ALLOW: issuer.place })]);
  const { store, newId, now } = blog.services;
  elsewhere = blog.url.replace("127.0.0.1", "localhost");
  await store.addSite({ ...blog.site, name: "Elsewhere", origins: [elsewhere] }, { id: newId(), at: now(), by: "test", action: "site" });
  owner = await openPage(browser, { permissions: ["clipboard-read", "clipboard-write"] });
  await enter(owner.page.context(), blog.services);
});
afterAll(async () => {
  await browser.close();
  await blog.close();
  await issuer.close();
});

const openPanel = async (site = blog.site.id) => {
  await owner.page.goto(`${blog.services.config.publicUrl}/panel#/sites/${site}`);
  await owner.page.getByRole("link", { name: "Signing in" }).click();
  await owner.page.getByRole("button", { name: "Add a way" }).waitFor();
};
/** What the keyboard is on, by name. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const here = document.activeElement as HTMLElement;
    return here.ariaLabel ?? here.innerText;
  });

test("an owner adds an issuer, registers the address that is shown, and is told what is wrong until it works", async () => {
  const { page, complaints } = owner;
  await openPanel();
  await page.locator(".ways li", { hasText: "Passkey" }).waitFor();
  await page.getByLabel("Kind").selectOption({ label: "OpenID Connect" });
  await page.getByText("Register a client at your own issuer").first().waitFor();
  await page.getByRole("button", { name: "Add a way" }).click();
  await page.getByText("Not complete").waitFor();
  await page.getByRole("button", { name: "Copy: Redirect address" }).click();
  await page.getByText("Copied.").waitFor();
  const redirect = await page.evaluate(() => navigator.clipboard.readText());
  expect(redirect).toBe(`${blog.services.config.publicUrl}/auth/callback/${blog.site.id}-oidc`);
  issuer.open(redirect);

  const way = page.locator(".ways li", { hasNotText: "Passkey" });
  const test = () => way.getByRole("button", { name: /^Test: / }).click();
  await way.getByLabel("Name that readers see").fill("Figures");
  await way.getByLabel("Issuer").fill(issuer.url.replace("http:", "https:").replace(/\d+$/, "9"));
  await way.getByLabel("Client ID").fill(issuer.client.client);
  await way.getByLabel("Client secret").fill("not the right one");
  await test();
  await way.getByText("127.0.0.1:9 is a private address.").waitFor();
  await way.getByLabel("Issuer").fill(issuer.url);
  await test();
  await way.getByText("Please fill this in.").waitFor();
  await way.getByLabel("Client secret").fill("not the right one");
  await test();
  await way.getByText("does not know this client").waitFor();
  expect(await way.getByLabel("Client secret").inputValue()).toBe("");
  await way.getByText("One is kept.").waitFor();
  await way.getByLabel("Client secret").fill(issuer.client.secret);
  await test();
  await way.getByText("It works").waitFor();
  await page.reload();
  await way.locator(".status", { hasText: "On" }).waitFor();
  expect(await page.content()).not.toContain(issuer.client.secret);
  expect(complaints.filter((line) => !line.includes("422"))).toEqual([]);
});

test("a reader signs in by it on that site, and is offered it on no other", async () => {
  const other = await visit(browser, blog.page("/elsewhere", plainPage()).replace(blog.url, elsewhere));
  await write(other.page, "From elsewhere.");
  await other.page.getByRole("textbox", { name: "Name" }).waitFor();
  expect(await other.page.getByRole("button", { name: "Figures" }).count()).toBe(0);
  await other.context.close();

  const { page, context, complaints } = await visit(browser, blog.page("/own", plainPage()));
  await write(page, "From my own account.");
  const [popup] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: "Figures" }).click()]);
  await popup.locator("[name=login]").fill("anna");
  await popup.locator("[name=password]").fill("whatever");
  await popup.getByRole("button", { name: "Sign-in" }).click();
  await popup.getByRole("button", { name: "Continue" }).click();
  await popup.getByRole("heading", { name: "Continue as Anna Figure on Blog?" }).waitFor();
  await Promise.all([popup.waitForEvent("close"), popup.getByRole("button", { name: "Continue" }).click()]);
  await page.getByText("You are commenting using your Figures account.").waitFor();
  await page.getByRole("button", { name: "Post Comment" }).click();
  await page.locator("you-figure .marked", { hasText: "From my own account." }).waitFor();
  expect(await page.locator("you-figure .marked [part=name]").innerText()).toBe("Anna Figure");
  expect(complaints).toEqual([]);
  await context.close();
});

test("by keyboard alone it is switched off, put in order and removed after a question", async () => {
  const { page } = owner;
  await openPanel();
  await page.getByLabel("Kind").selectOption({ label: "GitHub" });
  await page.getByRole("button", { name: "Add a way" }).press("Enter");
  const labels = () => page.locator(".ways li h2 bdi").allInnerTexts();
  await expect.poll(labels).toEqual(["Passkey", "Figures", "GitHub"]);
  await expect.poll(() => focused(page)).toContain("GitHub Not complete");
  await page.getByRole("button", { name: "Earlier: GitHub" }).press("Enter");
  await expect.poll(labels).toEqual(["Passkey", "GitHub", "Figures"]);
  await expect.poll(() => focused(page)).toBe("Earlier: GitHub");
  await page.keyboard.press("Enter");
  await expect.poll(labels).toEqual(["GitHub", "Passkey", "Figures"]);
  await expect.poll(() => focused(page)).toBe("Later: GitHub");
  const off = page.getByRole("button", { name: "Switch off: Figures" });
  await off.press("Enter");
  const on = page.getByRole("button", { name: "Switch on: Figures" });
  await on.waitFor();
  expect(await focused(page)).toBe("Switch on: Figures");
  const { page: reading, context } = await visit(browser, blog.page("/off", plainPage()));
  await write(reading, "Nothing to sign in with.");
  await reading.getByRole("textbox", { name: "Name" }).waitFor();
  expect(await reading.getByRole("button", { name: "Figures" }).count()).toBe(0);
  await context.close();
  await page.getByRole("button", { name: "Remove: Figures" }).press("Enter");
  await page.getByRole("dialog", { name: "Remove “Figures”?" }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect.poll(labels).toEqual(["GitHub", "Passkey"]);
  await expect.poll(() => focused(page)).toBe("Signing in");
});

test("an owner sets with which key the site signs in its own users: a secret is not shown again, and it lets them in", async () => {
  const { page } = owner;
  await openPanel();
  const form = page.locator("form", { has: page.getByRole("heading", { name: "Your own users" }) });
  const save = () => form.getByRole("button", { name: "Save" }).click();
  await form.getByLabel("How you sign").selectOption("EdDSA");
  await form.getByLabel("Public key").fill("no key");
  await save();
  await form.locator(".wrong").waitFor();
  await form.getByLabel("How you sign").selectOption("HS256");
  await form.getByLabel("Secret").fill(SECRET);
  await form.getByLabel("Show roles").check();
  await expectAccessible(page);
  await save();
  await form.getByText("One is kept.").waitFor();
  expect(await form.getByLabel("Secret").inputValue()).toBe("");
  await page.reload();
  await form.getByText("One is kept.").waitFor();
  expect(await page.content()).not.toContain(SECRET);
  const at = Math.floor(Date.now() / 1_000);
  const jwt = token({ iss: blog.url, sub: "7", name: "Sina", iat: at, exp: at + 300, jti: randomUUID(), roles: ["Staff"] }, SECRET);
  const { page: reading, context } = await visit(browser, blog.page("/user", plainPage({ script: `data-sso="${jwt}"` })));
  await write(reading, "Known already.");
  await reading.getByText("You are commenting using your Blog account.").waitFor();
  await context.close();
});
