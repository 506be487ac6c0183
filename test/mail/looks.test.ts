import { AxeBuilder } from "@axe-core/playwright";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { renderDoubtPage } from "../../server/render/doubt-page.tsx";
import { launch } from "../e2e/browser.ts";
import { panelServer, type PanelServer } from "../panel/panel-browser.ts";
import { mailing, type Mailing } from "./mailing.ts";

let browser: Browser;
let mail: Mailing;
beforeAll(async () => void ([browser, mail] = await Promise.all([launch(), mailing({ settings: { letters: "all" } })])));
afterAll(async () => {
  await browser.close();
  await mail.close();
});

const screenshots = process.env["SCREENSHOTS"];
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

test.each([
  ["de", "ltr"],
  ["ar", "rtl"],
] as const)("an answer by letter in %s is set in its direction, overflows nowhere, and axe finds nothing", async (lang, direction) => {
  const email = `anna-${lang}@reader.example`;
  const headers = { "accept-language": lang };
  const asked = (await (await mail.post({ email, notify: true, body: `Frage ${lang}` }, headers)).json()) as { comment: { id: string } };
  const { store } = mail.services;
  await mail.deliver();
  const token = new URL(/https:\S+token=\S+/.exec(mail.last(email).mail.text ?? "")![0]).searchParams.get("token")!;
  await store.confirmFollows(mail.site.id, token.split(".")[1]!);
  const body = "Wörter, كلمات und https://evil.example/x.png — " + "einsehrlangeswortohneleerzeichen".repeat(6);
  await mail.post({ name: "سلمى", email: "salma@reader.example", body, parent: asked.comment.id }, headers);
  await mail.deliver();
  const page = await (await browser.newContext({ viewport: { width: 360, height: 640 } })).newPage();
  await page.setContent(mail.last(email).mail.html ?? "");
  expect(await page.evaluate(() => [document.dir, document.documentElement.lang])).toEqual([direction, lang]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect((await new AxeBuilder({ page }).withTags(TAGS).analyze()).violations.map(({ id }) => id)).toEqual([]);
  if (screenshots) await page.screenshot({ path: `${screenshots}/letter-${lang}.png`, fullPage: true });
  await page.context().close();
});

test.each(["en", "de", "ar"] as const)("the page that asks “was it you?” in %s: axe finds nothing", async (lang) => {
  const { services, site } = mail;
  const { rows } = await services.store.queue({ sort: "newest", limit: 1 });
  const doubt = { site, row: rows[0]!.row, page: rows[0]!.page };
  const page = await (await browser.newContext({ viewport: { width: 360, height: 640 } })).newPage();
  await page.setContent(renderDoubtPage({ lang, style: undefined, token: "t", doubt }));
  for (const sheet of ["tokens", "thread", "page"]) await page.addStyleTag({ path: `widget/style/${sheet}.css` });
  expect(await page.getByRole("button").count()).toBe(2);
  expect((await new AxeBuilder({ page }).withTags(TAGS).analyze()).violations.map(({ id }) => id)).toEqual([]);
  if (screenshots) await page.screenshot({ path: `${screenshots}/doubt-${lang}.png`, fullPage: true });
  await page.context().close();
});

test("the panel tells of letters that were given up, in any direction and width; axe finds nothing, and “Try again” works by keyboard", async () => {
  const panel: PanelServer = await panelServer({ SMTP_URL: "smtp://127.0.0.1:1", MAIL_FROM: "comments@blog.example" });
  const { store, now } = panel.services;
  const at = now() + 3_600_000;
  const base = { site: 0, kind: "test", lang: "en", about: {}, dueAt: at, expiresAt: at + 86_400_000 } as const;
  for (const key of ["a", "b"]) {
    await store.addLetters([{ ...base, key, to: `${key.repeat(30)}@a-rather-long-host-name.reader.example` }]);
    await store.letterFailed({ site: 0, key }, "550 5.1.1 No such mailbox, and never was one at this place", true);
  }
  for (const options of [{}, { locale: "ar", viewport: { width: 360, height: 800 }, colorScheme: "dark" }, { locale: "de" }] as const) {
    const { page, close } = await panel.open(browser, { path: "/panel#/you", ...options });
    const section = page.locator("section", { has: page.locator("bdi", { hasText: "aaaa" }) });
    await section.waitFor();
    await section.scrollIntoViewIfNeeded();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect((await new AxeBuilder({ page }).withTags(TAGS).analyze()).violations.map(({ id }) => id)).toEqual([]);
    if (screenshots) await section.screenshot({ path: `${screenshots}/panel-mail-${"locale" in options ? options.locale : "en"}.png` });
    if (!("locale" in options)) {
      await section.getByRole("button", { name: /^Try again: a/ }).focus();
      await page.keyboard.press("Enter");
      await section.locator("bdi", { hasText: "aaaa" }).waitFor({ state: "detached" });
      await store.letterFailed({ site: 0, key: "a" }, "550 5.1.1 No such mailbox", true);
    }
    await close();
  }
  await panel.close();
});
