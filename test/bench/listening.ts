/** Thousands of open streams, in a process of its own: started by listeners.ts. Plain sockets, so that it costs little beside the server. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export type Order =
  | { kind: "open"; port: number; path: string; origin: string; count: number; addresses: number }
  /** Resolves once every open stream has had an event with this mark. */
  | { kind: "await"; mark: string }
  /** Cuts off so many, without a word. */
  | { kind: "cut"; count: number };
export type Told =
  | { kind: "opened"; refused: number }
  /** For each stream, when the mark came: milliseconds since 1970, with fractions. */
  | { kind: "heard"; times: number[] }
  | { kind: "cut" };

/** Sockets that are opened at a time. */
const AT_ONCE = 100;

const open = new Set<Socket>();
/** What is waited for, and when it came to whom. */
let mark = "";
let heard = new Map<Socket, number>();
let tell: (() => void) | null = null;

const now = () => performance.timeOrigin + performance.now();

async function openOne(order: Order & { kind: "open" }, n: number): Promise<boolean> {
  const localAddress = `127.0.0.${2 + (n % order.addresses)}`;
  const socket = connect({ port: order.port, host: "127.0.0.1", localAddress });
  socket.setEncoding("latin1");
  socket.on("error", () => socket.destroy());
  await once(socket, "connect");
  socket.write(`GET ${order.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: ${order.origin}\r\nAccept: text/event-stream\r\n\r\n`);
  const [head] = (await once(socket, "data")) as [string];
  if (!head.startsWith("HTTP/1.1 200")) {
    socket.destroy();
    return false;
  }
  open.add(socket);
  socket.on("data", (text: string) => {
    if (mark === "" || heard.has(socket) || !text.includes(mark)) return;
    heard.set(socket, now());
    if (heard.size >= open.size) tell?.();
  });
  socket.on("close", () => open.delete(socket));
  return true;
}

async function obey(order: Order): Promise<Told> {
  if (order.kind === "open") {
    let next = 0;
    let refused = 0;
    const opener = async () => {
      for (let n = next++; n < order.count; n = next++) if (!(await openOne(order, n))) refused++;
    };
    await Promise.all(Array.from({ length: AT_ONCE }, opener));
    return { kind: "opened", refused };
  }
  if (order.kind === "cut") {
    for (const socket of [...open].slice(0, order.count)) socket.resetAndDestroy();
    return { kind: "cut" };
  }
  ({ mark } = order);
  heard = new Map();
  await new Promise<void>((resolve) => (tell = resolve));
  return { kind: "heard", times: [...heard.values()] };
}

process.once("disconnect", () => process.exit());
process.on("message", (order: Order) => void obey(order).then((told) => process.send!(told)));
