import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { debianInstall, isDebianRoot } from "./debian.mjs";
import { StepError } from "./run.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const ELSEWHERE = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

/** Path of a Chromium or Chrome: CHROMIUM, else one on the path; on Debian as root it is installed. */
export function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  if (isDebianRoot()) debianInstall(["chromium", "fonts-noto-core"]);
  const installed = findBrowser();
  if (!installed)
    throw new StepError("The browser tests need Chromium or Chrome: install one, or put its path into the variable CHROMIUM.");
  return installed;
}

/** The first that exists, or undefined. */
export function findBrowser(env = process.env) {
  if (env.CHROMIUM) return existsSync(env.CHROMIUM) ? env.CHROMIUM : undefined;
  const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
  return [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...ELSEWHERE].find((path) => existsSync(path));
}
