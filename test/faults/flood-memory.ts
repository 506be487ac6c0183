/** S-49, S-46: a million addresses, each seen once. Run as a process of its own: `flood-memory.ts COUNT` prints bytes. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { subscriberOf } from "../../server/comments/address.ts";
import { floodControl } from "../../server/comments/flood.ts";
import { bars, mb, type Outcome } from "./fault.ts";

const here = fileURLToPath(import.meta.url);
const LIMITS = { floor: 15, burst: 5, perHour: 20 };

export function rememberAddresses(count: number): Outcome {
  const { wrong, must } = bars();
  const child = spawnSync(process.execPath, ["--expose-gc", "--import", "tsx", here, String(count)], { encoding: "utf8" });
  const [grown = Number.NaN, resident = Number.NaN] = child.stdout.split(" ").map(Number);
  must(child.status === 0 && resident < 100 * 1_048_576, `${count} addresses cost ${mb(resident)} ${child.stderr}`);
  return {
    wrong,
    seen: `${count} addresses and as many e-mails, each once: the process is larger by ${mb(resident)} (at most 100), of which ${mb(grown)} are in use; 10,000 of one IPv6 /64 are one`,
  };
}

if (process.argv[1] === here) {
  const count = Number(process.argv[2]);
  const flood = floodControl(Date.now);
  const collect = (globalThis as unknown as { gc(): void }).gc;
  collect();
  const before = process.memoryUsage();
  for (let n = 0; n < count; n++) {
    const address = subscriberOf(`2001:db8:${(n >>> 16).toString(16)}:${(n & 0xffff).toString(16)}::1`);
    flood.visit(address);
    flood.take({ site: 1, address, email: `reader ${n}` }, LIMITS as Parameters<typeof flood.take>[1]);
  }
  // What is held, without what only waits to be collected.
  collect();
  const after = process.memoryUsage();
  process.stdout.write(`${after.heapUsed - before.heapUsed} ${after.rss - before.rss}`);
  // Asked after measuring, so that what it remembers is still in use then.
  let waits = 0;
  for (let n = 0; n < 10_000; n++) waits += Number(flood.visit(subscriberOf(`2001:db8:ffff:ffff::${n.toString(16)}`)) > 0);
  if (waits < 9_000) throw new Error(`one /64 was let in ${10_000 - waits} times`);
}
