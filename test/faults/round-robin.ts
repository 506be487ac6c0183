import { connect } from "node:net";
import { relay } from "../relay.ts";

export interface RoundRobin {
  url: string;
  close(): Promise<void>;
}

/** Leads each connection to the next of the servers that are there, as a balancer in front of them does. One that was killed just now breaks it: the client comes again and is led elsewhere. */
export async function roundRobin(servers: () => readonly string[]): Promise<RoundRobin> {
  let turn = 0;
  const { port, close } = await relay((near) => {
    const all = servers();
    const target = new URL(all[turn++ % all.length]!);
    const far = connect(Number(target.port), target.hostname);
    near.pipe(far).pipe(near);
    return far;
  });
  return { url: `http://127.0.0.1:${port}`, close };
}
