import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface CuttingProxy {
  /** The database's address through the proxy. */
  url: string;
  /** The next connection that sends what contains this breaks once the database has answered it; the answer is lost. */
  loseAnswerTo(text: string): void;
  close(): Promise<void>;
}

/** Stands between a store and its database and takes away what a bad network would. */
export async function cuttingProxy(url: string): Promise<CuttingProxy> {
  const target = new URL(url);
  let fatal: string | null = null;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    let doomed = false;
    far.on("data", (chunk) => {
      if (doomed) near.destroy();
      else near.write(chunk);
    });
    near.on("data", (chunk) => {
      if (fatal !== null && chunk.includes(fatal)) {
        doomed = true;
        fatal = null;
      }
      far.write(chunk);
    });
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
  const through = new URL(url);
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.href,
    loseAnswerTo: (text) => void (fatal = text),
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
