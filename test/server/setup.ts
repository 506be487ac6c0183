import type { Hono } from "hono";
import { createApp } from "../../server/app.ts";
import { issueFormToken } from "../../server/comments/tokens.ts";
import { type Config, readConfig } from "../../server/config.ts";
import { openServices } from "../../server/main.ts";
import type { Assets } from "../../server/routes/assets.ts";
import type { Env } from "../../server/routes/request.ts";
import type { Services } from "../../server/services.ts";
import type { Site } from "../../server/store/records.ts";
import { Settings } from "../../server/wire/settings.ts";
import * as v from "valibot";
import { type Placed, place } from "./place.ts";

export interface TestApp {
  app: Hono<Env>;
  services: Services;
  site: Site;
  placed: Placed;
  /** Moves the clock on. */
  pass: (milliseconds: number) => void;
  /** Lines of the log so far. */
  lines: { level: string; message: string; fields: Record<string, unknown> }[];
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** A form token, as the box fetches one. */
  token(url?: string): Promise<string>;
  /** Posts a comment with sensible fields and a fresh token. */
  post(fields?: Record<string, unknown>, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

export const ORIGIN = "https://blog.example";
export const PAGE = `${ORIGIN}/post`;

/** Without limits on speed and without holding, unless a test asks for them. */
export const OPEN: Partial<Settings> = { minAge: 0, floor: 0, burst: 0, holdFirst: false };

const noAssets: Assets = { find: () => undefined, read: () => undefined };

export interface TestOptions {
  settings?: Partial<Settings>;
  config?: Partial<Config>;
  assets?: Assets;
  /** Default: the one that this run of the tests is for. */
  engine?: Placed["engine"];
  /** Another server on the same database, which must be closed after this one. */
  beside?: TestApp;
}

/** The real app over a real database of its own. */
export async function testApp(options: TestOptions = {}): Promise<TestApp> {
  const placed: Placed = options.beside ? { ...options.beside.placed, remove: async () => undefined } : await place(options.engine);
  let offset = 0;
  const lines: TestApp["lines"] = [];
  const logger = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, fields: fields as Record<string, unknown> });
  const config = {
    ...readConfig({ ...placed.env, PUBLIC_URL: "https://comments.example" }),
    ...options.config,
  };
  const services = await openServices(
    config,
    { info: logger("info"), warn: logger("warn"), error: logger("error") },
    () => Date.now() + offset,
  );
  const settings = { ...v.parse(Settings, {}), ...OPEN, ...options.settings };
  const site =
    options.beside?.site ??
    (await services.store.addSite(
      { name: "Blog", origins: [ORIGIN], aliases: {}, settings, createdAt: services.now() },
      { id: services.newId(), at: services.now(), by: "test", action: "site" },
    ));
  const app = createApp(services, options.assets ?? noAssets);

  const send: TestApp["send"] = async (method, path, body, headers = {}) =>
    app.request(path, {
      method,
      headers: { origin: ORIGIN, ...(body !== undefined && { "content-type": "application/json" }), ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  const token: TestApp["token"] = async (url = PAGE) => issueFormToken(services, (await services.sites.locate(url)).site.id);
  return {
    app,
    services,
    site,
    placed,
    lines,
    pass: (milliseconds) => void (offset += milliseconds),
    get: async (path, headers = {}) => app.request(path, { headers }),
    send,
    token,
    async post(fields = {}, headers = {}) {
      const url = typeof fields["url"] === "string" ? fields["url"] : PAGE;
      const input = {
        url,
        body: "What a good thought.",
        name: "Anna",
        email: "anna@reader.example",
        token: fields["token"] ?? (await token()),
        ...fields,
      };
      return send("POST", "/api/v1/comments", input, headers);
    },
    async close() {
      await services.store.close();
      await placed.remove();
    },
  };
}
