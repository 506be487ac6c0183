import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

export interface Relay {
  /** On 127.0.0.1. */
  port: number;
  close(): Promise<void>;
}

/** Joins each connection that comes to another: `lead` opens that one and passes bytes on. Where one end breaks or closes, so does the other. */
export async function relay(lead: (near: Socket) => Socket): Promise<Relay> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = lead(near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
