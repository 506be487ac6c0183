import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Issuer, openIssuer } from "../auth/issuer.ts";
import { type Blog, launch, NO_THIRD_PARTY_COOKIES, openBlog, plainPage, visit } from "./browser.ts";
import { signInThere, write } from "./signing-in.ts";

let browser: Browser;
let issuer: Issuer;
let blog: Blog;
beforeAll(async () => {
  issuer = await openIssuer();
  [browser, blog] = await Promise.all([
    launch(NO_THIRD_PARTY_COOKIES),
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

const strip = (page: Page) => page.getByText("Fill in your details below or click an icon to log in:");

test("by a click, a window and a button: the comment carries the account's name, and Log Out ends it on the server", async () => {
  const { page, context, complaints } = await visit(browser, blog.page("/popup", plainPage()));
  await write(page, "From my own account.");
  await strip(page).waitFor();
  const [popup] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: "Figures" }).click()]);
  await page.getByText("Connecting to Figures…").waitFor();
  await signInThere(popup);
  await popup.getByRole("heading", { name: "Continue as Anna Figure on Blog?" }).waitFor();
  await popup.locator("#digits").waitFor({ state: "hidden" });
  await Promise.all([popup.waitForEvent("close"), popup.getByRole("button", { name: "Continue" }).click()]);
  await page.getByText("You are commenting using your Figures account.").waitFor();
  await page.getByRole("button", { name: "Log Out" }).waitFor();
  expect(await page.locator("you-figure .ways").innerText()).toMatch(
    /^Anna Figure: You are commenting using your Figures account\.\s*\( Log Out \/ Change \) Your comments$/,
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

const VERIFIER = "v".repeat(43);
const ask = (path: string, body: object, origin = blog.url) =>
  fetch(`${blog.comments}/api/v1/auth/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify(body),
  });
const start = async (returnTo = "") => {
  const answer = await ask("start", { url: `${blog.url}/post`, provider: "work", verifier: VERIFIER, returnTo });
  return (await answer.json()) as { request: string; go: string; digits: string };
};
const finish = async (request: string, code = "") => {
  const answer = await ask("finish", { request, verifier: VERIFIER, code });
  return answer.ok ? ((await answer.json()) as { step: string; token?: string }) : { step: String(answer.status) };
};

test("a stranger who sends the address of his own sign-in to a victim gets nothing, unless she types digits that she never saw", async () => {
  const { request, go, digits } = await start();
  const { page, context } = await visit(browser, go);
  await signInThere(page, "victim");
  await page.getByRole("heading", { name: "Continue as victim on Blog?" }).waitFor();
  expect(await finish(request)).toEqual({ step: "asked" });
  const wrong = digits === "00" ? "01" : "00";
  for (const tried of ["", wrong]) {
    await page.locator("[name=digits]").fill(tried);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText("These are not the digits.").waitFor();
  }
  await page.locator("[name=digits]").fill(wrong);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "This sign-in did not work." }).waitFor();
  expect(await finish(request)).toEqual({ step: "failed" });
  await context.close();
});

test("nor does the form that leaves the page help him: what proves the return goes to the victim's browser alone", async () => {
  const { request, go } = await start(`${blog.url}/post`);
  const { page, context } = await visit(browser, go);
  await signInThere(page, "victim");
  blog.page("/post", "<p>A page without comments.</p>");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText("A page without comments.").waitFor();
  expect(await finish(request)).toEqual({ step: "403" });
  expect(await finish(request, "x".repeat(43))).toEqual({ step: "403" });
  await context.close();
});

test("a page of another origin that opens the window gets no message from it, and is not believed", async () => {
  const { request, go } = await start();
  const { page, context } = await visit(
    browser,
    blog.page("/hostile", "<button onclick='w=window.open(go)'>Open</button>").replace("127.0.0.1", "localhost"),
  );
  await page.evaluate((address) => {
    const here = globalThis as unknown as { go: string; heard: unknown[] };
    here.go = address;
    here.heard = [];
    addEventListener("message", ({ data }) => here.heard.push(data));
  }, go);
  const [popup] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: "Open" }).click()]);
  await signInThere(popup, "victim");
  await popup.locator("[name=digits]").waitFor();
  for (let digits = 0; digits < 100; digits++) {
    await page.evaluate((data) => (globalThis as unknown as { w: Window }).w.postMessage(data, "*"), {
      request,
      digits: String(digits).padStart(2, "0"),
    });
  }
  expect(await popup.locator("[name=digits]").inputValue()).toBe("");
  expect(await popup.locator("#digits").isVisible()).toBe(true);
  expect(await page.evaluate(() => (globalThis as unknown as { heard: unknown[] }).heard)).toEqual([]);
  await context.close();
});

test("an answer is taken once, with its own state, at its provider's own address, and in the browser that was sent", async () => {
  const { request, go } = await start();
  const { page, context } = await visit(browser, blog.page("/before", "<p>Before.</p>"));
  const answered = page.waitForRequest((sent) => sent.url().includes("/auth/callback/work"));
  await page.goto(go);
  await signInThere(page);
  await page.getByRole("heading", { name: "Continue as Anna Figure on Blog?" }).waitFor();
  const callback = (await answered).url();
  const said = async (url: string) => (await context.request.get(url)).status();
  expect(await said(callback)).toBe(400);
  const state = new URL(callback);
  state.searchParams.set("state", `${request}.${"s".repeat(43)}`);
  expect(await said(state.href)).toBe(400);
  expect(await said(callback.replace("/work", "/github"))).toBe(400);
  expect((await fetch(callback)).status).toBe(400);
  // The first answer still stands: what came after it changed nothing.
  expect(await finish(request)).toEqual({ step: "asked" });
  await context.close();
});

test("who learns of a sign-in, but did not begin it, gets nothing by asking for its end, and takes nothing from who did", async () => {
  const { request, go, digits } = await start();
  const { page, context } = await visit(browser, go);
  await signInThere(page);
  await page.locator("[name=digits]").fill(digits);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "You are signed in." }).waitFor();
  const byStranger = await ask("finish", { request, verifier: "s".repeat(43), code: "" });
  expect([byStranger.status, await byStranger.text()]).toEqual([403, expect.not.stringContaining("token")]);
  expect((await ask("finish", { request, verifier: VERIFIER, code: "" }, "https://evil.example")).status).toBe(403);
  expect(await finish(request)).toMatchObject({ step: "done", token: expect.any(String) });
  // The token is given once.
  expect(await finish(request)).toEqual({ step: "failed" });
  await context.close();
});

test("who says no at the provider is a guest again, and the page says so", async () => {
  const { page, context } = await visit(browser, blog.page("/denied", plainPage()));
  await write(page, "Let me think.");
  const [popup] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: "Figures" }).click()]);
  await Promise.all([popup.waitForEvent("close"), popup.getByRole("link", { name: "[ Cancel ]" }).click()]);
  await page.getByText("Logging in did not work. Please try again.").waitFor();
  await context.close();
});

test("the page may be left only for itself: no other address is accepted to come back to (S-29)", async () => {
  const addresses = [
    "https://evil.example/",
    "//evil.example",
    "javascript:alert(1)",
    `${blog.url}@evil.example/`,
    `${blog.url}.evil.example/`,
    "data:text/html,x",
    `https://user@${new URL(blog.url).host}/`,
    "/\\evil.example",
    " ",
  ];
  for (const returnTo of addresses) {
    const answer = await ask("start", { url: `${blog.url}/post`, provider: "work", verifier: VERIFIER, returnTo });
    expect([returnTo, answer.status]).toEqual([returnTo, 403]);
  }
  const elsewhere = await ask("start", { url: `${blog.url}/post`, provider: "work", verifier: VERIFIER }, "https://evil.example");
  expect(elsewhere.status).toBe(403);
});
