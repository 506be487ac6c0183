/** Programs of the system that inject faults, where they can be had. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const works = (program: string, ...args: string[]) => spawnSync(program, args, { stdio: "ignore" }).status === 0;
const isRoot = process.getuid?.() === 0;

/** Whether strace can trace; on Debian as root it is installed first. */
export function haveStrace(): boolean {
  if (spawnSync("strace", ["-V"]).error && isRoot) spawnSync("apt-get", ["install", "-y", "strace"], { stdio: "ignore" });
  return works("strace", "-o", "/dev/null", "true");
}

/** Makes system calls of a running process fail until it is released. */
export async function failCalls(pid: number, calls: string, error: string): Promise<{ release(): Promise<void> }> {
  const args = ["-f", "-p", String(pid), "-e", `trace=${calls}`, "-e", `inject=${calls}:error=${error}`, "-o", "/dev/null"];
  const strace = spawn("strace", args, { stdio: ["ignore", "ignore", "pipe"] });
  const exit = once(strace, "exit");
  await said(strace, /attached/);
  return {
    async release() {
      strace.kill("SIGINT");
      await exit;
    },
  };
}

async function said(child: ChildProcess, what: RegExp): Promise<void> {
  let text = "";
  for await (const chunk of child.stderr!) {
    text += String(chunk);
    if (what.test(text)) return;
  }
  throw new Error(`It ended without saying ${String(what)}: ${text}`);
}

/** Moves the limit on the size of files of a running process, in bytes: the disk becomes full, or has room again. */
export function limitFiles(pid: number, bytes: number | "unlimited"): void {
  const { status, stderr } = spawnSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`], { encoding: "utf8" });
  if (status !== 0) throw new Error(`prlimit: ${stderr}`);
}

export interface Disk {
  path: string;
  remove(): void;
}

/** A disk of its own in memory, or null where this user may not mount one. */
export function smallDisk(megabytes: number): Disk | null {
  const path = mkdtempSync(join(tmpdir(), "youfigure-disk-"));
  if (!isRoot || !works("mount", "-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", path)) {
    rmSync(path, { recursive: true });
    return null;
  }
  return {
    path,
    remove() {
      spawnSync("umount", ["-l", path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}
