import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { panel as english } from "../../server/locale/en/panel.ts";
import { panel as german } from "../../server/locale/de/panel.ts";
import { panel as arabic } from "../../server/locale/ar/panel.ts";
import { noteSeen } from "../../server/comments/sites-admin.ts";
import type { PageList, Seen, SettingField, SiteWire } from "../../server/wire/panel-sites.ts";
import { SETTINGS } from "../../server/wire/settings.ts";
import { REASONS, STATUSES } from "../../server/wire/comment.ts";
import { FIELD_CODES, REFUSALS } from "../../server/wire/refusal.ts";
import { PAGE } from "../server/setup.ts";
import { OURS, type Panel, panelApp } from "./owner.ts";

let app: Panel;
beforeEach(async () => {
  app = await panelApp();
});
afterEach(() => app.close());

describe("sites", () => {
  test("are added with their addresses as one writes them, and serve at once", async () => {
    const site = await app.take<SiteWire>("POST", "/sites", {
      name: " News ",
      origins: ["news.example", "http://Test.Example:8080/path?x"],
    });
    expect(site).toMatchObject({ name: "News", origins: ["https://news.example", "http://test.example:8080"], settings: { maxDepth: 5 } });
    const url = "https://news.example/one";
    const origin = { origin: "https://news.example" };
    const { token } = (await (await app.send("POST", "/api/v1/form-token", { url }, origin)).json()) as { token: string };
    app.pass(5_000);
    expect((await app.post({ url, token }, origin)).status).toBe(202);
  });

  test("do not share an address", async () => {
    const taken = await app.ask("POST", "/sites", { name: "Thief", origins: ["https://blog.example"] });
    expect([taken.status, ((await taken.json()) as { error: { code: string } }).error.code]).toEqual([409, "origin_taken"]);
  });

  test("have addresses of the web alone", async () => {
    for (const address of [
      "javascript:alert(1)",
      "https://*.example",
      "https://user@blog.example",
      "ftp://blog.example",
      "",
      "not a host",
    ]) {
      const answer = await app.ask("POST", "/sites", { name: "X", origins: [address] });
      expect([address, await answer.json()]).toMatchObject([address, { error: { fields: { origins: "invalid" } } }]);
    }
  });

  test("change one thing at a time, settings too", async () => {
    const path = `/sites/${app.site.id}`;
    await app.take("PATCH", path, { name: "Renamed" });
    await app.take("PATCH", path, { settings: { holdAll: true } });
    const changed = await app.take<SiteWire>("PATCH", path, { settings: { maxDepth: 3, holdWords: ["one", "two"] } });
    expect(changed).toMatchObject({ name: "Renamed", settings: { holdAll: true, maxDepth: 3, holdWords: ["one", "two"], floor: 0 } });
    expect((await app.post()).status).toBe(202);
    const refused = await app.ask("PATCH", path, { settings: { maxDepth: 11 } });
    expect(refused.status).toBe(422);
  });

  test("know other names only for hosts of their own", async () => {
    const path = `/sites/${app.site.id}`;
    await app.take("PATCH", path, { aliases: { "old.example": "blog.example" } });
    for (const aliases of [{ "old.example": "elsewhere.example" }, { "blog.example": "blog.example" }, { "a/b": "blog.example" }]) {
      expect((await app.ask("PATCH", path, { aliases })).status).toBe(422);
    }
  });

  test("are downloaded line by line, every comment in it, then deleted with everything", async () => {
    await app.post();
    await app.post({ body: "Second" });
    const download = await app.ask("GET", `/sites/${app.site.id}/export`);
    expect(download.headers.get("content-disposition")).toBe(`attachment; filename="youfigure-site-${app.site.id}.jsonl"`);
    const lines = (await download.text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { comment?: { source: string } });
    expect(lines.map(({ comment }) => comment?.source)).toEqual([undefined, "What a good thought.", "Second"]);
    await app.take("DELETE", `/sites/${app.site.id}`, {});
    expect((await app.ask("GET", `/sites/${app.site.id}/pages`)).status).toBe(404);
    expect((await app.post({ token: "x" })).status).toBe(403);
    expect(await app.services.store.queueCounts()).toEqual({ held: 0, approved: 0, spam: 0, trash: 0 });
  });

  test("say whether the widget was seen on them", async () => {
    const path = `/sites/${app.site.id}/seen`;
    expect(await app.take<Seen>("GET", path)).toEqual({ at: null, url: null });
    const place = { site: app.site, key: "blog.example/post" };
    noteSeen(app.services, place, null);
    noteSeen(app.services, place, "https://comments.example");
    expect(await app.take<Seen>("GET", path)).toEqual({ at: null, url: null });
    noteSeen(app.services, place, "https://blog.example");
    await expect.poll(() => app.take<Seen>("GET", path)).toMatchObject({ url: PAGE });
  });

  test("say so too where blog and comments share one address: such a page sends no Origin", async () => {
    const { id } = await app.take<SiteWire>("POST", "/sites", { name: "Here", origins: [OURS] });
    const thread = `/api/v1/thread?url=${encodeURIComponent(`${OURS}/post`)}`;
    await app.get(thread);
    expect(await app.take<Seen>("GET", `/sites/${id}/seen`)).toEqual({ at: null, url: null });
    await app.get(thread, { "sec-fetch-site": "same-origin" });
    await expect.poll(() => app.take<Seen>("GET", `/sites/${id}/seen`)).toMatchObject({ url: `${OURS}/post` });
  });
});

describe("pages", () => {
  const path = () => `/sites/${app.site.id}/pages`;

  test("are listed with their counts, found by words, closed, reopened and named", async () => {
    await app.post({ title: "On glue" });
    await app.post({ url: `${PAGE}/two`, title: "On paper" });
    const { pages } = await app.take<PageList>("GET", path());
    expect(pages.map(({ title, open, counts }) => [title, open, counts.approved])).toEqual(
      expect.arrayContaining([
        ["On glue", true, 1],
        ["On paper", true, 1],
      ]),
    );
    expect((await app.take<PageList>("GET", `${path()}?search=glue`)).pages).toHaveLength(1);
    await app.take("PATCH", path(), { url: PAGE, open: false });
    expect((await app.post()).status).toBe(403);
    await app.take("PATCH", path(), { url: PAGE, open: true, title: "Glue, again" });
    await app.post({ body: "More", title: "Something else" });
    expect((await app.take<PageList>("GET", `${path()}?search=glue`)).pages).toMatchObject([
      { title: "Glue, again", titleFixed: true, open: true },
    ]);
  });

  test("can be closed before anyone has commented", async () => {
    await app.take("PATCH", path(), { url: `${PAGE}/new`, open: false });
    expect((await app.post({ url: `${PAGE}/new` })).status).toBe(403);
  });

  test("are not made for an address that is no page of the site", async () => {
    for (const url of ["https://elsewhere.example/", "nonsense", "javascript:alert(1)"]) {
      expect([403, 422]).toContain((await app.ask("PATCH", path(), { url, open: false })).status);
    }
  });
});

describe("words", () => {
  test("the settings form has every setting, each with a name and a description", async () => {
    const { fields } = await app.take<{ fields: SettingField[] }>("GET", "/settings");
    expect(fields.map(({ name }) => name)).toEqual(Object.keys(SETTINGS));
    for (const catalogue of [english, german, arabic] as Record<string, unknown>[]) {
      for (const { name, options = [] } of fields) {
        for (const key of [`set_${name}`, `set_${name}_hint`, ...options.map((option) => `set_${name}_${option}`)]) {
          expect([key, catalogue[key]]).toEqual([key, expect.any(String)]);
        }
      }
    }
    const texts: Record<string, unknown> = english;
    for (const { name, description } of fields) expect(texts[`set_${name}_hint`]).toBe(description);
  });

  test("every refusal, field code, status and reason has words in every language", () => {
    const keys = [
      ...Object.keys(REFUSALS).map((code) => `error_${code}`),
      ...FIELD_CODES.map((code) => `field_${code}`),
      ...STATUSES.map((status) => `status_${status}`),
      ...REASONS.map((reason) => `reason_${reason}`),
    ];
    for (const catalogue of [english, german, arabic]) expect(keys.filter((key) => !(key in catalogue))).toEqual([]);
  });
});

describe("the page", () => {
  test("lets nothing in from elsewhere, stands in no frame and is in no index", async () => {
    const page = await app.get("/panel");
    const policy = page.headers.get("content-security-policy") ?? "";
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "base-uri 'none'",
    ]) {
      expect(policy).toContain(rule);
    }
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(page.headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(page.headers.get("x-robots-tag")).toContain("noindex");
    expect(await page.text()).not.toMatch(/<script(?![^>]*src=)/);
  });
});
