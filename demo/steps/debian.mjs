import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { say } from "./run.mjs";

/** Whether system packages can be installed here without asking anyone. */
export const isDebianRoot = () => existsSync("/etc/debian_version") && process.getuid?.() === 0;

/** Installs Debian packages, waiting for another apt to end. Whether it helped is for the caller to look at. */
export function debianInstall(packages) {
  say(`Installing ${packages.join(", ")} with apt-get…`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const wait = ["-o", "DPkg::Lock::Timeout=900", "-y", "-q"];
  const apt = (...args) => spawnSync("apt-get", args, { stdio: "inherit", env });
  apt("update", ...wait);
  apt("install", ...wait, "--no-install-recommends", ...packages);
}
