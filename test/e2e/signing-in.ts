import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { Settings } from "../../server/wire/settings.ts";
import { type Issuer, openIssuer } from "../auth/issuer.ts";
import { type Blog, launch, NO_THIRD_PARTY_COOKIES, openBlog } from "./browser.ts";

/** A browser without third-party cookies, a provider, and a blog whose readers sign in there; two more providers are named only. */
export interface SigningIn {
  browser: Browser;
  issuer: Issuer;
  blog: Blog;
  close(): Promise<void>;
}
export interface SigningInOptions {
  settings?: Partial<Settings>;
  /** Of each answer of the provider. */
  headers?: Record<string, string>;
  env?: Record<string, string>;
  flags?: string[];
}

/** A drawing of the issuer's own. */
export const ICON = "M3 21h18V3zM6 18h12V9z";

export async function signingIn({ settings, headers, env, flags = [] }: SigningInOptions = {}): Promise<SigningIn> {
  const issuer = await openIssuer(headers);
  const own = { label: "Figures", issuer: issuer.url, ...issuer.client };
  const [browser, blog] = await Promise.all([
    launch(NO_THIRD_PARTY_COOKIES, ...flags),
    openBlog(settings, undefined, {
      GITHUB: "client:secret",
      GOOGLE: "client:secret",
      OIDC: JSON.stringify([
        { id: "work", icon: ICON, ...own },
        { id: "club", ...own, label: "Chess club" },
      ]),
      OUTBOUND_ALLOW: issuer.place,
      ...env,
    }),
  ]);
  issuer.open(`${blog.services.config.publicUrl}/auth/callback/work`);
  return {
    browser,
    issuer,
    blog,
    async close() {
      await browser.close();
      await blog.close();
      await issuer.close();
    },
  };
}

/** Opens the box and writes. */
export async function write(page: Page, words: string, where = "you-figure"): Promise<void> {
  const text = page.locator(where).getByRole("textbox", { name: "Write a comment" });
  await text.focus();
  await page.locator(`${where} .submit`).waitFor();
  await text.fill(words);
}

/** On the provider's own pages. */
export async function signInThere(page: Page, name = "anna"): Promise<void> {
  await page.locator("[name=login]").fill(name);
  await page.locator("[name=password]").fill("whatever");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

/** Presses the button of the way and gives the window that it opens. */
export async function openWindow(page: Page, way = "Figures", where = "you-figure"): Promise<Page> {
  const button = page.locator(where).getByRole("button", { name: way });
  return (await Promise.all([page.waitForEvent("popup"), button.click()]))[0];
}

/** The whole way: the window, the provider, the button, until the box says who one is. */
export async function signIn(page: Page, where = "you-figure"): Promise<void> {
  const popup = await openWindow(page, "Figures", where);
  await signInThere(popup);
  await popup.locator("#digits").waitFor({ state: "hidden" });
  await Promise.all([popup.waitForEvent("close"), popup.locator("form button").click()]);
  await page.locator(where).getByText("You are commenting using your Figures account.").waitFor();
}

/** What has the focus, through every shadow root: its text, else its id, else its name. "" for nothing. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    let at = document.activeElement as HTMLElement | null;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement as HTMLElement;
    return at && at !== document.body ? (at as HTMLTextAreaElement).id || at.innerText.trim() || at.tagName : "";
  });

/** The strip's one live region. */
export const said = (page: Page, where = "you-figure") => page.locator(`${where} .ways [role=status]`);

/** With SCREENSHOTS=FOLDER a state is kept there as a picture, and named in a list of them all. */
export async function picture(page: Page, name: string, what: string): Promise<void> {
  const folder = process.env["SCREENSHOTS"];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  const list = join(folder, "states.md");
  const line = `- [${name}](${name}.png): ${what}\n`;
  if (!existsSync(list) || !readFileSync(list, "utf8").includes(line)) appendFileSync(list, line);
}
