import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launch } from "../e2e/browser.ts";
import { type Opened, type PanelOptions, panelServer, type PanelServer } from "./panel-browser.ts";

let server: PanelServer;
let browser: Browser;
beforeAll(async () => {
  server = await panelServer();
  const { store, newId, now } = server.services;
  const site = server.site.id;
  const empty = { label: "Work", issuer: "", client: "", secret: "", on: true, place: 0 };
  await store.addWay({ ...empty, site, id: `${site}-oidc`, kind: "oidc" }, { id: newId(), at: now(), by: "test", action: "site" });
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

const rows = (page: Page) => page.locator(".row");
const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};

beforeEach(() => server.clear());

async function open(path = "/panel", options: PanelOptions = {}): Promise<Opened> {
  const opened = await server.open(browser, { path, ...options });
  await opened.page.locator(".views").waitFor();
  return opened;
}

/** Ten pages, each read by axe: minutes on a machine that is busy. */
const AXE_TIMEOUT = 240_000;

describe("however it is looked at", () => {
  const says = async () => {
    const parent = await server.say(
      "I bind my own notebooks.\n\n```js\nconst paste = mix(wheat, water); // a line that is longer than any telephone is wide\n```",
      {
        website: "https://anna.example",
      },
    );
    await server.say("هل يمكن استعمال النشا؟ wait", { name: "سلمى", parent });
    await server.say(`Please wait. ${"Averylongwordwithoutanyspace".repeat(8)}`, { name: "Someone with a rather long name" });
  };
  /** Colours and structure are the same whatever the width and the language: what axe looks at slowly, it looks at twice. */
  const looks: [string, PanelOptions, "axe everywhere" | "axe on the queue"][] = [
    ["in light", { colorScheme: "light" }, "axe everywhere"],
    ["in dark, from right to left", { colorScheme: "dark", locale: "ar" }, "axe everywhere"],
    ["at 390 pixels, by touch", { viewport: { width: 390, height: 800 }, hasTouch: true }, "axe on the queue"],
    ["at 320 pixels in dark", { viewport: { width: 320, height: 700 }, colorScheme: "dark" }, "axe on the queue"],
    ["in German, from a wide screen", { locale: "de-AT", viewport: { width: 1600, height: 900 } }, "axe on the queue"],
  ];

  test.each(looks)(
    "%s nothing overflows and axe finds nothing, in any view",
    async (_, options, how) => {
      await says();
      const { page, complaints, close } = await open("/panel#/all", options);
      await rows(page).nth(2).waitFor();
      const check = async (what: string) => {
        const width = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        expect([what, width[0]]).toEqual([what, width[1]]);
        if (how === "axe on the queue" && what !== "queue") return;
        const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
        const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
        expect([what, violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 160))])]).toEqual([what, []]);
      };
      await check("queue");
      await press(page, "x", "e");
      await page.locator(".editor").waitFor();
      await check("editor");
      await press(page, "Escape", "i");
      await page.locator("dialog .facts").waitFor();
      await check("drawer");
      await press(page, "Escape", "?");
      await page.locator("dialog dl").waitFor();
      await check("help");
      await press(page, "Escape");
      for (const [name, there] of [
        ["#/spam", ".empty"],
        ["#/sites", ".sites li"],
        [`#/sites/${server.site.id}`, ".snippet .seen"],
        [`#/sites/${server.site.id}/settings`, ".settings .field"],
        [`#/sites/${server.site.id}/ways`, ".ways li form"],
        [`#/sites/${server.site.id}/pages`, ".pages li"],
        ["#/you", ".form"],
      ] as const) {
        await page.goto(`${server.url}/panel${name}`);
        await page.locator(there).first().waitFor();
        await check(name);
      }
      await page.locator("section .buttons button").first().click();
      await page.locator(".door form").waitFor();
      await check("door");
      expect(complaints).toEqual([]);
      await close();
    },
    AXE_TIMEOUT,
  );

  test("a thumb approves", async () => {
    await server.say("Please wait.");
    const { page, close } = await open("/panel", { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true });
    const approve = page.getByRole("button", { name: "Approve", exact: true });
    await approve.waitFor();
    expect((await approve.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await approve.tap();
    await page.getByText("Nothing waits.").waitFor();
    const undo = page.getByRole("button", { name: "Undo" });
    expect((await undo.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await undo.tap();
    await approve.waitFor();
    await close();
  });

  test("a comment of any text is text: no markup, no dialog, no request elsewhere", async () => {
    const requests: string[] = [];
    await server.say('<img src=x onerror=alert(1)> [a](javascript:alert(1)) <b onclick="alert(1)">', {
      name: '"><img src=//evil.example>',
    });
    const { page, complaints, close } = await open("/panel#/all");
    page.on("dialog", (dialog) => requests.push(dialog.message()));
    page.on("request", (request) => request.url().startsWith(server.url) || requests.push(request.url()));
    await page.reload();
    await rows(page).first().waitFor();
    expect(await page.locator(".row .body img, .row [onclick], .row a[href^=javascript]").count()).toBe(0);
    expect([requests, complaints]).toEqual([[], []]);
    await close();
  });
});
