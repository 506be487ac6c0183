import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { authenticator } from "../e2e/virtual-authenticator.ts";
import { launch } from "../e2e/browser.ts";
import { openPage, panelServer, type PanelServer } from "./panel-browser.ts";

let server: PanelServer;
let browser: Browser;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());
beforeEach(async () => void (server = await panelServer()));
afterEach(() => server.close());

/** For tests that begin with an owner, who has a passphrase and no passkey yet. */
const haveOwner = async () => (await server.open(browser)).close();

test("an owner sets up with a passkey, signs out and in with it, adds and removes one, and never loses the last", async () => {
  const { page, complaints, close } = await openPage(browser);
  const { cdp, id } = await authenticator(page);
  const link = await server.link("setup");
  expect(new URL(link).hostname).toBe("localhost");

  await page.goto(link);
  expect(page.url()).not.toContain("setup=");
  await page.getByLabel("Name").fill("Olga");
  await page.getByLabel("E-mail").fill("olga@blog.example");
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByText("No comments yet.").waitFor();
  expect(await server.services.store.passkeys()).toHaveLength(1);
  const [before] = await server.services.store.passkeys();

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByText("No comments yet.").waitFor();
  const [after] = await server.services.store.passkeys();
  expect(after?.counter).toBeGreaterThan(before?.counter ?? 0);
  const cookie = (await page.context().cookies()).find(({ name }) => name === "__Host-youfigure");
  expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: "Strict", path: "/" });
  expect(await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length])).toEqual(["", 0, 0]);

  await page.getByRole("link", { name: "You" }).click();
  await page.getByRole("button", { name: "Remove: Passkey" }).click();
  await page.getByRole("alert").filter({ hasText: "did not work" }).waitFor();
  expect(await server.services.store.passkeys()).toHaveLength(1);

  await cdp.send("WebAuthn.setUserVerified", { authenticatorId: id, isUserVerified: false });
  await page.getByRole("button", { name: "Sign out", exact: true }).first().click();
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByText("No passkey was given.").waitFor();
  expect(complaints.filter((line) => !line.includes("422"))).toEqual([]);
  await close();
});

test("what an authenticator signed is good once", async () => {
  await haveOwner();
  const { page, close } = await openPage(browser);
  const { cdp, id } = await authenticator(page);
  await page.goto(`${server.url}/panel`);
  await page.getByRole("button", { name: "Sign in with a passkey" }).waitFor();
  await page.goto(await server.link("login"));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: "You" }).click();
  await page.getByLabel("Name of this device").fill("A second one");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByText("A second one").waitFor();
  await page.getByRole("button", { name: "Sign out", exact: true }).first().click();
  await page.getByRole("button", { name: "Sign in with a passkey" }).waitFor();
  const [sent] = await Promise.all([
    page.waitForRequest((request) => request.url().endsWith("/login/passkey")),
    page.getByRole("button", { name: "Sign in with a passkey" }).click(),
  ]);
  await page.locator(".top").waitFor();
  const replayed = await fetch(sent.url(), {
    method: "POST",
    headers: { "content-type": "application/json", "x-youfigure": "1", origin: server.url },
    body: sent.postData() ?? "",
  });
  expect(replayed.status).toBe(401);
  await cdp.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId: id });
  await close();
});

test("where the panel is reached by an address, it says where passkeys work and takes the passphrase", async () => {
  await haveOwner();
  const { page, close } = await openPage(browser);
  await page.goto(`${server.url.replace("localhost", "127.0.0.1")}/panel`);
  await page.getByLabel("Passphrase").waitFor();
  expect(await page.getByRole("button", { name: "Sign in with a passkey" }).count()).toBe(0);
  await close();
});
