/** pages that still have an older build of the widget in their cache meet today's server. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readConfig } from "../../server/config.ts";
import { serve } from "../../server/main.ts";
import { launch } from "../e2e/browser.ts";
import { type Blog, pageOf } from "./blog.ts";
import { bars, type Outcome } from "./fault.ts";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import { stock } from "./stock.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const git = (...args: string[]) => execFileSync("git", ["-C", root, ...args], { encoding: "utf8", maxBuffer: 1 << 28 });

/** The last builds are made from the history; each shows a thread of today's server in a browser and posts to it. */
export async function oldWidgets(blog: Blog, builds: number): Promise<Outcome> {
  const { wrong, must } = bars();
  await stock(blog, 3);
  await acceptThisMachine(blog);
  const browser = await launch();
  const tried: string[] = [];
  try {
    for (const commit of git("log", "--format=%h", `-${builds}`, "--", "widget").trim().split("\n")) {
      const folder = mkdtempSync(join(tmpdir(), "youfigure-old-"));
      try {
        const said = await tryBuild(blog, { assets: build(commit, folder), browser, text: `Said by ${commit}.` });
        must(said === "", `${commit}: ${said}`);
        tried.push(commit);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  } finally {
    await browser.close();
  }
  return { wrong, seen: `widgets of ${tried.join(", ")} show a thread of today's server and post to it` };
}

/** The widget as it was then, built by its own build. Returns the folder of its files. */
function build(commit: string, folder: string): string {
  const archive = spawnSync("git", ["-C", root, "archive", commit], { maxBuffer: 1 << 28 });
  spawnSync("tar", ["-x", "-C", folder], { input: archive.stdout });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const outDir = join(folder, "old");
  mkdirSync(outDir);
  const script = `(await import(${JSON.stringify(pathToFileURL(join(folder, "widget/build.mjs")).href)})).buildWidget({ outDir: ${JSON.stringify(outDir)}, panel: false })`;
  execFileSync(process.execPath, ["--input-type=module", "-e", `await ${script}`], { cwd: folder, stdio: "ignore" });
  return outDir;
}

/** The site accepts pages on this machine, as an owner's preview is. */
async function acceptThisMachine({ database, site }: Blog): Promise<void> {
  const store = await openSqlite({ path: database });
  const [found] = await store.sites();
  await store.updateSite(
    site,
    { settings: { ...found!.settings, localhost: true } },
    { id: crypto.randomUUID(), at: Date.now(), by: "test", action: "site" },
  );
  await store.close();
}

interface Try {
  assets: string;
  browser: Awaited<ReturnType<typeof launch>>;
  text: string;
}

/** What is wrong, or "". */
async function tryBuild(blog: Blog, { assets, browser, text }: Try): Promise<string> {
  const quiet = { info: () => {}, warn: () => {}, error: () => {} };
  const config = readConfig({ DATABASE_URL: `file:${blog.database}`, PORT: "0", ...blog.env });
  const running = await serve(config, { log: quiet, assets });
  const html = `<!doctype html><title>A post</title><link rel="canonical" href="${pageOf(0)}"><script async src="${running.url}/embed.js"></script>`;
  const pages = createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end(html)).listen(0, "127.0.0.1");
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  try {
    await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`);
    await page.getByText("w0x").waitFor({ timeout: 30_000 });
    await page
      .getByRole("button", { name: /figure/i })
      .or(page.getByRole("textbox"))
      .first()
      .click();
    await page.getByRole("textbox").first().fill(text);
    await page.getByLabel(/name/i).fill("Old");
    await page.getByLabel(/mail/i).fill("old@reader.example");
    await page.getByRole("button", { name: /^post/i }).click();
    await page.locator("article, li").getByText(text).first().waitFor({ timeout: 30_000 });
    return errors.join("; ");
  } catch (error) {
    return `${String(error).split("\n")[0]} ${errors.join("; ")}`;
  } finally {
    await page.close();
    pages.close();
    await running.close();
  }
}
