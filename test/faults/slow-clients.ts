/** R-11, S-40, R-24: people who send or read at a drip, and more connections than the server can have. */
import { connect, type Socket } from "node:net";
import { type Blog, commentOf, ORIGIN, pageOf, post, statusOf } from "./blog.ts";
import { bars, mb, ms, type Outcome, quantile } from "./fault.ts";
import { memory, type Options, type Started, startServer } from "./process.ts";
import { stock } from "./stock.ts";

const open = (server: Started): Socket => {
  const { hostname, port } = new URL(server.url);
  return connect({ port: Number(port), host: hostname }).on("error", () => {});
};
const closed = (socket: Socket) => new Promise<void>((resolve) => void (socket.closed ? resolve() : socket.once("close", () => resolve())));
const THREAD = `/api/v1/thread?url=${encodeURIComponent(pageOf(0))}`;

/** Half a request each, and then nothing: a head that does not end, a body that does not come. */
const HALVES = [
  "GET / HTTP/1.1\r\nhost: x\r\nx-a: ",
  `POST /api/v1/comments HTTP/1.1\r\nhost: x\r\norigin: ${ORIGIN}\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n\r\n{"url":`,
];

/** Connections that begin a request and never end it. Others are served meanwhile, and each is cut off by its deadline. */
export async function slowloris(blog: Blog, connections: number): Promise<Outcome & { p99: number; p99Before: number }> {
  const { wrong, must } = bars();
  const server = await startServer(blog);
  const p99Of = async (reads: number) => {
    const took: number[] = [];
    for (let i = 0; i < reads; i++) {
      const began = performance.now();
      must((await statusOf(server.url + THREAD)) === 200, "a reader was not answered");
      took.push(performance.now() - began);
    }
    return quantile(took, 0.99);
  };
  // The first ones find nothing prepared.
  await p99Of(300);
  const p99Before = await p99Of(500);
  const before = memory(server.pid);
  const sockets = Array.from({ length: connections }, () => open(server).resume());
  sockets.forEach((socket, i) => socket.write(HALVES[i % 2]!));
  // The server takes on one connection in a turn: the last of them is there before these are answered.
  await post(server.url, commentOf(blog, 0, null), "meanwhile");
  const p99 = await p99Of(500);
  const grown = memory(server.pid) - before;
  const began = performance.now();
  let [heads, all] = [0, 0];
  const cut = sockets.map(async (socket, i) => {
    await closed(socket);
    all = performance.now() - began;
    if (i % 2 === 0) heads = all;
  });
  await Promise.all(cut);
  server.kill("SIGTERM");
  must((await server.ended).code === 0, "it did not end well");
  return {
    wrong,
    p99,
    p99Before,
    seen: `${connections} connections that never end their request: +${mb(grown)}, others served meanwhile with a p99 of ${ms(p99)} (${ms(p99Before)} before); heads cut off within ${Math.round(heads / 1_000)} s, bodies within ${Math.round(all / 1_000)} s`,
  };
}

/** Readers who ask for a large thread and take nothing of it. What waits for them is one buffer for all. */
export async function slowReaders(blog: Blog, readers: number): Promise<Outcome> {
  const { wrong, must } = bars();
  // 200 comments of 9,900 letters that do not compress: the largest answer there can be, some 2 MB.
  await stock(blog, 200, { textOf: longText });
  const server = await startServer(blog);
  const bytes = Buffer.byteLength(await (await fetch(server.url + THREAD)).text());
  await fetch(server.url + THREAD);
  const before = memory(server.pid);
  const sockets = Array.from({ length: readers }, () => open(server));
  for (const socket of sockets) socket.write(`GET ${THREAD} HTTP/1.1\r\nhost: x\r\n\r\n`);
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once("readable", resolve).once("close", resolve))));
  await post(server.url, commentOf(blog, 1_000, null), "meanwhile");
  const grown = memory(server.pid) - before;
  must(
    sockets.every((socket) => !socket.closed),
    "a reader was cut off at once",
  );
  must(grown < 100 * 1_048_576, `${readers} readers who take nothing of ${mb(bytes)} cost ${mb(grown)}`);
  for (const socket of sockets) socket.destroy();
  server.kill("SIGTERM");
  must((await server.ended).code === 0, "it did not end well");
  return { wrong, seen: `${readers} readers who take nothing of ${mb(bytes)}: +${mb(grown)} (at most 100), a comment stored meanwhile` };
}

function longText(n: number): string {
  let text = "";
  for (let i = 0; text.length < 9_880; i++)
    text += `${Math.sin(n * 1_000 + i)
      .toString(36)
      .slice(3)} `;
  return text;
}

/** More connections than the process may have descriptors: the rest is turned away, and nothing falls over. */
export async function fewDescriptors(blog: Blog, limits: Options["limits"] = "-n 256"): Promise<Outcome> {
  const { wrong, must } = bars();
  const server = await startServer({ ...blog, limits });
  const first = await post(server.url, commentOf(blog, 0, null), "first");
  const sockets = Array.from({ length: 400 }, () => open(server).resume());
  let turnedAway = 0;
  const away = new Promise<void>((resolve) => {
    for (const socket of sockets) socket.once("close", () => (turnedAway++, resolve()));
  });
  await away;
  const atOnce = turnedAway;
  for (const socket of sockets) socket.destroy();
  await Promise.all(sockets.map(closed));
  for (;;) if ((await statusOf(server.url + THREAD).catch(() => 0)) === 200) break;
  const second = await post(server.url, commentOf(blog, 3, null), "second");
  must(first !== second, "the second comment is not there");
  server.kill("SIGTERM");
  const { code } = await server.ended;
  must(code === 0, `it ended with ${code}`);
  return {
    wrong,
    seen: `400 connections with 256 descriptors: the first ${atOnce} turned away before any left, reads and writes again when they left`,
  };
}
