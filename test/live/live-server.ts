import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { postComment } from "../../server/comments/post.ts";
import { issueFormToken } from "../../server/comments/tokens.ts";
import { type Config, readConfig } from "../../server/config.ts";
import { type Running, serve } from "../../server/main.ts";
import type { Services } from "../../server/services.ts";
import { Settings } from "../../server/wire/settings.ts";
import { OPEN, ORIGIN, PAGE } from "../server/setup.ts";
import { listen, type Listening } from "./listen.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The server as it runs, listening, with a site and nothing said on it. */
export interface LiveServer {
  readonly url: string;
  readonly services: Services;
  readonly site: number;
  /** Opens a stream of the page. */
  follow(query?: { url?: string; after?: number }, headers?: Record<string, string>, from?: string): Promise<Listening>;
  /** A reader's comment; its id. */
  say(body: string, more?: { parent?: string; url?: string; name?: string }): Promise<string>;
  /** The version that a reader gets who opens the page now. */
  version(): Promise<number>;
  set(settings: Partial<Settings>): Promise<void>;
  stop(): Promise<void>;
  /** Starts again on the same database and port. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface LiveOptions {
  config?: Partial<Config>;
  now?: () => number;
  /** Where a server beside this one has made the site already. */
  site?: number;
}

export async function liveServer(options: LiveOptions = {}): Promise<LiveServer> {
  const folder = mkdtempSync(join(tmpdir(), "youfigure-live-"));
  const assets = join(folder, "assets");
  mkdirSync(assets);
  writeFileSync(join(assets, "manifest.json"), "{}");
  const config: Config = { ...readConfig({ DATABASE_URL: `file:${join(folder, "test.db")}`, PORT: "0" }), ...options.config };
  let running: Running = await serve(config, { log: quiet, assets, ...options });
  const port = Number(new URL(running.url).port);
  const log = () => ({ id: running.services.newId(), at: running.services.now(), by: "test", action: "site" }) as const;
  const settings = { ...v.parse(Settings, {}), ...OPEN };
  const blog = { name: "Blog", origins: [ORIGIN], aliases: {}, settings, createdAt: 0 };
  const site = options.site ?? (await running.services.store.addSite(blog, log())).id;
  return {
    get url() {
      return running.url;
    },
    get services() {
      return running.services;
    },
    site,
    follow({ url = PAGE, after } = {}, headers = { origin: ORIGIN }, from) {
      const query = new URLSearchParams({ url, ...(after !== undefined && { after: String(after) }) });
      return listen(`${running.url}/api/v1/live?${query}`, headers, from);
    },
    async say(body, { parent, url = PAGE, name = "Anna" } = {}) {
      const token = issueFormToken(running.services, site);
      const fields = { url, body, name, email: "", website: "", phone: "", title: "", parent: parent ?? null, token, notify: false };
      const { comment } = await postComment(running.services, {
        input: { ...fields, email: "anna@reader.example" },
        origin: ORIGIN,
        address: name,
        idempotencyKey: null,
        lang: "en",
      });
      return comment.id;
    },
    async version() {
      const answer = await fetch(`${running.url}/api/v1/thread?url=${encodeURIComponent(PAGE)}`);
      return ((await answer.json()) as { page: { version: number } }).page.version;
    },
    async set(changed) {
      await running.services.store.updateSite(site, { settings: { ...settings, ...changed } }, log());
    },
    stop: () => running.close(),
    async start() {
      running = await serve({ ...config, port }, { log: quiet, assets, ...options });
    },
    async close() {
      await running.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Asks again until it is so. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
