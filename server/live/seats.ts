import { readFileSync } from "node:fs";
import { headCount } from "../head-count.ts";
import { Refusal } from "../refusal.ts";

export interface Seats {
  /** Takes one for a stream; returns how to give it back. Refusals `too_many` for the address, `busy` for all. */
  take(address: string): () => void;
}

/** How many streams there may be at once, in all and from one address. */
export function seats({ all, perAddress }: { all: number; perAddress: number }): Seats {
  const taken = headCount();
  return {
    take(address) {
      if (taken.of(address) >= perAddress) throw new Refusal("too_many", { retryAfter: 60 });
      if (taken.total() >= all) throw new Refusal("busy", { retryAfter: 30 });
      taken.add(address);
      let given = false;
      return () => {
        if (given) return;
        given = true;
        taken.remove(address);
      };
    },
  };
}

/** Of the files and sockets that this process may have open, what streams may take: the rest is for requests and the store. Node raises the limit itself as far as it may. */
export function socketsForStreams(limits = readLimits()): number {
  const [, soft = "unlimited"] = /^Max open files\s+(\w+)/m.exec(limits) ?? [];
  return soft === "unlimited" ? Number.POSITIVE_INFINITY : Math.floor(Number(soft) * 0.8);
}

/** Linux tells them; elsewhere the setting alone holds. */
function readLimits(): string {
  try {
    return readFileSync("/proc/self/limits", "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
