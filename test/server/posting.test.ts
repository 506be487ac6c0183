import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Posted, Thread } from "../../server/wire/comment.ts";
import type { RefusalWire } from "../../server/wire/refusal.ts";
import { ORIGIN, PAGE, type TestApp, testApp } from "./setup.ts";

let it: TestApp;
beforeEach(async () => void (it = await testApp()));
afterEach(() => it.close());

const posted = async (response: Response) => (await response.json()) as Posted;
const refusal = async (response: Response) => ((await response.json()) as RefusalWire).error;
const thread = async (url = PAGE) => (await (await it.get(`/api/v1/thread?url=${encodeURIComponent(url)}`)).json()) as Thread;

describe("a reader's comment", () => {
  test("is public at once where nothing holds it, and its author gets a proof", async () => {
    const response = await it.post({ body: "Hello **you**", website: "anna.example", title: "A post" });
    expect(response.status).toBe(201);
    const { comment, page, editToken } = await posted(response);
    expect(comment).toMatchObject({
      name: "Anna",
      website: "https://anna.example/",
      parent: null,
      depth: 0,
      body: [[0, "Hello ", [3, "you"]]],
    });
    expect(page).toMatchObject({ url: PAGE, count: 1, title: "A post", open: true });
    expect(editToken.length).toBeGreaterThan(20);
    expect((await thread()).comments).toEqual([comment]);
  });

  test("never carries the e-mail address to anyone", async () => {
    const response = await it.post();
    expect(await response.text()).not.toContain("anna@reader.example");
    expect(JSON.stringify(await thread())).not.toContain("anna@reader.example");
    expect(JSON.stringify(it.lines)).not.toContain("anna");
  });

  test("answers another and is counted with its thread", async () => {
    const first = await posted(await it.post());
    const reply = await posted(
      await it.post({ parent: first.comment.id, body: "I figure so too.", name: "Ben", email: "ben@reader.example" }),
    );
    expect(reply.comment).toMatchObject({ parent: first.comment.id, root: first.comment.id, depth: 1 });
    const { comments, page } = await thread();
    expect(page.count).toBe(2);
    expect(comments.map(({ replies }) => replies)).toEqual([1, undefined]);
  });

  test("keeps its first title; the page is one under http, a slash and tracking parameters", async () => {
    await it.post({ title: "The first title" });
    await it.post({ url: `${PAGE}/?utm_source=x#there`, body: "Second", title: "Another" });
    const { page } = await thread(`${PAGE}?fbclid=1`);
    expect(page).toMatchObject({ count: 2, title: "The first title" });
  });
});

describe("what is refused, is refused with a word for each field and leaves no row", () => {
  const cases: [string, Record<string, unknown>, number, string, Record<string, string>?][] = [
    ["no text", { body: "  \n" }, 422, "invalid", { body: "required" }],
    ["a text of which nothing would show", { body: "[x]: https://a.example" }, 422, "invalid", { body: "required" }],
    ["no name", { name: "" }, 422, "invalid", { name: "required" }],
    ["no e-mail", { email: "" }, 422, "invalid", { email: "required" }],
    ["a wrong e-mail", { email: "anna" }, 422, "invalid", { email: "invalid" }],
    ["two e-mails", { email: "a@b.example, c@d.example" }, 422, "invalid", { email: "invalid" }],
    ["a script as website", { website: "javascript:alert(1)" }, 422, "invalid", { website: "invalid" }],
    ["a name too long", { name: "n".repeat(81) }, 422, "invalid", { name: "too_long" }],
    ["a text too long", { body: "b".repeat(10_001) }, 422, "invalid", { body: "too_long" }],
    ["U+0000", { body: "a\0b" }, 422, "invalid", { body: "bad_text" }],
    ["a lone surrogate", { body: "a\ud800b" }, 422, "invalid", { body: "bad_text" }],
    ["numbers for words", { body: 7 }, 422, "invalid", { body: "invalid" }],
    ["another site's page", { url: "https://other.example/post" }, 403, "origin_not_allowed"],
    ["no page at all", { url: "mailto:x" }, 422, "page_url_invalid"],
    ["a forged token", { token: "abc.def.ghi" }, 403, "token_invalid"],
    ["an unknown parent", { parent: "01890000-0000-7000-8000-000000000000" }, 422, "parent_gone"],
  ];
  test.each(cases)("%s", async (_, fields, status, code, wrong) => {
    const token = fields["url"] ? await it.token() : undefined;
    const response = await it.post({ ...(token && { token }), ...fields });
    expect(response.status).toBe(status);
    const error = await refusal(response);
    expect(error.code).toBe(code);
    expect(error.fields).toEqual(wrong);
    expect(await it.services.store.page(it.site.id, "blog.example/post")).toBeNull();
  });

  test("the limit itself is accepted, in code points", async () => {
    expect((await it.post({ body: "😀".repeat(10_000), name: "😀".repeat(80) })).status).toBe(201);
  });

  test("from another origin, from none, and from `null`", async () => {
    for (const origin of [
      "https://evil.example",
      "https://blog.example.evil",
      "http://blog.example",
      "https://blog.example:444",
      "null",
      "https://evilblog.example",
    ]) {
      expect((await it.post({}, { origin })).status, origin).toBe(403);
    }
    const input = { url: PAGE, body: "x", name: "A", email: "a@b.example", token: await it.token() };
    const bare = await it.app.request("/api/v1/comments", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(input),
    });
    expect(bare.status).toBe(403);
    expect((await thread()).page.count).toBe(0);
  });

  test("as a form or as text: 415", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]) {
      expect((await it.send("POST", "/api/v1/comments", "{}", { "content-type": type })).status, type).toBe(415);
    }
  });

  test("too large before it is read: 413", async () => {
    expect((await it.send("POST", "/api/v1/comments", JSON.stringify({ body: "x".repeat(200_000) }))).status).toBe(413);
  });

  test("fields that are not the sender's to set are not looked at", async () => {
    const sneaky = {
      status: "approved",
      approved: true,
      role: "Owner",
      owner: 1,
      site: 9,
      createdAt: "1999-01-01T00:00:00Z",
      ["__proto__"]: { x: 1 },
    };
    const { comment } = await posted(await it.post(sneaky));
    expect(comment.role).toBeUndefined();
    expect(comment.createdAt.startsWith("1999")).toBe(false);
  });
});

describe("the form token", () => {
  test("is used up by a stored comment only", async () => {
    const token = await it.token();
    expect((await it.post({ token, body: "" })).status).toBe(422);
    expect((await it.post({ token })).status).toBe(201);
    expect((await refusal(await it.post({ token, body: "Another" }))).code).toBe("token_invalid");
  });

  test("is too old after two hours", async () => {
    const token = await it.token();
    it.pass(2 * 3_600_000 + 1);
    expect((await refusal(await it.post({ token }))).code).toBe("token_invalid");
  });

  test("belongs to the site it was issued for", async () => {
    const at = it.services.now();
    const log = { id: it.services.newId(), at, by: "test", action: "site" as const };
    await it.services.store.addSite(
      { name: "Two", origins: ["https://two.example"], aliases: {}, settings: it.site.settings, createdAt: at },
      log,
    );
    const token = await it.token();
    const response = await it.post({ url: "https://two.example/", token }, { origin: "https://two.example" });
    expect((await refusal(response)).code).toBe("token_invalid");
  });
});

describe("limits on speed, as the site sets them", () => {
  test("a post too soon after opening the box waits", async () => {
    await it.close();
    it = await testApp({ settings: { minAge: 3 } });
    const token = await it.token();
    const response = await it.post({ token });
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("3");
    it.pass(3_000);
    expect((await it.post({ token })).status).toBe(201);
  });

  test("the floor counts by e-mail: people who share an address do not wait for each other", async () => {
    await it.close();
    it = await testApp({ settings: { floor: 15 } });
    expect((await it.post({ body: "one" })).status).toBe(201);
    const again = await it.post({ body: "two" });
    expect(again.status).toBe(429);
    expect(Number(again.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await it.post({ body: "three", name: "Ben", email: "ben@reader.example" })).status).toBe(201);
    it.pass(15_000);
    expect((await it.post({ body: "two" })).status).toBe(201);
  });

  test("without e-mails the floor counts by address", async () => {
    await it.close();
    it = await testApp({ settings: { floor: 15, details: "name_only" } });
    expect((await it.post({ body: "one", email: "" })).status).toBe(201);
    expect((await it.post({ body: "two", email: "", name: "Ben" })).status).toBe(429);
  });

  test("the bucket empties and fills again", async () => {
    await it.close();
    it = await testApp({ settings: { burst: 2, perHour: 60 } });
    const statuses = [];
    for (const body of ["1", "2", "3"]) statuses.push((await it.post({ body, email: `${body}@reader.example` })).status);
    expect(statuses).toEqual([201, 201, 429]);
    it.pass(61_000);
    expect((await it.post({ body: "3" })).status).toBe(201);
  });

  test("a refused post does not use up the allowance", async () => {
    await it.close();
    it = await testApp({ settings: { floor: 15 } });
    expect((await it.post({ body: "" })).status).toBe(422);
    expect((await it.post()).status).toBe(201);
  });
});

describe("the same again", () => {
  test("under one Idempotency-Key is one comment and one answer", async () => {
    const key = { "idempotency-key": "k-1" };
    const token = await it.token();
    const [a, b] = await Promise.all([it.post({ token }, key), it.post({ token }, key)]);
    const later = await it.post({ token: await it.token() }, key);
    expect([a.status, b.status, later.status]).toEqual([201, 201, 201]);
    const ids = await Promise.all([a, b, later].map(async (response) => (await posted(response)).comment.id));
    expect(new Set(ids).size).toBe(1);
    expect((await thread()).page.count).toBe(1);
  });

  test("with other words under that key is refused", async () => {
    const key = { "idempotency-key": "k-1" };
    await it.post({}, key);
    expect((await refusal(await it.post({ body: "Other" }, key))).code).toBe("idempotency_mismatch");
  });

  test("without a key is a duplicate, unless the first was taken back", async () => {
    const first = await posted(await it.post());
    const again = await it.post();
    expect([again.status, (await refusal(again)).code]).toEqual([409, "duplicate"]);
    await it.send("DELETE", `/api/v1/sites/${it.site.id}/comments/${first.comment.id}`, undefined, {
      authorization: `Bearer ${first.editToken}`,
    });
    expect((await it.post()).status).toBe(201);
    expect((await it.post()).status, "the second stands in for the first").toBe(409);
  });

  test("in another place or by another person is no duplicate", async () => {
    const { comment } = await posted(await it.post());
    expect((await it.post({ parent: comment.id })).status).toBe(201);
    expect((await it.post({ email: "other@reader.example" })).status).toBe(201);
    expect((await it.post({ url: `${ORIGIN}/elsewhere` })).status).toBe(201);
  });
});

describe("what is held", () => {
  const rules: [string, object, object, string][] = [
    ["everything", { holdAll: true }, {}, "all"],
    ["a first comment", { holdFirst: true }, {}, "first"],
    ["many links", {}, { body: "https://a.example and https://b.example" }, "links"],
    ["a word", { holdWords: ["casino"] }, { body: "Casino!" }, "word"],
  ];
  test.each(rules)("%s waits: 202, seen by its author alone", async (_, settings, fields, reason) => {
    await it.close();
    it = await testApp({ settings });
    const response = await it.post({ body: "zzmarkerzz", ...fields });
    expect(response.status).toBe(202);
    const { comment, editToken } = await posted(response);
    expect(comment.held).toBe(true);
    const path = `/api/v1/sites/${it.site.id}/comments/${comment.id}`;
    expect((await it.get(path)).status).toBe(404);
    const own = await it.get(path, { authorization: `Bearer ${editToken}` });
    expect(await own.json()).toMatchObject({ comment: { held: true, id: comment.id } });
    expect((await thread()).page.count).toBe(0);
    expect((await thread()).comments).toEqual([]);
    expect((await it.services.store.comment(it.site.id, comment.id))?.reason).toBe(reason);
  });

  test("words by boundary: press does not hold WordPress", async () => {
    await it.close();
    it = await testApp({ settings: { holdWords: ["press"] } });
    expect((await it.post({ body: "I like WordPress." })).status).toBe(201);
  });

  test("disallowed words go to the trash, robots to spam, and both look as if held", async () => {
    await it.close();
    it = await testApp({ settings: { trashWords: ["viagra"] } });
    const bad = await it.post({ body: "viagra" });
    const robot = await it.post({ body: "buy", phone: "123", email: "r@reader.example" });
    expect([bad.status, robot.status]).toEqual([202, 202]);
    const rows = await Promise.all(
      [bad, robot].map(async (response) => it.services.store.comment(it.site.id, (await posted(response)).comment.id)),
    );
    expect(rows.map((row) => [row?.status, row?.reason])).toEqual([
      ["trash", "disallowed_word"],
      ["spam", "honeypot"],
    ]);
  });

  test("a known commenter is let through", async () => {
    await it.close();
    it = await testApp({ settings: { holdFirst: true } });
    const { comment } = await posted(await it.post());
    const log = { id: it.services.newId(), at: it.services.now(), by: "test", action: "status" as const };
    await it.services.store.setStatus([{ site: it.site.id, id: comment.id }], "approved", null, log);
    expect((await it.post({ body: "Again", email: "ANNA@reader.example" })).status).toBe(201);
    expect((await it.post({ body: "Again", name: "Not Anna" })).status).toBe(202);
  });

  test("nobody can answer it", async () => {
    await it.close();
    it = await testApp({ settings: { holdAll: true } });
    const { comment } = await posted(await it.post());
    expect((await refusal(await it.post({ parent: comment.id, body: "Hm" }))).code).toBe("parent_gone");
  });
});

test("a closed page takes no more", async () => {
  await it.post();
  await it.services.store.setPage(
    it.site.id,
    "blog.example/post",
    { open: false },
    { id: it.services.newId(), at: it.services.now(), by: "test", action: "page" },
  );
  expect((await refusal(await it.post({ body: "More" }))).code).toBe("closed");
  expect((await thread()).page.open).toBe(false);
});
