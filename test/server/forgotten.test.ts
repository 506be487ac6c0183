import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openReaderSession } from "../../server/auth/reader-session.ts";
import { hashToken } from "../../server/auth/token.ts";
import { eraseAccount, listOwn } from "../../server/comments/own-things.ts";
import { exportOwn } from "../../server/comments/own-export.ts";
import { databaseName } from "../../server/main.ts";
import { PAGE, testApp } from "./setup.ts";

for (const comments of ["remove", "anonymise"] as const) {
  test(`what is kept of a reader is told before, and stands nowhere in the file after: ${comments}`, async () => {
    const app = await testApp({ engine: "sqlite", config: { smtpUrl: "smtp://127.0.0.1:1", mailFrom: "blog@blog.example" } });
    const { services, site } = app;
    const email = "zzsecretmail@reader.example";
    const said = { provider: "work", name: "Zzsecretname", email, emailVerified: true };
    const kept = await services.store.keepAccount(
      { site: site.id, id: services.newId(), createdAt: services.now(), ...said },
      "zzsecretsubject",
    );
    await services.store.confirmEmail(site.id, kept.id, email);
    const token = await openReaderSession(services, site.id, kept.id);
    const authorization = `Bearer ${token}`;
    const write = async (body: string, more = {}) =>
      ((await (await app.post({ body, ...more }, { authorization })).json()) as { comment: { id: string } }).comment.id;
    const first = await write("Zzkeptwords one.", { notify: true });
    await app.send("PATCH", `/api/v1/sites/${site.id}/comments/${first}`, { body: "Zzkeptwords two." }, { authorization });
    await app.post({ body: "An answer.", parent: first, name: "Ben", email: "ben@reader.example" });
    await app.post({ body: "As a guest.", name: "Zzsecretguest", email, website: "zzsecretsite.example" });
    await app.send("POST", "/api/v1/auth/email", { url: PAGE, email }, { authorization });
    await services.store.queue({ search: "zznothing", sort: "oldest", limit: 1 });
    const account = (await services.store.account(site.id, kept.id))!;

    let told = "";
    for await (const piece of exportOwn(services, site, account)) told += piece;
    const all = JSON.parse(told) as {
      comments: { source: string; earlier: { source: string }[] }[];
      follows: unknown[];
      letters: { kind: string }[];
    };
    for (const part of ["Zzsecretname", email, "zzsecretsubject", hashToken(token), PAGE]) expect(told).toContain(part);
    expect(all.comments).toMatchObject([{ source: "Zzkeptwords two.", earlier: [{ source: "Zzkeptwords one." }] }]);
    expect(all.follows).toHaveLength(1);
    expect(all.letters.map(({ kind }) => kind)).toEqual(["confirm", "was_it_you", "code"]);

    await eraseAccount(services, site, { account, comments, anonymous: "Anonymous" });
    expect((await listOwn(services, site, account)).items).toEqual([]);
    await services.store.sweep(services.now(), 0);
    const path = databaseName(services.config.databaseUrl);
    await services.store.close();
    const file = readFileSync(path).toString("latin1");
    await app.placed.remove();
    for (const secret of [/zzsecret\w*/gi, /secret(?:name|mail|subject|guest|site)/g, new RegExp(token), new RegExp(hashToken(token))])
      expect(file.match(secret)).toBeNull();
    expect(/zzkept/i.test(file)).toBe(comments === "anonymise");
  });
}
