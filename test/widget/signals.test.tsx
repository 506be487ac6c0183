import { signal } from "@preact/signals";
import { renderToString } from "preact-render-to-string";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { build } from "vite";
import { launch } from "../e2e/browser.ts";

/** The three places where older @preact/signals lost one. */
const code = `
  import { render } from "preact";
  import { signal } from "@preact/signals";
  const word = signal("first");
  const Three = () => <div><p>{word}</p><p>so: {word}!</p><p title={word}>x</p></div>;
  globalThis.word = word;
  render(<Three />, document.body);
`;

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await launch();
  page = await browser.newPage();
});
afterAll(() => browser.close());

test("a signal as only child, among several and as attribute is drawn on the server", () => {
  const word = signal("first");
  const html = renderToString(
    <div>
      <p>{word}</p>
      <p>so: {word}!</p>
      <p title={word}>x</p>
    </div>,
  );
  expect(html).toBe('<div><p>first</p><p>so: first!</p><p title="first">x</p></div>');
});

test("a signal as only child, among several and as attribute is drawn, and drawn again, in a browser", async () => {
  const built = await build({
    configFile: false,
    logLevel: "error",
    mode: "production",
    oxc: { jsx: { runtime: "automatic", importSource: "preact", development: false } },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === "entry.tsx" ? `${process.cwd()}/entry.tsx` : null),
        load: (id) => (id.endsWith("/entry.tsx") ? code : null),
      },
    ],
    build: { write: false, rolldownOptions: { input: "entry.tsx" } },
  });
  const chunk = (Array.isArray(built) ? built[0]! : built) as { output: { type: string; code: string }[] };
  await page.setContent("<body></body>");
  await page.addScriptTag({ type: "module", content: chunk.output[0]!.code });
  const html = () => page.locator("body > div").innerHTML();
  await page.locator("body > div").waitFor();
  expect(await html()).toBe('<p>first</p><p>so: first!</p><p title="first">x</p>');
  await page.evaluate(() => ((globalThis as unknown as { word: { value: string } }).word.value = "second"));
  await page.waitForFunction(() => document.body.textContent?.includes("second"));
  expect(await html()).toBe('<p>second</p><p>so: second!</p><p title="second">x</p>');
});
