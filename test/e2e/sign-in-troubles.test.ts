import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { plainPage, visit } from "./browser.ts";
import { focused, openWindow, said, signIn, signInThere, type SigningIn, signingIn, write } from "./signing-in.ts";

const STRIP = "Fill in your details below or click an icon to log in:";
const SIGNED = "You are commenting using your Figures account.";

describe("with a provider that lets go of the window (COOP)", () => {
  let it: SigningIn;
  beforeAll(async () => void (it = await signingIn({ headers: { "Cross-Origin-Opener-Policy": "same-origin" } })));
  afterAll(() => it.close());

  test("the box asks the server, shows two digits once the window wants them, and those finish it", async () => {
    const { page, context } = await visit(it.browser, it.blog.page("/severed", plainPage()));
    await write(page, "From behind a wall.");
    const popup = await openWindow(page);
    await popup.locator("[name=login]").waitFor();
    expect(await popup.evaluate(() => opener)).toBeNull();
    await signInThere(popup);
    await popup.locator("[name=digits]").waitFor();
    const digits = said(page).getByText(/Asked for two digits there\? They are \d\d\./);
    await digits.waitFor();
    expect(await focused(page)).toBe("Cancel");
    await popup.locator("[name=digits]").fill(/(\d\d)\./.exec(await digits.innerText())![1]!);
    await popup.getByRole("button", { name: "Continue" }).click();
    await said(page).getByText(SIGNED).waitFor();
    expect(await focused(page)).toBe("you-body");
    await page.getByRole("button", { name: "Post Comment" }).click();
    await page.locator("you-figure .marked", { hasText: "From behind a wall." }).waitFor();
    await context.close();
  });

  test("what looks like a closed window gives the fields back, and still finishes", async () => {
    const { page, context } = await visit(it.browser, it.blog.page("/severed-slow", plainPage()));
    await write(page, "Slowly.");
    const popup = await openWindow(page);
    await popup.locator("[name=login]").waitFor();
    await said(page).getByText(STRIP).waitFor();
    await page.getByRole("textbox", { name: "Name" }).focus();
    await signInThere(popup);
    const digits = said(page).getByText(/They are \d\d\./);
    await digits.waitFor();
    // The field that had the focus is gone.
    expect(await focused(page)).toBe("Cancel");
    await popup.locator("[name=digits]").fill(/(\d\d)\./.exec(await digits.innerText())![1]!);
    await popup.getByRole("button", { name: "Continue" }).click();
    await said(page).getByText(SIGNED).waitFor();
    await context.close();
  });

  test("while the window lies before the page it is not taken for closed", async () => {
    const { page, context } = await visit(it.browser, it.blog.page("/severed-before", plainPage()));
    await page.evaluate(() => (Document.prototype.hasFocus = () => false));
    await write(page, "Before.");
    const popup = await openWindow(page);
    await popup.locator("[name=login]").waitFor();
    const asked = () => page.waitForResponse((response) => response.url().endsWith("/auth/finish"));
    for (let times = 0; times < 3; times++) await asked();
    expect(await said(page).innerText()).toBe("Connecting to Figures…");
    await page.keyboard.press("Escape");
    await said(page).getByText(STRIP).waitFor();
    await context.close();
  });
});

describe("with a provider as they mostly are", () => {
  let it: SigningIn;
  beforeAll(async () => void (it = await signingIn({ flags: ["--host-resolver-rules=MAP blog.example 127.0.0.1"] })));
  afterAll(() => it.close());

  test("on a page that isolates itself (COOP) the window is still sent on, and the digits finish it", async () => {
    const headers = { "Cross-Origin-Opener-Policy": "same-origin" };
    const { page, context } = await visit(it.browser, it.blog.page("/isolated", plainPage(), headers));
    await write(page, "Alone.");
    const popup = await openWindow(page);
    await signInThere(popup);
    const digits = said(page).getByText(/They are \d\d\./);
    await digits.waitFor();
    await popup.locator("[name=digits]").fill(/(\d\d)\./.exec(await digits.innerText())![1]!);
    await popup.getByRole("button", { name: "Continue" }).click();
    await said(page).getByText(SIGNED).waitFor();
    await context.close();
  });

  test("in a frame of another site, whose storage is partitioned, it works as well", async () => {
    const inner = it.blog.page("/framed", plainPage());
    const outer = it.blog
      .page("/frame", `<iframe src="${inner}" style="width:100%;height:1000px"></iframe>`)
      .replace("127.0.0.1", "localhost");
    const { page, context } = await visit(it.browser, outer);
    const frame = page.frameLocator("iframe");
    await frame.getByRole("textbox", { name: "Write a comment" }).focus();
    const [popup] = await Promise.all([page.waitForEvent("popup"), frame.getByRole("button", { name: "Figures" }).click()]);
    await signInThere(popup);
    await popup.locator("#digits").waitFor({ state: "hidden" });
    await popup.getByRole("button", { name: "Continue" }).click();
    await frame.getByText(SIGNED).waitFor();
    await context.close();
  });

  test("where nothing may be kept it works for this visit, and a page that can't open a window is not left", async () => {
    const script = `<script>Object.defineProperty(window, "localStorage", { get() { throw new DOMException("No", "SecurityError"); } })</script>`;
    const { page, context, complaints } = await visit(it.browser, it.blog.page("/forgetful", plainPage({ head: script })));
    await write(page, "Only now.");
    await page.evaluate(() => Object.assign(globalThis, { opens: open, open: () => null }));
    await page.getByRole("button", { name: "Figures" }).click();
    await said(page).getByText("Logging in did not work.").waitFor();
    expect([await focused(page), await page.locator("you-figure textarea").inputValue()]).toEqual(["Figures", "Only now."]);
    await page.evaluate(() => Object.assign(globalThis, { open: (globalThis as unknown as { opens: unknown }).opens }));
    await signIn(page);
    await page.getByRole("button", { name: "Post Comment" }).click();
    await page.locator("you-figure .marked", { hasText: "Only now." }).waitFor();
    await write(page, "Still now.");
    await said(page).getByText(SIGNED).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("on a page without https there is no crypto.subtle and no randomUUID, and none is needed", async () => {
    const origin = it.blog.url.replace("127.0.0.1", "blog.example");
    const { services, site } = it.blog;
    const log = { id: services.newId(), at: services.now(), by: "test", action: "site" } as const;
    await services.store.updateSite(site.id, { origins: [it.blog.url, origin] }, log);
    it.blog.page("/plain-http", plainPage());
    const { page, context, complaints } = await visit(it.browser, `${origin}/plain-http`);
    expect(await page.evaluate(() => [isSecureContext, typeof crypto.subtle, typeof crypto.randomUUID])).toEqual([
      false,
      "undefined",
      "undefined",
    ]);
    await write(page, "In the clear.");
    await signIn(page);
    await page.getByRole("button", { name: "Post Comment" }).click();
    await page.locator("you-figure .marked", { hasText: "In the clear." }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("a session that ended elsewhere is told at the post: the text is kept, and another try works", async () => {
    const { page, context } = await visit(it.browser, it.blog.page("/elsewhere", plainPage()));
    await write(page, "Kept all along.");
    await signIn(page);
    const { token } = await page.evaluate(() => JSON.parse(localStorage.getItem("you-figure:reader")!) as { token: string });
    await fetch(`${it.blog.comments}/api/v1/auth/sign-out`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: it.blog.url, authorization: `Bearer ${token}` },
      body: JSON.stringify({ url: `${it.blog.url}/elsewhere` }),
    });
    await page.getByRole("button", { name: "Post Comment" }).click();
    await said(page).getByText("Your login has ended. Your text is kept.").waitFor();
    // The first way of the strip.
    await vi.waitFor(async () => expect(await focused(page)).toBe("GitHub"));
    expect(await page.locator("you-figure [role=alert]").count()).toBe(0);
    expect(await page.locator("you-figure textarea").inputValue()).toBe("Kept all along.");
    await page.getByRole("textbox", { name: "Name" }).waitFor();
    const popup = await openWindow(page);
    await popup.locator("#digits").waitFor({ state: "hidden" });
    await popup.locator("form button").click();
    await said(page).getByText(SIGNED).waitFor();
    await page.getByRole("button", { name: "Post Comment" }).click();
    await page.locator("you-figure .marked", { hasText: "Kept all along." }).waitFor();
    await context.close();
  });

  test("the server may start anew between the click and the end; a sign-in that it does not know any more fails in words", async () => {
    const { page, context } = await visit(it.browser, it.blog.page("/restart", plainPage()));
    await write(page, "Patience.");
    const popup = await openWindow(page);
    await popup.locator("[name=login]").waitFor();
    await it.blog.restart();
    await signInThere(popup);
    await popup.locator("#digits").waitFor({ state: "hidden" });
    await popup.locator("form button").click();
    await said(page).getByText(SIGNED).waitFor();
    await page.getByRole("button", { name: "Log Out" }).click();

    const late = await openWindow(page);
    await late.locator("form button").waitFor();
    await it.blog.restart(undefined, () => Date.now() + 31 * 60_000);
    await said(page).getByText("Logging in did not work. Please try again.").waitFor();
    expect(await focused(page)).toMatch(/Figures/);
    await it.blog.restart();
    await context.close();
  });

  test("two boxes of one page are the same reader's, and so are two tabs", async () => {
    const second = `<you-figure id="second" data-url="{{blog}}/other" data-lang="en"></you-figure>`;
    const { page, context } = await visit(
      it.browser,
      it.blog.page("/two", plainPage({ body: `<you-figure id="first"></you-figure>${second}` })),
    );
    await write(page, "Here.", "#first");
    await write(page, "And there.", "#second");
    const other = await context.newPage();
    await other.goto(it.blog.page("/third", plainPage()));
    await write(other, "Elsewhere.");
    await page.bringToFront();
    await signIn(page, "#first");
    expect(await focused(page)).toBe("you-body");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("first");
    await said(page, "#second").getByText(SIGNED).waitFor();
    await said(other).getByText(SIGNED).waitFor();
    // Back at the fields in one of them only.
    await page.locator("#second").getByRole("button", { name: "Change" }).click();
    await said(page, "#second").getByText(STRIP).waitFor();
    expect(await said(page, "#first").innerText()).toContain(SIGNED);
    await page.locator("#first").getByRole("button", { name: "Log Out" }).click();
    await said(page, "#first").getByText(STRIP).waitFor();
    await said(other).getByText(STRIP).waitFor();
    await context.close();
  });

  test("a box that moves below a comment, or is drawn anew in another theme, takes the sign-in along", async () => {
    await it.blog.say("/moved", { body: "What do you think?", name: "Ben" });
    const { page, context } = await visit(it.browser, it.blog.page("/moved", plainPage({ body: `<you-figure></you-figure>` })));
    await write(page, "Below you.");
    const popup = await openWindow(page);
    await said(page).getByText("Connecting to Figures…").waitFor();
    await page.getByRole("button", { name: "Reply to Ben" }).click();
    await page.getByRole("heading", { name: "Reply to Ben" }).waitFor();
    expect(await said(page).innerText()).toBe("Connecting to Figures…");
    expect(await focused(page)).toBe("you-body");
    await page.locator("you-figure textarea").fill("Below you.");
    await page.locator("you-figure").evaluate((element) => element.setAttribute("data-theme", "dark"));
    await page.locator("you-figure [data-theme=dark]").waitFor();
    await write(page, "Below you, in the dark.");
    expect(await said(page).innerText()).toBe("Connecting to Figures…");
    await signInThere(popup);
    await popup.locator("#digits").waitFor({ state: "hidden" });
    await popup.locator("form button").click();
    await said(page).getByText(SIGNED).waitFor();
    await page.getByRole("button", { name: "Reply to Ben" }).click();
    expect(await said(page).innerText()).toContain(SIGNED);
    await page.getByRole("button", { name: "Cancel reply" }).click();
    expect(await said(page).innerText()).toContain(SIGNED);
    await context.close();
  });

  test("where the page itself is left for it and the provider says no, there is a way back, and the draft is there", async () => {
    const { page, context } = await visit(it.browser, it.blog.page("/no", plainPage({ head: "<script>open = () => null</script>" })));
    await write(page, "Not lost.");
    await page.getByRole("button", { name: "Figures" }).click();
    await page.getByRole("link", { name: "[ Cancel ]" }).click();
    await page.getByRole("heading", { name: "This sign-in did not work." }).waitFor();
    await page.getByRole("link", { name: "Back to the page" }).click();
    await page.waitForURL(`${it.blog.url}/no`);
    await page.locator("you-figure textarea").focus();
    expect(await page.locator("you-figure textarea").inputValue()).toBe("Not lost.");
    await context.close();
  });

  test("when the code for signing in can't be had, guests write as ever", async () => {
    const { page, context } = await visit(it.browser, it.blog.page("/without", plainPage()));
    await page.route(/sign-in-[\w-]+\.js$/, (route) => route.abort());
    await write(page, "As a guest.");
    await page.getByRole("textbox", { name: "Email" }).fill("ada@reader.example");
    await page.getByRole("textbox", { name: "Name" }).fill("Ada");
    await page.getByRole("button", { name: "Post Comment" }).click();
    await page.locator("you-figure .marked", { hasText: "As a guest." }).waitFor();
    await context.close();
  });

  test("when what follows the window can't be had, it says that logging in did not work", async () => {
    const { page, context } = await visit(it.browser, it.blog.page("/unfollowed", plainPage()));
    await page.route(/watch-window-[\w-]+\.js$/, (route) => route.abort());
    await write(page, "Nearly.");
    const popup = await openWindow(page);
    await said(page).getByText("Logging in did not work.").waitFor();
    expect([popup.isClosed(), await focused(page)]).toEqual([true, "Figures"]);
    await context.close();
  });

  test("where really no window may open, the page goes itself and comes back signed in, with its draft and the focus on it", async () => {
    const headers = { "content-security-policy": "sandbox allow-scripts allow-same-origin allow-forms" };
    const { page, context } = await visit(it.browser, it.blog.page("/blocked", plainPage(), headers));
    expect(await page.evaluate(() => open(""))).toBeNull();
    await write(page, "There and back.");
    await page.getByRole("button", { name: "Figures" }).click();
    await signInThere(page);
    await page.getByRole("button", { name: "Continue" }).click();
    await said(page).getByText(SIGNED).waitFor();
    expect(await page.locator("you-figure textarea").inputValue()).toBe("There and back.");
    await vi.waitFor(async () => expect(await focused(page)).toBe("you-body"));
    expect(page.url()).toBe(`${it.blog.url}/blocked`);
    await context.close();
  });

  test("nothing is posted while the window is open", async () => {
    const { page, context } = await visit(it.browser, it.blog.page("/early", plainPage()));
    await write(page, "Too early.");
    const popup = await openWindow(page);
    await said(page).getByText("Connecting to Figures…").waitFor();
    await page.getByRole("button", { name: "Post Comment" }).click();
    await vi.waitFor(async () => expect(await focused(page)).toBe("Cancel"));
    expect(await page.locator("you-figure [role=alert]").count()).toBe(0);
    await Promise.all([popup.waitForEvent("close"), page.keyboard.press("Enter")]);
    await context.close();
  });
});
