/** pages that still have an older build of the widget in their cache meet today's server. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { launch, openBlog, plainPage, visit } from "../e2e/browser.ts";
import { bars, type Outcome } from "./fault.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const git = (...args: string[]) => execFileSync("git", ["-C", root, ...args], { encoding: "utf8" });

/** The last builds are made from the history; each shows a thread of today's server in a browser and posts to it. */
export async function oldWidgets(builds: number): Promise<Outcome> {
  const { wrong, must } = bars();
  const browser = await launch();
  const tried: string[] = [];
  try {
    for (const commit of git("log", "--format=%h", `-${builds}`, "--", "widget").trim().split("\n")) {
      const complaints = await tryWidget(commit, browser);
      must(complaints.length === 0, `${commit}: ${complaints.join("; ")}`);
      tried.push(commit);
    }
  } finally {
    await browser.close();
  }
  return { wrong, seen: `widgets of ${tried.join(", ")} show a thread of today's server and post to it` };
}

/** Reads, answers, and sees the answer. Returns what the page complained about. */
async function tryWidget(commit: string, browser: Browser): Promise<string[]> {
  const blog = await openBlog({}, async (outDir) => buildOf(commit, outDir));
  try {
    const url = blog.page("/old", plainPage());
    await blog.say("/old", { body: "Was here before." });
    const { page, context, complaints } = await visit(browser, url);
    await page.getByText("Was here before.").waitFor();
    const text = page.getByRole("textbox", { name: "Write a comment" });
    await text.focus();
    await page.locator("you-figure .submit").waitFor();
    await text.fill("Said by an older widget.");
    await page.getByRole("textbox", { name: "Email" }).fill("ada@reader.example");
    await page.getByRole("textbox", { name: "Name (required)" }).fill("Ada");
    await page.getByRole("button", { name: /^Post/ }).click();
    await page.locator("you-figure .marked", { hasText: "Said by an older widget." }).waitFor();
    await context.close();
    return complaints;
  } finally {
    await blog.close();
  }
}

/** The widget as it was then, by its own build. */
function buildOf(commit: string, outDir: string): void {
  const folder = mkdtempSync(join(tmpdir(), "youfigure-old-"));
  try {
    const archive = spawnSync("git", ["-C", root, "archive", commit], { maxBuffer: 1 << 28 });
    spawnSync("tar", ["-x", "-C", folder], { input: archive.stdout });
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    mkdirSync(outDir, { recursive: true });
    const build = JSON.stringify(pathToFileURL(join(folder, "widget/build.mjs")).href);
    const script = `const { buildWidget } = await import(${build}); await buildWidget({ outDir: ${JSON.stringify(outDir)}, panel: false });`;
    execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: folder, stdio: "ignore" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
