import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Issuer, openIssuer } from "../auth/issuer.ts";
import { type Blog, FLAGS, openBlog, plainPage, visit } from "./browser.ts";

let browser: Browser;
let issuer: Issuer;
let blog: Blog;
beforeAll(async () => {
  issuer = await openIssuer();
  [browser, blog] = await Promise.all([
    chromium.launch({
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [...FLAGS, "--test-third-party-cookie-phaseout"],
    }),
    openBlog({}, undefined, {
      OIDC: JSON.stringify([{ id: "work", label: "Figures", issuer: issuer.url, ...issuer.client }]),
      OUTBOUND_ALLOW: issuer.place,
    }),
  ]);
  issuer.open(`${blog.services.config.publicUrl}/auth/callback/work`);
});
afterAll(async () => {
  await browser.close();
  await blog.close();
  await issuer.close();
});

const write = async (page: Page, words: string) => {
  const text = page.getByRole("textbox", { name: "Write a comment" });
  await text.focus();
  await text.fill(words);
};
const strip = (page: Page) => page.getByText("Fill in your details below or click an icon to log in:");
/** On the provider's own pages. */
const signInThere = async (page: Page, name = "anna") => {
  await page.locator("[name=login]").fill(name);
  await page.locator("[name=password]").fill("whatever");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
};

test("by a click, a window and a button: the comment carries the account's name, and Log Out ends it on the server", async () => {
  const { page, context, complaints } = await visit(browser, blog.page("/popup", plainPage()));
  await write(page, "From my own account.");
  await strip(page).waitFor();
  const [popup] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: "Figures" }).click()]);
  await page.getByText("Connecting to Figures …").waitFor();
  await signInThere(popup);
  await popup.getByRole("heading", { name: "Continue as Anna Figure on Blog?" }).waitFor();
  await popup.locator("#digits").waitFor({ state: "hidden" });
  await Promise.all([popup.waitForEvent("close"), popup.getByRole("button", { name: "Continue" }).click()]);
  await page.getByText("You are commenting using your Figures account.").waitFor();
  expect(await page.locator("you-figure .ways").innerText()).toMatch(
    /^Anna Figure: You are commenting using your Figures account\.\s*\( Log Out \/ Change \)$/,
  );
  await page.getByRole("button", { name: "Post Comment" }).click();
  await page.locator("you-figure .marked", { hasText: "From my own account." }).waitFor();
  expect(await page.locator("you-figure .marked [part=name]").innerText()).toBe("Anna Figure");

  await page.reload();
  await write(page, "And again.");
  await page.getByText("You are commenting using your Figures account.").waitFor();
  await page.getByRole("button", { name: "Change" }).click();
  await strip(page).waitFor();
  await page.getByRole("button", { name: "Figures" }).click();
  await page.getByText("You are commenting using your Figures account.").waitFor();
  const kept = () => page.evaluate(() => localStorage.getItem("you-figure:reader"));
  const { token } = JSON.parse((await kept())!) as { token: string };
  const ended = page.waitForResponse((response) => response.url().endsWith("/auth/sign-out"));
  await page.getByRole("button", { name: "Log Out" }).click();
  expect((await ended).status()).toBe(204);
  await strip(page).waitFor();
  expect(await kept()).toBeNull();
  const answer = await fetch(`${blog.comments}/api/v1/comments`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: blog.url, authorization: `Bearer ${token}` },
    body: JSON.stringify({ url: `${blog.url}/popup`, body: "With an old token." }),
  });
  expect(answer.status).toBe(401);
  expect(complaints).toEqual([]);
  await context.close();
});

test("where no window opens, the page itself goes and comes back, and the draft survives", async () => {
  const { page, context } = await visit(browser, blog.page("/leave", plainPage({ head: "<script>open = () => null</script>" })));
  await write(page, "A thought worth keeping.");
  await page.getByRole("button", { name: "Figures" }).click();
  await signInThere(page);
  await page.getByRole("heading", { name: "Continue as Anna Figure on Blog?" }).waitFor();
  expect(await page.locator("[name=digits]").count()).toBe(0);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText("You are commenting using your Figures account.").waitFor();
  expect(page.url()).toBe(`${blog.url}/leave`);
  expect(await page.getByRole("textbox", { name: "Write a comment" }).inputValue()).toBe("A thought worth keeping.");
  await context.close();
});

test("Cancel closes the window and gives the strip back; so does a window closed by hand", async () => {
  const { page, context } = await visit(browser, blog.page("/cancel", plainPage()));
  await write(page, "Perhaps not.");
  for (const how of ["cancel", "close"]) {
    const [popup] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: "Figures" }).click()]);
    await popup.locator("[name=login]").waitFor();
    const closed = popup.isClosed() ? undefined : popup.waitForEvent("close");
    if (how === "cancel") await page.getByRole("button", { name: "Cancel", exact: true }).click();
    else await popup.close();
    await closed;
    await strip(page).waitFor();
  }
  await context.close();
});
