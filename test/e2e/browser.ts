import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { postComment } from "../../server/comments/post.ts";
import { issueFormToken } from "../../server/comments/tokens.ts";
import { readConfig } from "../../server/config.ts";
import { type Running, serve } from "../../server/main.ts";
import type { Services } from "../../server/services.ts";
import type { Site } from "../../server/store/records.ts";
import { Settings } from "../../server/wire/settings.ts";
import { place } from "../server/place.ts";
import { buildWidget } from "../../widget/build.mjs";

/** What is blocked by other browsers, Chromium blocks with this. */
export const NO_THIRD_PARTY_COOKIES = "--test-third-party-cookie-phaseout";

export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser that the tests of deeds share within a file. */
export function launch(...more: string[]): Promise<Browser> {
  return chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: [...FLAGS, ...more] });
}

/** A blog with comments: two servers, two origins, one database in a folder of its own. */
export interface Blog {
  /** Origin of the blog. */
  url: string;
  /** Origin of the comments. */
  comments: string;
  readonly services: Services;
  site: Site;
  /** Adds a page to the blog: markup, and the headers it is sent with. */
  page(path: string, html: string, headers?: Record<string, string>): string;
  /** Posts a comment as a reader's browser does; its id. */
  say(path: string, fields: { body: string; name?: string; parent?: string | null; email?: string }): Promise<string>;
  /** Stops the server of the comments, and starts it again on the same port and database. */
  restart(meanwhile?: () => Promise<unknown>, now?: () => number): Promise<void>;
  close(): Promise<void>;
}

/** Without limits on speed and without holding, unless a test asks for them. */
const OPEN: Partial<Settings> = { minAge: 0, floor: 0, burst: 0, holdFirst: false };
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** `env` is for the server beyond its place. `build` writes the widget's files: today's without the panel, unless a test has older ones or wants both. */
export async function openBlog(
  settings: Partial<Settings> = {},
  build: (outDir: string) => Promise<unknown> = buildToday,
  env: Record<string, string> = {},
): Promise<Blog> {
  const folder = mkdtempSync(join(tmpdir(), "youfigure-e2e-"));
  const assets = join(folder, "assets");
  await build(assets);
  const placed = await place();
  const pages = new Map<string, { html: string; headers: Record<string, string> }>();
  const blog = await listen(
    createServer((request, response) => {
      const page = pages.get((request.url ?? "/").replace(/[?#].*/s, ""));
      response.writeHead(page ? 200 : 404, { "content-type": "text/html; charset=utf-8", ...page?.headers });
      response.end(page?.html);
    }),
  );
  const config = readConfig({ ...placed.env, ...env, PORT: "0" });
  let running: Running = await serve(config, { log: quiet, assets });
  const { services } = running;
  const site = await services.store.addSite(
    {
      name: "Blog",
      origins: [blog.url],
      aliases: {},
      settings: { ...v.parse(Settings, {}), ...OPEN, ...settings },
      createdAt: services.now(),
    },
    { id: services.newId(), at: services.now(), by: "test", action: "site" },
  );
  return {
    url: blog.url,
    comments: running.url,
    get services() {
      return running.services;
    },
    site,
    page(path, html, headers = {}) {
      pages.set(path, { html: html.replaceAll("{{comments}}", running.url).replaceAll("{{blog}}", blog.url), headers });
      return blog.url + path;
    },
    async say(path, { body, name = "Anna", parent = null, email = `reader${name.length}@reader.example` }) {
      const input = { url: blog.url + path, body, name, email, parent, website: "", phone: "", title: "A plain post", notify: false };
      const token = issueFormToken(running.services, site.id);
      const { comment } = await postComment(running.services, {
        input: { ...input, token },
        origin: blog.url,
        address: name,
        idempotencyKey: null,
        lang: "en",
      });
      return comment.id;
    },
    async restart(meanwhile, now) {
      await running.close();
      await meanwhile?.();
      running = await serve({ ...config, port: Number(new URL(running.url).port) }, { log: quiet, assets, ...(now && { now }) });
    },
    async close() {
      await running.close();
      blog.server.closeAllConnections();
      await new Promise((done) => blog.server.close(done));
      await placed.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const buildToday = (outDir: string) => buildWidget({ outDir, panel: false });
export const buildWithPanel = (outDir: string) => buildWidget({ outDir });

async function listen(server: Server): Promise<{ server: Server; url: string }> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A page as a blog sets it: some text, the one tag, some text below. */
export const plainPage = ({ head = "", script = "", lang = "en", body = "" } = {}) => `<!doctype html>
<html lang="${lang}" dir="${lang === "ar" ? "rtl" : "ltr"}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A plain post</title><link rel="icon" href="data:,">
<style>:root{color-scheme:light dark;background:light-dark(#fff,#161616)}body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:18px/1.6 Georgia,serif}a{color:light-dark(#8a3324,#f0b49f)}</style>${head}</head>
<body><main><h1>A plain post</h1><p>Some words to answer, with <a href="#words">a link</a> among them.</p>${body}
<script async src="{{comments}}/embed.js" ${script}></script></main><footer><p>The end of the page.</p></footer></body></html>`;

export interface Visit {
  page: Page;
  context: BrowserContext;
  /** What the page's own error handlers and console saw. */
  complaints: string[];
}

/** Opens a page in a context of its own and notes everything it complains about. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "UTC", reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => message.type() === "error" && complaints.push(`console: ${message.text()}`));
  await page.goto(url);
  return { page, context, complaints };
}
