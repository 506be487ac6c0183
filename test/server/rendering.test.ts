import { afterEach, describe, expect, test } from "vitest";
import { renderMarkdown } from "../../server/comments/markdown.ts";
import { type Rendering, rendering } from "../../server/comments/rendering.ts";
import type { RefusalWire } from "../../server/wire/refusal.ts";
import { type TestApp, testApp } from "./setup.ts";

const lines: string[] = [];
const log = { info: () => {}, warn: () => {}, error: (_: object, message: string) => void lines.push(message) };
let made: Rendering;
afterEach(() => made.close());

/** Where each `://` begins a link that is none, the parser looks on to the end of the text: the worst that was found. */
const WORST = "#://a.b".repeat(1_428);
const LONG = "Ten pages of *prose*, see https://a.example/x and `code`.\n\n".repeat(170);
const options = { images: false };

describe("a long text", () => {
  test("is drawn in a thread as it would be here, several at once each for itself", async () => {
    made = rendering(log);
    const texts = [LONG, `${LONG}2`, "short", `${LONG}4`];
    expect(await Promise.all(texts.map((text) => made.render(text, options)))).toEqual(texts.map((text) => renderMarkdown(text, options)));
  });

  test("that takes too long is refused, and those behind it are drawn", async () => {
    made = rendering(log, 20);
    const [worst, short] = await Promise.allSettled([made.render(WORST, options), made.render("short", options)]);
    expect(worst).toMatchObject({ reason: { code: "invalid", details: { fields: { body: "too_complex" } } } });
    expect(short.status).toBe("fulfilled");
    await made.close();
    made = rendering(log, 20_000);
    expect((await made.render(WORST, options)).length).toBeGreaterThan(0);
    expect(await made.render(LONG, options)).toEqual(renderMarkdown(LONG, options));
  });

  test("has to come again where too many wait", async () => {
    made = rendering(log, 20_000);
    const asked = await Promise.allSettled(Array.from({ length: 60 }, () => made.render(LONG, options)));
    const refused = asked.filter((one) => one.status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ reason }) => (reason as { code: string }).code === "busy")).toBe(true);
    expect(asked.filter((one) => one.status === "fulfilled").length).toBeGreaterThanOrEqual(32);
  });
});

describe("over HTTP", () => {
  let it: TestApp;
  afterEach(() => it.close());

  test("a preview and a comment too intricate to be drawn are refused by their field, and nothing is stored", async () => {
    it = await testApp();
    made = it.services.rendering = rendering(log, 20);
    const preview = await it.send("POST", "/api/v1/preview", { url: "https://blog.example/post", body: WORST });
    for (const response of [preview, await it.post({ body: WORST })]) {
      expect(response.status).toBe(422);
      expect(((await response.json()) as RefusalWire).error).toMatchObject({ code: "invalid", fields: { body: "too_complex" } });
    }
    expect(await it.services.store.page(it.site.id, "blog.example/post")).toBeNull();
    expect((await it.post({ body: "Plain." })).status).toBe(201);
  });
});
