/** People who have a page open, each over a socket of its own and cheap enough to have ten thousand of them. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { LiveEvent } from "../../server/wire/live.ts";
import { numberIn, ORIGIN } from "./blog.ts";

export interface Ear {
  /** The page's version that it has. */
  version: number;
  /** How often it was told of each comment, by the number in its text; what it had seen already left out. */
  told: Map<number, number>;
  /** When it was last told of something, by performance.now(). */
  at: number;
  /** What it must not be told, in words. */
  wrong: string[];
  /** After how many milliseconds the server asked it to come again. */
  retry: number;
  socket: Socket;
  /** Resolves when the stream is over, to whether the server ended it as HTTP ends an answer. */
  over: Promise<boolean>;
}

/** Sockets that are opened at a time, and addresses that they come from: one has at most 65,535 ports. */
const AT_ONCE = 100;
const ADDRESSES = 8;

/** Settings that let so many in. */
export const roomFor = (count: number) => ({ LIVE_STREAMS: String(count + 100), LIVE_STREAMS_PER_ADDRESS: String(count + 100) });

/** Opens so many streams of a page. */
export async function openEars(url: string, page: string, count: number): Promise<Ear[]> {
  const ears: Ear[] = [];
  let next = 0;
  const opener = async () => {
    for (let n = next++; n < count; n = next++) ears.push(await openEar(url, page, n));
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, opener));
  return ears;
}

async function openEar(url: string, page: string, n: number): Promise<Ear> {
  const ear = { version: 0, told: new Map(), at: 0, wrong: [], retry: Number.NaN } as Partial<Ear> as Ear;
  await attend(ear, url, page, n);
  return ear;
}

/** Opens the stream, again from where it left off; resolves when the server has begun to answer. */
export async function attend(ear: Ear, url: string, page: string, n: number): Promise<void> {
  const { port, hostname: host } = new URL(url);
  const socket = connect({ port: Number(port), host, localAddress: `127.0.0.${2 + (n % ADDRESSES)}` });
  let [rest, ended] = ["", false];
  socket.setEncoding("utf8").on("data", (text: string) => {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() as string;
    for (const block of blocks) hear(ear, block);
    ended ||= rest.endsWith("\r\n0\r\n\r\n");
  });
  ear.socket = socket;
  ear.over = new Promise((resolve) => void socket.on("error", () => undefined).once("close", () => resolve(ended)));
  await once(socket, "connect");
  const path = `/api/v1/live?url=${encodeURIComponent(page)}`;
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${ORIGIN}\r\nLast-Event-ID: ${ear.version}\r\n\r\n`);
  const [head] = (await once(socket, "data")) as [string];
  if (!head.startsWith("HTTP/1.1 200")) throw new Error(`A stream was refused: ${head.slice(0, 200)}`);
}

/** What stands between two empty lines; the lines of HTTP's framing mean nothing here. */
function hear(ear: Ear, block: string): void {
  const [, retry] = /^retry: (\d+)$/m.exec(block) ?? [];
  if (retry !== undefined) ear.retry = Number(retry);
  const [, data] = /^data: (.*)$/m.exec(block) ?? [];
  if (data === undefined) return;
  const { page, since, comments, reload } = JSON.parse(data) as LiveEvent;
  if (page.version <= ear.version) return;
  if (since > ear.version) ear.wrong.push(`told of what came after ${since}, having ${ear.version}`);
  if (reload) ear.wrong.push("told to read anew");
  for (const { version, body } of comments) {
    if (version <= ear.version) continue;
    const n = numberIn(JSON.stringify(body));
    ear.told.set(n, (ear.told.get(n) ?? 0) + 1);
  }
  ear.version = page.version;
  ear.at = performance.now();
}

/** Waits until each has been told of it. */
export async function allHear(ears: readonly Ear[], n: number): Promise<void> {
  for (const ear of ears) while (!ear.told.has(n)) await new Promise((resolve) => setImmediate(resolve));
}

/** What was told twice, or wrongly. */
export function complaints(ears: readonly Ear[]): string[] {
  const twice = ears.filter(({ told }) => [...told.values()].some((times) => times !== 1)).length;
  return [...ears.flatMap(({ wrong }) => wrong), ...(twice > 0 ? [`${twice} were told of something twice`] : [])];
}
