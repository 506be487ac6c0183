/** `node --import tsx test/bench/listeners.ts [--count 10000]`: open streams of one page, what they cost, and how soon the last hears of a comment. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as v from "valibot";
import { issueFormToken } from "../../server/comments/tokens.ts";
import { deriveKeys } from "../../server/keys.ts";
import { openSqlite } from "../../server/store/sqlite/index.ts";
import { Settings } from "../../server/wire/settings.ts";
import { randomBytes } from "node:crypto";
import type { Order, Told } from "./listening.ts";
import { type Built, SECRET, serveBuilt } from "./processes.ts";
import { median, percentile } from "./statistics.ts";
import { table } from "./write-figures.ts";

const ORIGIN = "https://blog.example";
const PAGE = `${ORIGIN}/post`;
/** One address has at most 65,535 ports, and no more streams than the setting allows. */
const ADDRESSES = 8;
const EVENTS = 5;
const MB = 1024 * 1024;

export interface ListenerFigures {
  listeners: number;
  /** Bytes of resident memory: alone, with all listening, after the events. */
  memory: { alone: number; listening: number; after: number };
  /** Milliseconds from sending a comment until the median, and the last, has heard of it; the worst of all events. */
  heard: { p50: number; last: number; worst: number };
  /** Share of one processor that is used while nothing happens. */
  idleCpu: number;
  /** Open files of the server before, with all listening, and after half were cut off. */
  files: { before: number; listening: number; halved: number };
}

export async function measureListeners(count: number): Promise<ListenerFigures> {
  const folder = mkdtempSync(join(tmpdir(), "youfigure-listeners-"));
  const database = join(folder, "bench.db");
  await makeSite(database);
  const served = await serveBuilt(database, { LIVE_STREAMS: String(count + 100), LIVE_STREAMS_PER_ADDRESS: String(count) });
  const ears = fork(fileURLToPath(new URL("listening.ts", import.meta.url)), { execArgv: ["--import", "tsx"] });
  const order = async (what: Order) => {
    ears.send(what);
    return ((await once(ears, "message")) as [Told])[0];
  };
  try {
    return await measure(served, count, order);
  } finally {
    ears.disconnect();
    await served.end();
    rmSync(folder, { recursive: true });
  }
}

async function measure(served: Built, count: number, order: (what: Order) => Promise<Told>): Promise<ListenerFigures> {
  await say(served, "Before anyone listens.");
  const alone = served.rss()!;
  const before = filesOf(served.pid);
  const path = `/api/v1/live?url=${encodeURIComponent(PAGE)}&after=1`;
  const port = Number(new URL(served.url).port);
  const opened = await order({ kind: "open", port, path, origin: ORIGIN, count, addresses: ADDRESSES });
  if (opened.kind === "opened" && opened.refused > 0) throw new Error(`${opened.refused} streams were refused`);
  const listening = served.rss()!;
  const open = filesOf(served.pid);
  const idleCpu = await idle(served);
  const p50: number[] = [];
  const last: number[] = [];
  for (let n = 0; n < EVENTS; n++) {
    // Apart, as comments come: what comes within the pace of one page is told together.
    await pass(1_000);
    const mark = `event-${n}-of-the-bench`;
    const heard = order({ kind: "await", mark });
    const began = performance.timeOrigin + performance.now();
    await say(served, `A comment that ${count} people see at once: ${mark}`);
    const told = await heard;
    const times = (told as Told & { kind: "heard" }).times.map((time) => time - began);
    p50.push(percentile(times, 0.5));
    last.push(Math.max(...times));
  }
  const after = served.rss()!;
  await order({ kind: "cut", count: Math.floor(count / 2) });
  const halved = await settled(served, before + Math.ceil(count / 2) + 5);
  return {
    listeners: count,
    memory: { alone, listening, after },
    heard: { p50: median(p50), last: median(last), worst: Math.max(...last) },
    idleCpu,
    files: { before, listening: open, halved },
  };
}

async function makeSite(path: string): Promise<void> {
  const store = await openSqlite({ path });
  const settings = v.parse(Settings, { minAge: 0, floor: 0, burst: 0, holdFirst: false });
  await store.addSite(
    { name: "Blog", origins: [ORIGIN], aliases: {}, settings, createdAt: Date.now() },
    { id: "bench", at: Date.now(), by: "bench", action: "site" },
  );
  await store.close();
}

async function say({ url }: Built, body: string): Promise<void> {
  const token = issueFormToken({ keys: deriveKeys(SECRET), now: Date.now, randomBytes }, 1);
  const comment = { url: PAGE, body, name: "Ada", email: "ada@reader.example", parent: null, website: "", title: "A post", token };
  const headers = { origin: ORIGIN, "content-type": "application/json", "idempotency-key": randomBytes(9).toString("hex") };
  const answer = await fetch(`${url}/api/v1/comments`, { method: "POST", headers, body: JSON.stringify(comment) });
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
}

/** Processor time of five seconds in which nothing but signs of life is sent. */
async function idle(served: Built): Promise<number> {
  const [from, began] = [served.cpu()!, performance.now()];
  await pass(5_000);
  return (served.cpu()! - from) / ((performance.now() - began) * 1_000);
}

/** Time itself is what is measured here. */
const pass = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds);
  });

const filesOf = (pid: number) => readdirSync(`/proc/${pid}/fd`).length;

async function settled({ pid }: Built, most: number): Promise<number> {
  for (;;) {
    const files = filesOf(pid);
    if (files <= most) return files;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export function listenersTable(found: readonly ListenerFigures[]): string[] {
  const inMb = (bytes: number) => (bytes / MB).toFixed(0);
  const rows = found.map(({ listeners, memory, heard, idleCpu, files }) => {
    const kb = ((memory.listening - memory.alone) / listeners / 1024).toFixed(1);
    const open = `${files.before}, ${files.listening}, ${files.halved}`;
    const when = [heard.p50, heard.last, heard.worst].map((time) => time.toFixed(0));
    const held = [memory.alone, memory.listening, memory.after].map(inMb);
    return [listeners, ...held, kb, ...when, `${(100 * idleCpu).toFixed(1)} %`, open];
  });
  return [table(HEAD, rows)];
}

const HEAD = [
  "Listeners",
  "memory alone MB",
  "listening MB",
  "after events MB",
  "kB a listener",
  "median hears ms",
  "last hears ms",
  "worst ms",
  "idle CPU",
  "files: before, open, after half were cut",
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { count: { type: "string", default: "1000" } } });
  process.stdout.write(`${listenersTable([await measureListeners(Number(values.count))]).join("\n")}\n`);
}
