import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { corpusBytes, corpusFiles, corpusJson, haveCorpora } from "../corpora.ts";
import type { OwnComment, Posted } from "../../server/wire/comment.ts";
import { ORIGIN, PAGE, type TestApp, testApp } from "./setup.ts";

let it: TestApp;
beforeAll(async () => void (it = await testApp()));
afterAll(() => it.close());

const raw = async (body: Uint8Array | string) =>
  it.app.request("/api/v1/comments", {
    method: "POST",
    headers: { origin: ORIGIN, "content-type": "application/json" },
    body: typeof body === "string" ? body : new Uint8Array(body),
  });

describe.runIf(haveCorpora)("JSON as the test suite has it", () => {
  const folder = "json/test_parsing";
  test.each(haveCorpora ? corpusFiles(folder) : [])("%s", async (name) => {
    const { status } = await raw(corpusBytes(`${folder}/${name}`));
    // No case is a comment: what parses is refused by its fields, what does not parse by its form.
    if (name.startsWith("y_")) expect(status).toBe(422);
    else if (name.startsWith("n_")) expect([400, 413]).toContain(status);
    else expect([400, 422]).toContain(status);
  });
});

test("brackets without end, and bodies that claim to be compressed", async () => {
  expect((await raw("[".repeat(100_000))).status).toBe(400);
  expect((await raw(`${'{"a":'.repeat(30)}1${"}".repeat(30)}`)).status).toBe(400);
  const packed = await it.send("POST", "/api/v1/comments", "{}", { "content-encoding": "gzip" });
  expect(packed.status).toBe(415);
});

describe.runIf(haveCorpora)("naughty strings", () => {
  test("come back to the byte as a body, or are refused with a word; never an error of ours", async () => {
    const strings = (haveCorpora ? corpusJson("unicode/blns.json") : []) as string[];
    for (const [i, body] of strings.entries()) {
      const response = await it.post({ body, email: `${i}@reader.example`, url: `${PAGE}/${i}` });
      if (response.status === 422) continue;
      expect([201, 202], JSON.stringify(body)).toContain(response.status);
      const mine = (await response.json()) as Posted;
      const path = `/api/v1/sites/${it.site.id}/comments/${mine.comment.id}`;
      const own = (await (await it.get(path, { authorization: `Bearer ${mine.editToken}` })).json()) as OwnComment;
      expect(own.source).toBe(body);
    }
    expect(it.lines.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("as name, website, e-mail, title and address are stored or refused", async () => {
    const strings = (haveCorpora ? corpusJson("unicode/blns.json") : []) as string[];
    for (const [i, text] of strings.entries()) {
      for (const field of ["name", "website", "email", "title", "url", "token", "parent"]) {
        const response = await it.post({
          email: `${i}${field}@reader.example`,
          body: `${i} ${field}`,
          [field]: text,
          ...(field === "url" && { token: "x" }),
        });
        expect(response.status, `${field} ${JSON.stringify(text)}`).toBeLessThan(500);
      }
    }
  });
});

test("a type of a wrong kind for each field is refused, never an error of ours", async () => {
  for (const field of ["url", "parent", "body", "name", "email", "website", "title", "token", "phone"]) {
    for (const value of [7, true, null, [], {}, ["a"], { a: 1 }]) {
      const response = await it.send("POST", "/api/v1/comments", { url: PAGE, body: "x", name: "A", email: "a@b.example", [field]: value });
      expect(response.status, `${field} ${JSON.stringify(value)}`).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
    }
  }
});

test("no answer repeats what was sent", async () => {
  const marker = "zzechozz";
  const responses = await Promise.all([
    it.get(`/${marker}`),
    it.get(`/api/v1/thread?url=${marker}`),
    it.get(`/api/v1/thread?url=${encodeURIComponent(PAGE)}&${marker}=1&${marker}=2`),
    it.post({ email: marker }),
    it.send("POST", "/api/v1/panel/login/link", { [marker]: 1 }, { "x-youfigure": "1", origin: "https://comments.example" }),
    it.send("POST", "/thread", `url=${PAGE}&${marker}=1&${marker}=2`, {
      origin: "https://comments.example",
      "content-type": "application/x-www-form-urlencoded",
    }),
    it.post({ website: `javascript:${marker}` }),
    raw(`{"${marker}":`),
    it.send(marker.toUpperCase(), "/api/v1/comments"),
  ]);
  for (const response of responses) {
    const text = await response.text();
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(text).not.toContain(marker);
  }
});
