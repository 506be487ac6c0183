import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface RoundRobin {
  url: string;
  close(): Promise<void>;
}

/** Leads each connection to the next of the servers that are there, as a balancer in front of them does. */
export async function roundRobin(servers: () => readonly string[]): Promise<RoundRobin> {
  const sockets = new Set<Socket>();
  let turn = 0;
  const proxy = createServer((near) => {
    const all = servers();
    const target = new URL(all[turn++ % all.length]!);
    const far = connect(Number(target.port), target.hostname);
    near.pipe(far).pipe(near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      // One that was killed just now: its client comes again and is led elsewhere.
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    async close() {
      proxy.close();
      for (const socket of sockets) socket.destroy();
      await once(proxy, "close");
    },
  };
}
