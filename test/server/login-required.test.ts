import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openReaderSession } from "../../server/auth/reader-session.ts";
import { runImport } from "../../server/import/load.ts";
import type { Posted, Thread } from "../../server/wire/comment.ts";
import { type Panel, panelApp } from "../panel/owner.ts";
import { PAGE } from "./setup.ts";

let app: Panel;
let first: Posted["comment"];
beforeAll(async () => {
  app = await panelApp({ config: { oidc: [{ id: "work", label: "Work", issuer: "https://login.example", client: "c", secret: "" }] } });
  first = ((await (await app.post({ body: "Before it was asked." })).json()) as Posted).comment;
  await app.take("PATCH", `/sites/${app.site.id}`, { settings: { login: "required" } });
});
afterAll(() => app.close());

const publicSettings = async () => {
  const thread = await app.get(`/api/v1/thread?url=${encodeURIComponent(PAGE)}`);
  return ((await thread.json()) as Thread).site.settings;
};
const page = (more = "") => app.get(`/thread?url=${encodeURIComponent(PAGE)}${more}`);

test("a guest is refused with a code of its own, and nothing is stored", async () => {
  const refused = await app.post({ body: "As nobody." });
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({ error: { code: "login_required" } });
  expect(await (await page()).text()).not.toContain("As nobody.");
  expect((await app.post({ body: "By a robot.", phone: "1" })).status).toBe(401);
});

test("who is signed in writes", async () => {
  const { services, site } = app;
  const account = { site: site.id, id: services.newId(), provider: "work", name: "Ada", email: "", emailVerified: false, createdAt: 0 };
  const { id } = await services.store.keepAccount(account, "ada");
  const authorization = `Bearer ${await openReaderSession(services, site.id, id)}`;
  expect((await app.post({ body: "As somebody." }, { authorization })).status).toBe(201);
});

test("the owner answers from the panel as ever, and an import brings what it holds", async () => {
  const path = `/sites/${app.site.id}/comments/${first.id}/reply`;
  expect((await app.ask("POST", path, { body: "Welcome.", key: "0123456789abcdef" })).ok).toBe(true);
  const folder = mkdtempSync(join(tmpdir(), "youfigure-login-"));
  const file = join(folder, "export.xml");
  writeFileSync(
    file,
    `<?xml version="1.0"?><rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version>
<item><title>Old</title><link>https://blog.example/old</link><wp:post_id>1</wp:post_id><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>
<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>Guest</wp:comment_author><wp:comment_date_gmt>2020-01-01 00:00:00</wp:comment_date_gmt><wp:comment_content>From before.</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_parent>0</wp:comment_parent></wp:comment></item></channel></rss>`,
  );
  await runImport({ services: app.services, site: app.site, file });
  rmSync(folder, { recursive: true });
  const old = await app.get(`/thread?url=${encodeURIComponent("https://blog.example/old")}`);
  expect(await old.text()).toContain("From before.");
});

test("the box is told, and where there is no way to sign in it is told that as well", async () => {
  expect(await publicSettings()).toMatchObject({ login: "required", ways: [{ id: "work", label: "Work" }] });
  const without = await panelApp({ settings: { login: "required" } });
  const thread = await without.get(`/api/v1/thread?url=${encodeURIComponent(PAGE)}`);
  expect(((await thread.json()) as Thread).site.settings).toMatchObject({ login: "required", ways: [] });
  await without.close();
});

test.each([
  ["en", "On this site one logs in to leave a reply."],
  ["de", "Auf dieser Website meldet man sich an"],
  ["ar", "يتطلب الرد في هذا الموقع تسجيل الدخول"],
])("the page without JavaScript says so in %s and asks nobody who they are", async (lang, words) => {
  for (const more of ["", `&around=${first.id}&reply=${first.id}`]) {
    const text = await (await page(`&lang=${lang}${more}`)).text();
    expect(text).toContain(words);
    expect(text).toContain(`href="${PAGE}#you-figure"`);
    expect(text).not.toMatch(/<form|name="(?:email|name|website)"/);
  }
});

test("a form that lay open since before keeps its text and says why it is not taken", async () => {
  const form = new URLSearchParams({
    url: PAGE,
    body: "Long thought about.",
    name: "Anna",
    email: "a@b.example",
    token: await app.token(),
  });
  const headers = { "content-type": "application/x-www-form-urlencoded", origin: "https://comments.example" };
  const answer = await app.app.request("/thread", { method: "POST", headers, body: String(form) });
  expect(answer.status).toBe(401);
  const text = await answer.text();
  expect(text).toContain("Long thought about.");
  expect(text).toContain("On this site one logs in to leave a reply.");
  expect(text).not.toMatch(/name="(?:email|name|website)"/);
});
