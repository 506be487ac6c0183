/** The server's connections: who may have how many, for how long, and how they end. */
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { addressMatcher, subscriberOf, unmapped } from "./comments/address.ts";
import { type Config, isLoopback } from "./config.ts";
import { headCount } from "./head-count.ts";

/**
 * For node:http, in milliseconds. Who takes longer to send a request is cut off, as is a connection on which nothing
 * moves (a reader who takes no more; live streams have a heartbeat within it).
 */
export const DEADLINES = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 1_000, idle: 60_000 };

/** Connections that wait to be accepted: of a crowd that comes at once none is put off by the kernel for a second (Linux allows 4,096). */
const BACKLOG = 4_096;

export const listen = (server: Server, { port, host }: Pick<Config, "port" | "host">) =>
  new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off("error", reject);
      resolve();
    });
  });

/** In-flight requests get this long. */
const GRACE_MS = 10_000;

/** Finishes what is under way, then ends every connection. */
export const closeServer = (server: Server) =>
  new Promise<void>((resolve) => {
    const deadline = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    server.close(() => {
      clearTimeout(deadline);
      resolve();
    });
    // Connections that are kept alive become idle one after the other, as what is under way on them is answered.
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    server.once("close", () => clearInterval(idle));
    server.closeIdleConnections();
  });

/** Open connections of one IPv4 address or IPv6 /64. A browser opens six. */
const PER_ADDRESS = 200;

/** How many connections an address may have: no limit for our own proxies, nor where only this machine can connect. */
export function connectionLimit({ host, trustedProxies }: Pick<Config, "host" | "trustedProxies">): (address: string) => number {
  const isTrusted = addressMatcher(trustedProxies);
  return (address) => (isLoopback(host) || isTrusted(address) ? Number.POSITIVE_INFINITY : PER_ADDRESS);
}

/** Closes connections beyond the limit as they are opened. */
export function limitConnections(server: Server, limitOf: (address: string) => number): void {
  const open = headCount();
  server.on("connection", (socket: Socket) => {
    if (socket.remoteAddress === undefined) return;
    const address = unmapped(socket.remoteAddress);
    const sharer = subscriberOf(address);
    if (open.of(sharer) >= limitOf(address)) return void socket.destroy();
    open.add(sharer);
    socket.once("close", () => open.remove(sharer));
  });
}
