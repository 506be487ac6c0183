import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import * as v from "valibot";
import { makeLink } from "../../server/auth/link.ts";
import { readConfig } from "../../server/config.ts";
import { serve } from "../../server/main.ts";
import type { Services } from "../../server/services.ts";
import type { Site } from "../../server/store/records.ts";
import { Settings } from "../../server/wire/settings.ts";
import { buildWidget } from "../../widget/build.mjs";
import { OWNER } from "./owner.ts";

const BLOG = "https://blog.example";
/** Nothing is held but what a test marks with a word, and nothing is too fast. */
const SETTINGS: Partial<Settings> = { minAge: 0, floor: 0, burst: 0, holdFirst: false, holdWords: ["wait"], trashWords: ["rubbish"] };
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A running server, with the panel built, and a blog whose readers post over HTTP. */
export interface PanelServer {
  /** http://localhost:PORT, where passkeys work. */
  url: string;
  services: Services;
  site: Site;
  /** A one-time link, as the console prints it. */
  link(purpose: "setup" | "login"): Promise<string>;
  /** A reader's comment; its id. It waits if it has the word “wait”. */
  say(body: string, more?: { name?: string; parent?: string; page?: string; website?: string }): Promise<string>;
  /** Deletes every comment. */
  clear(): Promise<void>;
  /** A signed-in panel in a browser context of its own. */
  open(browser: Browser, options?: PanelOptions): Promise<Opened>;
  close(): Promise<void>;
}
export interface PanelOptions extends BrowserContextOptions {
  path?: string;
}
export interface Opened {
  page: Page;
  /** Errors and violations that the browser reported. */
  complaints: string[];
  close(): Promise<void>;
}

export async function panelServer(env: Record<string, string> = {}): Promise<PanelServer> {
  const folder = mkdtempSync(join(tmpdir(), "youfigure-panel-"));
  const assets = join(folder, "assets");
  await buildWidget({ outDir: assets });
  const running = await serve(readConfig({ DATABASE_URL: `file:${join(folder, "test.db")}`, PORT: "0", ...env }), { log: quiet, assets });
  const { services } = running;
  const url = services.config.publicUrl;
  const site = await services.store.addSite(
    { name: "A blog", origins: [BLOG], aliases: {}, settings: { ...v.parse(Settings, {}), ...SETTINGS }, createdAt: services.now() },
    { id: services.newId(), at: services.now(), by: "test", action: "site" },
  );
  const send = async <Answer>(path: string, body: object): Promise<Answer> => {
    const headers = { origin: BLOG, "content-type": "application/json" };
    const answer = await fetch(`${running.url}/api/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json() as Promise<Answer>;
  };
  const link = (purpose: "setup" | "login") => makeLink(services, purpose);
  return {
    url,
    services,
    site,
    link,
    async say(body, { name = "Anna", parent, page = "post", website = "" } = {}) {
      const address = `${BLOG}/${page}`;
      const { token } = await send<{ token: string }>("form-token", { url: address });
      const input = {
        url: address,
        body,
        name,
        email: `${name.length}@reader.example`,
        website,
        parent: parent ?? null,
        token,
        title: `All about ${page}`,
      };
      return (await send<{ comment: { id: string } }>("comments", input)).comment.id;
    },
    async clear() {
      for (const status of [undefined, "spam", "trash"] as const) {
        const { rows } = await services.store.queue({ status, sort: "oldest", limit: 200 });
        const log = { id: services.newId(), at: services.now(), by: "test", action: "purge" } as const;
        await services.store.purge(
          rows.map(({ row }) => row),
          log,
        );
      }
    },
    async open(browser, { path = "/panel", ...options } = {}) {
      const opened = await openPage(browser, options);
      await enter(opened.page.context(), services);
      await opened.page.goto(url + path);
      return opened;
    },
    async close() {
      await running.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An empty page in a context of its own; everything that it complains about is noted. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "UTC", reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => message.type() === "error" && complaints.push(`console: ${message.text()}`));
  return { page, complaints, close: () => context.close() };
}

/** Makes the owner where there is none yet, and signs this browser in. */
export async function enter(context: BrowserContext, services: Services): Promise<void> {
  const url = services.config.publicUrl;
  const isSetUp = (await services.store.owners()).length > 0;
  const token = tokenOf(await makeLink(services, isSetUp ? "login" : "setup"));
  const cookie = isSetUp ? await signIn(url, "/login/link", { token }) : await signIn(url, "/setup", { ...OWNER, token });
  await context.addCookies([
    {
      name: "__Host-youfigure",
      value: cookie,
      url: `${url.replace("http:", "https:")}/`,
      secure: true,
      httpOnly: true,
      sameSite: "Strict",
    },
  ]);
}

const tokenOf = (link: string) => link.split("=").pop() as string;

async function signIn(url: string, path: string, body: object): Promise<string> {
  const headers = { origin: url, "content-type": "application/json", "x-youfigure": "1" };
  const answer = await fetch(`${url}/api/v1/panel${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  const cookie = /__Host-youfigure=([\w-]+)/.exec(answer.headers.get("set-cookie") ?? "")?.[1];
  if (!cookie) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return cookie;
}
