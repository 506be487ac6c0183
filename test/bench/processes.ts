/** Servers and load as processes of their own, so that none is measured together with another. */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { commandLine } from "../faults/process.ts";
import type { Control } from "./controls.ts";
import type { Job, Measured } from "./load.ts";

/** Known to the load too, which signs its own form tokens. */
export const SECRET = "of no worth: it signs nothing but what the bench writes";

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export interface Served {
  url: string;
  /** Microseconds of processor time since its start; null where the system does not tell. */
  cpu(): number | null;
  /** Resident memory in bytes. */
  rss(): number | null;
  end(): Promise<void>;
}

export interface Built extends Served {
  pid: number;
  /** Milliseconds from the start of the process to the first answer of /readyz. */
  startedIn: number;
  /** COMMITs that SQLite was told so far. */
  commits(): Promise<number>;
}

/** The built server in production's form, its log going nowhere. `database` is a path or an address of PostgreSQL. */
export async function serveBuilt(database: string, env: Record<string, string> = {}, counting = true): Promise<Built> {
  const line = commandLine();
  if (line.length > 1) throw new Error("There is nothing built to measure: run `npm run bench`, which builds it");
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, [...(counting ? ["--import", here("tell-commits.mjs")] : []), ...line, "serve"], {
    env: {
      PATH: process.env["PATH"] ?? "",
      PORT: String(port),
      DATABASE_URL: database.includes("://") ? database : `file:${database}`,
      SECRET_KEY: SECRET,
      ...env,
    },
    stdio: ["ignore", "ignore", "inherit", counting ? "ipc" : "ignore"],
  });
  const url = `http://127.0.0.1:${port}`;
  await ready(child, `${url}/readyz`);
  return {
    url,
    pid: child.pid!,
    startedIn: performance.now() - began,
    ...watched(child),
    async commits() {
      child.send("commits");
      const [count] = (await once(child, "message")) as [number];
      return count;
    },
  };
}

/** A control of controls.ts. */
export async function serveControl(control: Control): Promise<Served> {
  const child = fork(here("controls.ts"), { execArgv: ["--import", "tsx"] });
  child.send(control);
  const [url] = (await once(child, "message")) as [string];
  return { url, ...watched(child) };
}

export interface Load {
  run(job: Job): Promise<Measured>;
  end(): Promise<void>;
}

/** The client, one process for all rounds. */
export function startLoad(): Load {
  const child = fork(here("load.ts"), { execArgv: ["--import", "tsx"] });
  return {
    async run(job) {
      child.send(job);
      const [answer] = (await once(child, "message")) as [Measured | { error: string }];
      if ("error" in answer) throw new Error(answer.error);
      return answer;
    },
    end: watched(child).end,
  };
}

function watched(child: ChildProcess): Omit<Served, "url"> {
  const exited = once(child, "exit");
  return {
    cpu: () => cpuOf(child.pid!),
    rss: () => rssOf(child.pid!),
    async end() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

/** One that the kernel gave and nobody has taken since. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function ready(child: ChildProcess, url: string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}`);
    const answer = await fetch(url).catch((error: unknown) => {
      if (error instanceof TypeError) return null;
      throw error;
    });
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/**
 * Of all its threads, user and system. By schedstat in nanoseconds where the kernel keeps it (proc(5)); else utime and
 * stime of stat, which come in ticks of 10 ms.
 */
function cpuOf(pid: number): number | null {
  const tasks = `/proc/${pid}/task`;
  if (existsSync(`/proc/${pid}/schedstat`)) {
    const spent = (task: string) => Number(readFileSync(`${tasks}/${task}/schedstat`, "utf8").split(" ")[0]);
    return readdirSync(tasks).reduce((sum, task) => sum + spent(task), 0) / 1_000;
  }
  const fields = readProc(`/proc/${pid}/stat`)?.split(") ").at(-1)?.split(" ");
  return fields ? (Number(fields[11]) + Number(fields[12])) * 10_000 : null;
}

function rssOf(pid: number): number | null {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readProc(`/proc/${pid}/status`) ?? "")?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1_024;
}

function readProc(path: string): string | null {
  if (process.platform !== "linux") return null;
  return readFileSync(path, "utf8");
}
