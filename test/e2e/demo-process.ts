/** The demo as `npm start` runs it: a process of its own on a free port, over a database of its own, ended by its own handle. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const DIST = process.env["DIST"] ?? join(root, "dist");

export interface Demo {
  /** Address of the blog, with a slash at its end. */
  blog: string;
  /** Origin of blog and comments. */
  origin: string;
  close(): Promise<void>;
}

/** Starts what was built and resolves with the address that it prints. Rejects with what it said when it ends before. */
export async function startDemo(): Promise<Demo> {
  const built = join(DIST, "demo/server.js");
  if (!existsSync(built)) throw new Error(`${built} is absent: npm run build makes it`);
  const folder = mkdtempSync(join(tmpdir(), "youfigure-demo-"));
  const child = spawn(process.execPath, [built], {
    env: { PATH: process.env["PATH"] ?? "", PORT: "0", DATABASE_URL: `file:${join(folder, "demo.db")}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  const lines = createInterface({ input: child.stdout });
  const blog = await Promise.race([
    new Promise<string>((done) => lines.on("line", (line) => /The blog\s+(\S+)/.exec(line)?.[1] && done(/\S+$/.exec(line)![0]))),
    ended.then(() => Promise.reject(new Error(`The demo ended: ${said}`))),
  ]);
  return {
    blog,
    origin: new URL(blog).origin,
    async close() {
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
