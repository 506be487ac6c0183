// Makes the README's picture, and with a folder as argument a picture of every page in both schemes: `npm run screenshots`.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));
const PAGES = [
  "",
  "everyone-can-hear.html",
  "january-spines.html",
  "paper-for-ink.html",
  "mending-table.html",
  "hostile.html",
  "spa.html",
  "no-js.html",
];

/** Runs the built demo over a database of its own; resolves with its address once it prints it. */
function startDemo(folder: string): Promise<{ url: string; stop: () => Promise<void> }> {
  // A fixed key, so that people keep their pictures from one run to the next.
  const env = {
    ...process.env,
    PORT: "0",
    PUBLIC_URL: "",
    SECRET_KEY: "0123456789abcdef for pictures only",
    DATABASE_URL: `file:${join(folder, "demo.db")}`,
  };
  const child = spawn(process.execPath, ["dist/demo/server.js"], { cwd: root, env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = () => (child.kill("SIGTERM"), ended);
  return new Promise((resolve, reject) => {
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      const url = /The blog\s+(\S+)/.exec(printed)?.[1];
      if (url) resolve({ url, stop });
    });
    child.once("exit", (code) => reject(new Error(`the demo ended with ${code}`)));
  });
}

interface Shot {
  browser: Browser;
  url: string;
  file: string;
  scheme: "light" | "dark";
  /** Only what fits the window, with the end of the article above the comments. */
  comments?: boolean;
}

async function shoot({ browser, url, file, scheme, comments = false }: Shot): Promise<void> {
  const context = await browser.newContext({
    viewport: comments ? { width: 900, height: 900 } : { width: 900, height: 800 },
    deviceScaleFactor: comments ? 2 : 1,
    colorScheme: scheme,
    locale: "en-GB",
    timezoneId: "UTC",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto(url);
  const widget = page.locator("you-figure");
  // The thread is fetched when it comes near the window.
  if ((await page.locator('script[src*="embed.js"], you-figure').count()) > 0) {
    await widget.first().scrollIntoViewIfNeeded();
    await widget.locator("h2, h3").first().waitFor();
  }
  if (comments) await widget.first().evaluate((element) => scrollTo(0, element.getBoundingClientRect().top + scrollY - 60));
  await page.screenshot({ path: file, fullPage: !comments });
  await context.close();
}

const folder = mkdtempSync(join(tmpdir(), "youfigure-screenshots-"));
const demo = await startDemo(folder);
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
try {
  const [all] = process.argv.slice(2);
  if (all === undefined) {
    const file = join(root, "demo/screenshots/discussion.png");
    await shoot({ browser, url: `${demo.url}mending-table.html`, file, scheme: "light", comments: true });
  } else {
    mkdirSync(all, { recursive: true });
    for (const name of PAGES)
      for (const scheme of ["light", "dark"] as const)
        await shoot({ browser, url: demo.url + name, file: join(all, `${name || "index"}-${scheme}.png`), scheme });
  }
} finally {
  await browser.close();
  await demo.stop();
  rmSync(folder, { recursive: true });
}
