/** The command as an operator runs it: a process of its own, the built one where there is one, ended by its own handle. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Where the build lies; DIST names another folder. */
export const DIST = process.env["DIST"] ?? join(root, "dist");

/** Arguments of node that run the command: what was built, else the source. */
export function commandLine(): string[] {
  const built = join(DIST, "server/cli.js");
  return existsSync(built) ? [built] : ["--import", "tsx", join(root, "server/cli.ts")];
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stderr: string;
}

export interface Started {
  /** Where it listens. */
  url: string;
  pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Its log so far. */
  log: LogLine[];
  ended: Promise<Ended>;
}

export interface LogLine {
  level: string;
  msg: string;
  url?: string;
}

export interface Options {
  database: string;
  /** Added to the environment, which is otherwise empty. */
  env?: Record<string, string>;
  /** What a shell sets before it becomes the server: `-f 2000` is the largest file in units of 512 bytes (a disk that is full), `-n 256` the most descriptors. */
  limits?: string;
  /** A program and its arguments that runs the server: strace. */
  under?: string[];
}

/** Starts `youfigure serve` on a port from the kernel and resolves when its log says that it listens. Rejects with what it said when it ends before. */
export async function startServer(options: Options): Promise<Started> {
  const child = launch(["serve"], options);
  const ended = endOf(child);
  const log: LogLine[] = [];
  const url = await Promise.race([
    listening(child, log),
    ended.then(({ code, stderr }): never => {
      throw new Error(`The server ended with ${code}: ${stderr}`);
    }),
  ]);
  return { url, pid: child.pid!, kill: (signal) => void child.kill(signal), log, ended };
}

/** Runs one verb to its end. */
export async function runCommand(argv: string[], options: Options): Promise<Ended & { stdout: string }> {
  const child = launch(argv, options);
  let stdout = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  return { ...(await endOf(child)), stdout };
}

function launch(argv: string[], { database, env = {}, limits, under = [] }: Options): ChildProcess {
  const line = [...under, process.execPath, ...commandLine(), ...argv];
  // The shell sets the limit and becomes the server; node ignores SIGXFSZ, so a write beyond it fails with EFBIG.
  const [program, ...args] = limits === undefined ? line : ["sh", "-c", `ulimit ${limits}; exec "$@"`, "sh", ...line];
  return spawn(program!, args, {
    env: { PATH: process.env["PATH"] ?? "", PORT: "0", DATABASE_URL: `file:${database}`, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function endOf(child: ChildProcess): Promise<Ended> {
  let stderr = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, stderr }));
  });
}

/** Reads the log to its end, so that the server never waits for us. */
function listening(child: ChildProcess, log: LogLine[]): Promise<string> {
  return new Promise((resolve) => {
    createInterface({ input: child.stdout! }).on("line", (line) => {
      const entry = JSON.parse(line) as LogLine;
      if (entry.msg !== "request") log.push(entry);
      if (entry.msg === "listening" && entry.url !== undefined) resolve(entry.url);
    });
  });
}

const status = (pid: number, name: string) =>
  Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1_024;

/** Bytes that a process holds, and the most that it ever held (Linux). */
export const memory = (pid: number): number => status(pid, "VmRSS");
export const peakMemory = (pid: number): number => status(pid, "VmHWM");

/** Descriptors that a process holds. */
export const descriptors = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

/** For how long a process had a processor, in seconds: a figure that does not vary with what else the machine does. */
export function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
