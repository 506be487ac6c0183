import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { expectAccessible, expectLegible } from "./axe.ts";
import { plainPage, visit } from "./browser.ts";
import { focused, openWindow, picture, said, signInThere, type SigningIn, signingIn, write } from "./signing-in.ts";

let it: SigningIn;
beforeAll(async () => void (it = await signingIn()));
afterAll(() => it.close());

const LOOKS: [string, { lang: string; pageLang?: string }, BrowserContextOptions][] = [
  ["light", { lang: "en" }, { colorScheme: "light" }],
  ["dark-german-phone", { lang: "de" }, { colorScheme: "dark", viewport: { width: 320, height: 720 } }],
  ["arabic", { lang: "ar" }, { colorScheme: "light", viewport: { width: 390, height: 800 } }],
];
const WORDS = {
  en: { connecting: "Connecting to Figures…", ask: "Continue as Anna Figure on Blog?", failed: "This sign-in did not work." },
  de: {
    connecting: "Verbindung zu Figures…",
    ask: "Als Anna Figure auf Blog weitermachen?",
    failed: "Diese Anmeldung hat nicht geklappt.",
  },
  ar: { connecting: "جارٍ الاتصال بـ Figures…", ask: "المتابعة باسم Anna Figure في Blog؟", failed: "لم ينجح تسجيل الدخول هذا." },
};

describe.each(LOOKS)("looked at in %s", (look, { lang }, options) => {
  const see = async (page: Page, state: string, what: string) => {
    const width = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect([state, width[0]! <= width[1]!]).toEqual([state, true]);
    await (options.colorScheme === "dark" ? expectLegible(page) : expectAccessible(page));
    await picture(page, `sign-in-${look}-${state}`, what);
  };

  test("every state reads well, fits, and is told apart", async () => {
    const words = WORDS[lang as keyof typeof WORDS];
    const head = "<style>you-figure{--you-accent:light-dark(#8a3324,#f0b49f)}</style>";
    const { page, context, complaints } = await visit(it.browser, it.blog.page(`/states-${look}`, plainPage({ lang, head })), options);
    const box = page.locator("you-figure");
    await box.locator("textarea").focus();
    await box.locator(".ways path").first().waitFor();
    await see(page, "guest", "the strip above the fields");
    expect(await box.locator(".ways").evaluate((strip) => getComputedStyle(strip).direction)).toBe(lang === "ar" ? "rtl" : "ltr");
    await box.locator("textarea").fill("A thought.");
    const popup = await openWindow(page);
    await said(page).getByText(words.connecting, { exact: true }).waitFor();
    await see(page, "connecting", "the window is open");
    await signInThere(popup);
    await popup.getByRole("heading", { name: words.ask }).waitFor();
    expect(await popup.locator("html").getAttribute("dir")).toBe(lang === "ar" ? "rtl" : "ltr");
    expect(await popup.locator("html").getAttribute("lang")).toBe(lang);
    await popup.emulateMedia({ colorScheme: options.colorScheme ?? null });
    await see(popup, "window-ask", "the window asks before anything is done");
    // As where nothing reaches the window.
    await popup.evaluate(() => (document.getElementById("digits")!.hidden = false));
    await see(popup, "window-digits", "the window asks for the digits, too");
    await popup.locator("[name=digits]").evaluate((field: HTMLInputElement) => (field.value = "x"));
    await popup.locator("form button").click();
    await popup.getByRole("alert").waitFor();
    await see(popup, "window-wrong-digits", "the digits were others");
    await popup.locator("#digits").waitFor({ state: "hidden" });
    await Promise.all([popup.waitForEvent("close"), popup.locator("form button").click()]);
    await said(page).locator("strong").waitFor();
    await see(page, "signed-in", "who one is, Log Out and Change");
    await box.locator(".account button").nth(1).click();
    await box.locator("input[name=name]").waitFor();
    await see(page, "changed", "back at the fields, still signed in");
    await box.locator(".ways li button", { hasText: "Figures" }).click();
    await box.locator(".account button").first().click();
    await box.locator(".ways li").first().waitFor();
    const lost = await context.newPage();
    await lost.goto(`${it.blog.comments}/auth/go/1.${"x".repeat(43)}`);
    await lost.locator("h1").waitFor();
    await see(lost, "window-failed", "a sign-in that is not known any more");
    expect(complaints).toEqual([]);
    await context.close();
  }, 240_000);
});

test("each way is a button with a name and a drawing, the last one used first and marked, and each change is said in one place", async () => {
  const { page, context } = await visit(it.browser, it.blog.page("/walk", plainPage()));
  const box = page.locator("you-figure");
  await write(page, "Step by step.");
  const ways = () => box.locator(".ways li button").allInnerTexts();
  expect(await ways()).toEqual(["GitHub", "Google", "Figures", "Chess club"].map((name) => expect.stringContaining(name)));
  await box.locator(".ways path").nth(2).waitFor();
  for (const name of ["GitHub", "Google", "Figures"])
    expect(await box.getByRole("button", { name, exact: true }).locator("path").count()).toBe(1);
  expect(await box.getByRole("button", { name: "Chess club" }).locator("text").textContent()).toBe("C");

  const region = await said(page).elementHandle();
  const heard = async () => [await region!.evaluate((node) => node.isConnected), (await region!.innerText()).trim(), await focused(page)];
  const STRIP = "Fill in your details below or click an icon to log in:";
  expect((await heard()).slice(0, 2)).toEqual([true, STRIP]);

  let popup = await openWindow(page);
  expect(await heard()).toEqual([true, "Connecting to Figures…", "Cancel"]);
  expect(await box.getByRole("textbox", { name: "Name" }).count()).toBe(0);
  await popup.locator("[name=login]").waitFor();
  await Promise.all([popup.waitForEvent("close"), page.keyboard.press("Enter")]);
  await vi.waitFor(async () => expect(await heard()).toEqual([true, STRIP, "Figures"]));

  popup = await openWindow(page);
  await Promise.all([popup.waitForEvent("close"), page.keyboard.press("Escape")]);
  await vi.waitFor(async () => expect(await heard()).toEqual([true, STRIP, "Figures"]));

  popup = await openWindow(page);
  await popup.locator("[name=login]").waitFor();
  const closed = Date.now();
  await popup.close();
  await vi.waitFor(async () => expect(await heard()).toEqual([true, STRIP, "Figures"]), { timeout: 20_000 });
  // Three seconds, and as many again for a machine that is busy.
  expect(Date.now() - closed).toBeLessThan(6_000);

  popup = await openWindow(page);
  await popup.getByRole("link", { name: "[ Cancel ]" }).click();
  await vi.waitFor(async () => expect(await heard()).toEqual([true, `Logging in did not work. Please try again. ${STRIP}`, "Figures"]), {
    timeout: 20_000,
  });

  popup = await openWindow(page);
  await signInThere(popup);
  await popup.locator("#digits").waitFor({ state: "hidden" });
  await Promise.all([popup.waitForEvent("close"), popup.locator("form button").click()]);
  const SIGNED = "Anna Figure: You are commenting using your Figures account.";
  await vi.waitFor(async () => expect(await heard()).toEqual([true, SIGNED, "you-body"]), { timeout: 20_000 });

  await box.getByRole("button", { name: "Change" }).click();
  await vi.waitFor(async () => expect(await heard()).toEqual([true, STRIP, "Figures"]));
  await box.getByRole("textbox", { name: "Name" }).waitFor();
  let windows = 0;
  context.on("page", () => windows++);
  await page.keyboard.press("Enter");
  await vi.waitFor(async () => expect(await heard()).toEqual([true, SIGNED, "you-body"]));
  expect(windows).toBe(0);

  // Behind its preview the text can't have the focus; the preview can.
  await box.getByRole("button", { name: "Change" }).click();
  await box.getByRole("tab", { name: "Preview" }).click();
  await box.locator("#you-preview p").waitFor();
  await box.getByRole("button", { name: "Figures" }).click();
  await vi.waitFor(async () => expect(await heard()).toEqual([true, SIGNED, "you-preview"]));

  await page.reload();
  await write(page, "Step by step.");
  await said(page).getByText(SIGNED).waitFor();
  const ended = page.waitForResponse((response) => response.url().endsWith("/auth/sign-out"));
  await box.getByRole("button", { name: "Log Out" }).click();
  expect((await ended).status()).toBe(204);
  expect((await ways())[0]).toMatch(/Figures\s+last used/);
  expect(await focused(page)).toMatch(/Figures/);
  await context.close();
});

test("the strip comes with the box and moves nothing; nothing of it loads for who does not open the box", async () => {
  const { page, context } = await visit(it.browser, it.blog.page("/still", plainPage()), { viewport: { width: 800, height: 1400 } });
  const loaded: string[] = [];
  page.on("request", (request) =>
    loaded.push(
      request
        .url()
        .replace(/.*\//, "")
        .replace(/-[\w-]{8}\.js/, ".js"),
    ),
  );
  await page.reload();
  await page.waitForLoadState("networkidle");
  expect(loaded).toContain("desk.js");
  expect(loaded.filter((name) => /sign-in|later|watch-window|own-things|add-email/.test(name))).toEqual([]);
  await page.evaluate(() => {
    const root = document.querySelector("you-figure")!.shadowRoot!;
    const heights = ((globalThis as unknown as { heights: unknown[] }).heights = [] as unknown[]);
    new MutationObserver(() => {
      const rest = root.querySelector(".rest");
      if (rest) heights.push([rest.querySelectorAll(".ways li").length, rest.getBoundingClientRect().height]);
    }).observe(root, { subtree: true, childList: true, attributes: true });
  });
  await write(page, "Still.");
  await page.locator("you-figure .ways path").first().waitFor();
  expect(loaded).toContain("sign-in.js");
  expect(loaded).not.toContain("add-email.js");
  // From its first drawing on the box has the strip, and room for what is still to be drawn.
  const heights = await page.evaluate(() => (globalThis as unknown as { heights: [number, number][] }).heights);
  expect(heights[0]![0]).toBe(4);
  expect(heights).toEqual(heights.map(() => heights[0]));
  await context.close();
});
